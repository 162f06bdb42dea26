"""Fixtures of the register's tests: permits, and a town of two that has been taken over."""

from collections.abc import Callable
from pathlib import Path

import pytest

import town
from daicho.access import clock
from daicho.access.permits import Permit, permit
from daicho.register import importing
from daicho.register.importing import Outcome, staging
from people import Cast

Faults = set[tuple[int, str]]
Import = Callable[..., tuple[Outcome, Faults]]


@pytest.fixture
def allowed(cast: Cast) -> Permit:
    return permit(cast.system_operator.acting(), "data.migration", clock.today())


@pytest.fixture
def take_over(allowed: Permit) -> Import:
    """Import a file; gives the outcome and (line, code) of every refusal."""

    def run(file: Path, *, trial: bool = False) -> tuple[Outcome, Faults]:
        faults: Faults = set()
        outcome = importing.run(
            allowed,
            file,
            ward=town.WARD,
            trial=trial,
            keep_refusals=lambda _: faults.update((n, code) for n, code, _ in staging.faults()),
        )
        return outcome, faults

    return run

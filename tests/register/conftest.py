"""Fixtures of the register's tests: permits, what takes a town over, and a clerk with a family.

A module whose clerk does something else, or whose day is another, has fixtures of its own.
"""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import town
from daicho.access import clock
from daicho.access.permits import Permit, permit
from daicho.register import importing
from daicho.register.importing import Outcome, staging
from people import Cast
from register.counter import TODAY, Clerk, Family, family_here, on_day

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
            keep_refusals=lambda _: faults.update(one[:2] for one in staging.faults()),
        )
        return outcome, faults

    return run


@pytest.fixture
def clerk(cast: Cast) -> Iterator[Clerk]:
    """A clerk who enters changes ex officio, on the day of the tests."""
    with on_day(TODAY):
        yield Clerk(permit(cast.clerk.acting(), "change.ex_officio", clock.today()))


@pytest.fixture
def family(three_live_here: None, clerk: Clerk) -> Family:
    """花子, 太郎 and 次郎, before that clerk."""
    return family_here()

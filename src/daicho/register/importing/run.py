"""移行の取込み: a whole register through one door, set-based, judged by the same rules.

The file is read once as a stream, judged by processes beside this one, and staged; what only all
lines together can tell is asked of the database; then everything that is accepted is appended in
the same transaction, or, on a trial, nothing is. A line that is refused refuses its person whole,
and a refused resident the household.
"""

import os
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from django.db import transaction

from daicho.access.filing import gate
from daicho.access.permits import Permit, demand_work, look
from daicho.law.safety.acquiring import IMPORTED
from daicho.register import locks, numbering
from daicho.register.importing import appending, households, staging
from daicho.register.reading import csv_file, workers
from daicho.register.reading.judging import FICTITIOUS, SEED_BYTES, Alert, Order
from daicho.register.search import keeping as search_keys
from daicho.vault import numbers

SEALED_AT_ONCE = 10_000
NUMBER_FILE = "resident_register"
"""特定個人情報ファイル: whose numbers are taken over: a row of law/tables/number_files.toml."""
__all__ = ["FICTITIOUS", "Outcome", "Progress", "run"]

Progress = Callable[[str, int], None]


@dataclass(frozen=True)
class Outcome:
    """移行の結果: counts of lines, refusals by code, alerts by code and item; `fictitious` tells
    that every line is marked 架空."""

    lines: int
    accepted: int
    unchanged: int
    refused: Mapping[str, int]
    refused_lines: int
    alerts: Mapping[Alert, int]
    fictitious: bool


class _Trial(Exception):
    """Carries the outcome out of a transaction that must leave nothing."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__()
        self.outcome = outcome


def run(
    permit: Permit,
    file: Path,
    *,
    ward: str,
    trial: bool,
    keep_refusals: Callable[[Outcome], None],
    progress: Progress = lambda _what, _lines: None,
) -> Outcome:
    """Import `file` under `permit`; raises csv_file.FileTrouble where it is no register.

    `keep_refusals` is called inside the transaction, while `staging.faults` can still be read;
    what it writes elsewhere is the report, made on a trial too.
    """
    demand_work(permit, "migration", "migration_import", "demo")
    with gate.trailed(permit), transaction.atomic(durable=True):
        try:
            with transaction.atomic():
                return _run(permit, file, ward, trial, keep_refusals, progress)
        except _Trial as done:
            outcome = done.outcome
            _trail(permit, outcome, trial=True)
            return outcome


def _run(
    permit: Permit,
    file: Path,
    ward: str,
    trial: bool,
    keep_refusals: Callable[[Outcome], None],
    progress: Progress,
) -> Outcome:
    locks.take_whole_register()
    staging.create()
    reading = _Reading()
    reading.read(permit, file, ward, progress)
    progress("突合", reading.lines)
    reading.alerts.update(staging.check(permit.on))
    staging.check_numbers(permit, SEALED_AT_ONCE)
    reading.alerts.update(households.check())
    staging.spread(permit.on)
    accepted, unchanged = staging.counts()
    refused = Counter(one.code for one in staging.faults())
    outcome = Outcome(
        lines=reading.lines,
        accepted=accepted,
        unchanged=unchanged,
        refused=refused,
        refused_lines=reading.lines - accepted - unchanged,
        alerts=reading.alerts,
        fictitious=reading.fictitious,
    )
    keep_refusals(outcome)
    if trial:
        raise _Trial(outcome)
    progress("記録", accepted)
    appending.append(permit)
    search_keys.take_staged()
    search_keys.catch_up()
    numbering.go_beyond()
    for place, piece in enumerate(staging.sealed(SEALED_AT_ONCE)):
        if not place:
            gate.may_make(permit, NUMBER_FILE, accepted)
        numbers.put_sealed(permit, piece, IMPORTED)
    _trail(permit, outcome, trial=False)
    return outcome


def _trail(permit: Permit, outcome: Outcome, *, trial: bool) -> None:
    detail = {
        "rows": outcome.lines,
        "accepted": outcome.accepted,
        "unchanged": outcome.unchanged,
        "refused": outcome.refused_lines,
        "trial": int(trial),
    }
    look(permit, "import", "register.importing", detail=detail)


class _Reading:
    """The reading of one file: stages what is judged, and keeps the counts."""

    def __init__(self) -> None:
        self.lines = 0
        self.alerts: Counter[Alert] = Counter()
        self.fictitious = True

    def read(self, permit: Permit, file: Path, ward: str, progress: Progress) -> None:
        stage = staging.Stage()
        with csv_file.opened(file) as lines:
            seed = os.urandom(SEED_BYTES)
            order = Order(ward=ward, on=permit.on, header=lines.header, seed=seed)
            for judged in workers.judge(order, lines.blocks(), workers.count_for(file)):
                stage.add(judged)
                self.lines += judged.lines
                self.alerts.update(judged.alerts)
                self.fictitious &= judged.fictitious
                progress("読取り", self.lines)

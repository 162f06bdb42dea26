"""移行の取込み: a whole register through one door, set-based, judged by the same rules.

The file is read once as a stream and staged; what only all lines together can tell is asked of the
database; then everything that is accepted is appended in the same transaction, or, on a trial,
nothing is. A line that is refused refuses its person whole, and a refused resident the household.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID, uuid4

from django.db import transaction

from daicho.access.permits import Permit, look
from daicho.register import layout
from daicho.register.importing import appending, csv_file, households, staging
from daicho.register.importing.rows import HistoryRow, RowReader
from daicho.vault import numbers

SEALED_AT_ONCE = 10_000
TOLD_EVERY = 20_000
FICTITIOUS = "架空"  # the remark on every line of a made-up town

_PLACES = {column.name: place for place, column in enumerate(layout.COLUMNS)}
_ADDRESS_NUMBER, _REMARK = _PLACES["address_number"], _PLACES["remark"]
_HOUSEHOLD, _STATE = _PLACES["household_number"], _PLACES["state"]
_LIVING = ("", "living")

Progress = Callable[[str, int], None]


@dataclass(frozen=True)
class Outcome:
    """移行の結果: counts of lines, refusals and alerts by finding code; `fictitious` tells that
    every line is marked 架空."""

    lines: int
    accepted: int
    unchanged: int
    refused: Mapping[str, int]
    refused_lines: int
    alerts: Mapping[str, int]
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
    with transaction.atomic(durable=True):
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
    staging.create()
    stage = _Stage(permit, ward)
    stage.read(file, progress)
    progress("突合", stage.lines)
    if gaps := staging.check():
        stage.alerts["import.history_no_gap"] += gaps
    faults = staging.Faults()
    stage.alerts.update(households.check(faults))
    faults.send()
    staging.spread()
    accepted, unchanged = staging.counts()
    refused = Counter(code for _, code, _ in staging.faults())
    outcome = Outcome(
        lines=stage.lines,
        accepted=accepted,
        unchanged=unchanged,
        refused=refused,
        refused_lines=stage.lines - accepted - unchanged,
        alerts=stage.alerts,
        fictitious=stage.fictitious,
    )
    keep_refusals(outcome)
    if trial:
        raise _Trial(outcome)
    progress("記録", accepted)
    appending.append(permit)
    for piece in staging.sealed(SEALED_AT_ONCE):
        numbers.put_sealed(permit, piece)
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


class _Stage:
    """The reading of one file: judges lines, stages them, and keeps the counts."""

    def __init__(self, permit: Permit, ward: str) -> None:
        self._reader = RowReader(ward, permit.on)
        self._person = ("", UUID(int=0))
        self.lines = 0
        self.alerts: Counter[str] = Counter()
        self.fictitious = True

    def read(self, file: Path, progress: Progress) -> None:
        faults = staging.Faults()
        with staging.Copying() as copying:
            for line in csv_file.read(file):
                self.lines += 1
                if self.lines % TOLD_EVERY == 0:
                    progress("読取り", self.lines)
                read = self._reader.read(line, self._record_id(line.cells[_ADDRESS_NUMBER]))
                self.fictitious &= line.cells[_REMARK] == FICTITIOUS
                if isinstance(read, HistoryRow):
                    copying.add(read, _sealed(read))
                    self.alerts.update(alert.code for alert in read.alerts)
                    continue
                household = line.cells[_HOUSEHOLD] if line.cells[_STATE] in _LIVING else ""
                for one in read:
                    number = line.cells[_ADDRESS_NUMBER]
                    faults.add(line.number, one.code, one.column, number, household)
        faults.send()

    def _record_id(self, address_number: str) -> UUID:
        # The lines of one person stand together, so remembering the last one is enough.
        if address_number != self._person[0]:
            self._person = (address_number, uuid4())
        return self._person[1]


def _sealed(row: HistoryRow) -> numbers.Sealed | None:
    number = row.individual_number
    return numbers.seal(row.record.record_id, number) if number else None

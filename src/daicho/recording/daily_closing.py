"""日次の消除: the closings of those whose planned day of moving out has come."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID, uuid5

from daicho.access.permits import Permit, system_permit
from daicho.access.refusals import Refused
from daicho.law.rule import Finding
from daicho.recording.door import record
from daicho.recording.statement import Statement
from daicho.register import due
from daicho.terms.changes import MovedOutClosed
from daicho.terms.changes.effects import What
from daicho.terms.changes.recorded import Recorded

# The namespace of the request ids of daily closings: one a person, its version and its day.
_CLOSING = UUID("5b3f2f64-8a53-4d0c-9a55-7b0b6a1c0d11")


@dataclass(frozen=True)
class ClosedDue:
    """日次の消除の結果: persons closed, and the codes of what refused a household's closing."""

    person_count: int
    refused: tuple[tuple[Finding, ...], ...]


def close_due(permit: Permit, on: date) -> ClosedDue:
    """転出予定日の到来による消除: all whose day has come by `on`, also of days that were missed.

    A household is closed in a transaction of its own, on the day that was planned; one that is
    refused stays as it is and is named in the result. To run it again closes nobody twice.
    """
    person_count = 0
    refused: dict[tuple[str, date], tuple[Finding, ...]] = {}
    while True:
        done: set[str] = set()
        for one in due.moving_out(permit, on):
            # who closes first makes a new row for who stays: the rest of a household comes next
            if one.household_number in done or (one.household_number, one.planned_on) in refused:
                continue
            done.add(one.household_number)
            try:
                recorded = _close(permit, one)
            except Refused as wrong:
                refused[one.household_number, one.planned_on] = wrong.findings
            else:
                person_count += sum(it.effect.what is What.CLOSES for it in recorded.touched)
        if not done:
            return ClosedDue(person_count, tuple(refused.values()))


def _close(permit: Permit, one: due.Due) -> Recorded:
    name = " ".join(f"{record_id}/{no}" for record_id, no in sorted(one.expected.items()))
    statement = Statement(
        change=MovedOutClosed(record_ids=tuple(one.expected)),
        occurred_on=one.planned_on.isoformat(),
        received_on=None,
        basis="ex_officio",
        expected=one.expected,
    )
    request_id = uuid5(_CLOSING, f"{one.planned_on} {name}")
    return record(system_permit(permit.job, permit.on, request_id), statement)

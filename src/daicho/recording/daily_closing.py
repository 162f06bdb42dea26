"""日次の消除: the closings of those whose planned day of moving out has come."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID, uuid4

import structlog

from daicho.access.permits import Permit, demand_work, system_permit
from daicho.access.refusals import Refused
from daicho.access.trailing import failing
from daicho.law.rule import Finding
from daicho.recording.door import preview, record
from daicho.recording.statement import Statement
from daicho.register import due
from daicho.terms.changes import MovedOutClosed
from daicho.terms.changes.effects import What
from daicho.terms.changes.recorded import Recorded

log = structlog.stdlib.get_logger("daicho.recording")

LOCK_NOT_AVAILABLE = "55P03"  # of PostgreSQL: lock_timeout has passed


@dataclass(frozen=True)
class ClosedDue:
    """日次の消除の結果: persons closed, and the codes of what refused a household's closing.

    `failed_count` households met an error that nobody expected; the log holds its kind. `waits`:
    somebody holds the register (an import), and whoever is left must be tried again soon.
    """

    person_count: int
    refused: tuple[tuple[Finding, ...], ...]
    failed_count: int = 0
    waits: bool = False


@dataclass(frozen=True)
class NotClosed:
    """消除できなかった転出予定者: who they are and what refuses their closing now.

    `concerns` tells whom of the household each refusal is about, where it is not about all. Nothing
    refuses and `failed` is false: the next run closes them, unless `overdue.due` says that
    a closing was cancelled. `failed`: it met an error that nobody expected.
    """

    overdue: due.Overdue
    refusals: tuple[Finding, ...] = ()
    failed: bool = False
    concerns: Mapping[Finding, tuple[UUID, ...]] = field(default_factory=dict)


def not_closed(permit: Permit, on: date, most: int) -> tuple[NotClosed, ...]:
    """消除できなかった転出予定者: whose day has come by `on`, with the reason of this moment; of at
    most so many households.

    The closing of each household is tried and rolled back, as the confirmation sheet does it.
    """
    demand_work(permit, MovedOutClosed.kind)
    return tuple(_tried(permit, one) for one in due.overdue(permit, on, most))


def _tried(permit: Permit, overdue: due.Overdue) -> NotClosed:
    if overdue.due.is_stopped:
        return NotClosed(overdue)
    try:
        found = preview(permit, _closing(overdue.due))
    except Exception:  # what it was, the log of the job says too
        log.exception("closing_failed", day=overdue.due.planned_on.isoformat())
        return NotClosed(overdue, failed=True)
    refusals = tuple(one for one in found.findings if one.refuses)
    return NotClosed(overdue, refusals, concerns=found.concerns)


def close_due(permit: Permit, on: date) -> ClosedDue:
    """転出予定日の到来による消除: all whose day has come by `on`, also of days that were missed.

    A household is closed in a transaction of its own, on the day that was planned; one that is
    refused or fails stays as it is, counted in the result, and stops no other. To run it again
    closes nobody twice: who is closed is no longer due, and each closing names the 履歴番号 seen.
    Where a lock is not to be had in time, the rest is left for another run.
    """
    person_count = 0
    refused: dict[tuple[str, date], tuple[Finding, ...]] = {}
    failed: set[tuple[str, date]] = set()
    while True:
        done: set[str] = set()
        for one in due.moving_out(permit, on):
            # who closes first makes a new row for who stays: the rest of a household comes next
            which = (one.household_number, one.planned_on)
            if one.household_number in done or which in refused or which in failed:
                continue
            done.add(one.household_number)
            try:
                recorded = _close(permit, one)
            except Refused as wrong:
                refused[which] = wrong.findings
            except Exception as trouble:  # one household's trouble is not the others'
                if _is_lock_timeout(trouble):
                    log.warning("closing_waits", day=one.planned_on.isoformat())
                    return ClosedDue(person_count, tuple(refused.values()), len(failed), waits=True)
                failed.add(which)
                log.exception("closing_failed", day=one.planned_on.isoformat())
                failing.failed("recording.close_due", trouble, uuid4(), job=permit.job)
            else:
                person_count += sum(it.effect.what is What.CLOSES for it in recorded.touched)
        if not done:
            return ClosedDue(person_count, tuple(refused.values()), len(failed))


def _is_lock_timeout(trouble: Exception) -> bool:
    """Each of many households would wait as long for whoever holds the whole register."""
    return getattr(trouble.__cause__, "sqlstate", "") == LOCK_NOT_AVAILABLE


def _close(permit: Permit, one: due.Due) -> Recorded:
    # an id that nobody can guess: who used it first would keep the closing out
    return record(system_permit(permit.job, permit.on, uuid4()), _closing(one))


def _closing(one: due.Due) -> Statement:
    return Statement(
        change=MovedOutClosed(record_ids=tuple(one.expected)),
        occurred_on=one.planned_on.isoformat(),
        received_on=None,
        basis="ex_officio",
        expected=one.expected,
    )

"""廃棄の提案: the months whose period has ended are sought in what is kept, and listed."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from daicho.access import clock
from daicho.access.disposing import lists
from daicho.access.disposing.lists import WAY
from daicho.access.disposing.sources import sources
from daicho.access.disposing.steps import step, who
from daicho.access.models import DisposalLine, DisposalList
from daicho.access.people.registering import alone, refuse
from daicho.access.permits import Permit, demand_work
from daicho.law.retention import disposing, kinds
from daicho.law.retention.of_records import record_kept

JOB = "retention_proposal"
"""提案の仕事: of the machine, once a month."""
LINES_MOST = 500
"""一覧の行: so many at most, that a person may read them; what is left comes in the next list."""
SALT_BYTES = 32
_ALONE = "disposal list of records"


@dataclass(frozen=True)
class _Due:
    kind: str
    month: date
    due_on: date
    row_count: int
    digest: bytes


def propose(permit: Permit) -> int:
    """提案: make a list of what is due today; gives its number. Raises Refused where there is
    nothing, or where a list is open."""
    demand_work(permit, "retention_work")
    with step(WAY, permit, "propose", done_as="retention_proposed") as done:
        if done:
            return done
        alone(_ALONE)
        has_open = _has_open()
        waiting: set[str] = set()
        due = [] if has_open else list(_due(permit.on, waiting))
        found = disposing.may_propose(has_open, len(due), on=permit.on, of=WAY.of)
        first = [] if due else [disposing.goes_first(one, on=permit.on) for one in sorted(waiting)]
        refuse([found, *first])
        return _written(permit, who(permit).operator_id, due)


def propose_due(permit: Permit) -> int | None:
    """月次の提案: the list of the month, by the machine; None where it has made one this month,
    where a list is open, or where nothing is due."""
    demand_work(permit, JOB)
    with transaction.atomic():
        alone(_ALONE)
        newest = DisposalList.objects.filter(proposed_by=None).order_by("-id").first()
        is_made = newest is not None and _month_of(newest) == permit.on.replace(day=1)
        if is_made or _has_open():
            return None
        due = list(_due(permit.on, set()))
        return _written(permit, None, due) if due else None


def _month_of(row: DisposalList) -> date:
    return row.at.astimezone(clock.TOKYO).date().replace(day=1)


def _has_open() -> bool:
    return any(one.state in ("proposed", "approved") for one in lists.lists())


def _due(on: date, waiting: set[str]) -> Iterator[_Due]:
    """What is due, of each kind the oldest months first, up to as many lines as a list holds;
    `waiting` gets the kinds that must go before what is due."""
    lists.patiently()
    left = LINES_MOST
    for kind, source in sorted(sources().items()):
        oldest = source.oldest()
        for month in lists.months(oldest, on) if oldest else ():
            kept = record_kept(kind, month, on=on)
            if not left or not kept.is_due(on) or kept.due_on is None:
                break
            if lists.is_held(kind, month):
                if source.after and lists.waits(kind, month):
                    waiting.add(source.after)
                continue
            count, digest = lists.found_of(kind, month)
            if count:
                left -= 1
                yield _Due(kind, month, kept.due_on, count, digest)


def _written(permit: Permit, proposed_by: int | None, due: list[_Due]) -> int:
    detail = {"rows": sum(one.row_count for one in due)}
    trail_id = WAY.trail(permit, "retention_proposed", detail=detail)
    row = DisposalList.objects.create(
        proposed_by_id=proposed_by, trail_id=trail_id, salt=os.urandom(SALT_BYTES)
    )
    DisposalLine.objects.bulk_create(
        DisposalLine(
            list=row,
            kind=one.kind,
            article=kinds.kind(one.kind, permit.on).article,
            month=one.month,
            due_on=one.due_on,
            row_count=one.row_count,
            digest=one.digest,
        )
        for one in due
    )
    return row.pk

"""記載できない通知: what came for the register and stands still, and what an operator does of it.

A municipality alone has such rows. What the notice says stays sealed: whom it is about opens by the
register's own pages.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from daicho.access import clock
from daicho.access.people.registering import NotThere, refuse
from daicho.access.permits import Permit, demand_work, look
from daicho.law.network import mending
from daicho.network.mending.steps import step
from daicho.network.messages.individual_number import IndividualNumber
from daicho.network.models import RegisterNotice

FUNCTION, EVENT = "register_notices", "notice_mended"
AGAIN, SEEN = "network.record_again", "network.notice_seen_to"
PAGE_ROWS = 20
FAILURES_LEAST = 3
"""続けた失敗: what failed as often for a reason of ours is shown to people too."""
STANDS_STILL = Q(is_open=True) | Q(due_at__isnull=False, failures__gte=FAILURES_LEAST)
_OF_RESIDENT = frozenset({IndividualNumber.KIND})


@dataclass(frozen=True)
class Said:
    """法の答え: what the law says against a notice, its articles, and what is to be done."""

    code: str
    what: str
    remedy: str
    cited: str


@dataclass(frozen=True)
class Standing:
    """記載できない通知: `resident` is None where it is about nobody of the register.

    `said` is empty where nothing but failures of ours stand in its way. `due_at` is when the
    program tries it again by itself, None where it waits for somebody.
    """

    notice_id: int
    kind: str
    origin: str
    resident: UUID | None
    arrived_at: datetime
    said: tuple[Said, ...]
    failures: int
    due_at: datetime | None


def listed(permit: Permit, page: int = 1) -> tuple[tuple[Standing, ...], bool]:
    """一覧: a page of those that stand still, the newest first; are there more?"""
    demand_work(permit, FUNCTION)
    start = (page - 1) * PAGE_ROWS
    with transaction.atomic():
        rows = RegisterNotice.objects.filter(STANDS_STILL).order_by("-arrived_at", "-id")
        found = list(rows[start : start + PAGE_ROWS + 1])
        standing = tuple(map(_standing, found[:PAGE_ROWS]))
        _look(permit, "network.notices", standing)
    return standing, len(found) > PAGE_ROWS


def one(permit: Permit, notice_id: int) -> Standing | None:
    """一つの通知: None where there is none that stands still."""
    demand_work(permit, FUNCTION)
    with transaction.atomic():
        row = RegisterNotice.objects.filter(STANDS_STILL, pk=notice_id).first()
        if row is None:
            return None
        found = _standing(row)
        _look(permit, "network.notice", [found])
    return found


def count(permit: Permit) -> int:
    """件数: a count shows nobody, so it leaves no trail row."""
    demand_work(permit, FUNCTION)
    return RegisterNotice.objects.filter(STANDS_STILL).count()


def unanswered(resident: UUID, kind: str) -> tuple[Standing, ...]:
    """一人への通知: those of a kind that stand still, the newest first; who asks has trailed it."""
    rows = RegisterNotice.objects.filter(STANDS_STILL, resident=resident, kind=kind)
    return tuple(map(_standing, rows.order_by("-arrived_at", "-id")))


def record_again(permit: Permit, notice_id: int) -> None:
    """もう一度記載する: it is due at once; who records it finds what the law says by then.

    It stays in the list until it is recorded. Raises NotThere where nothing stands still.
    """
    demand_work(permit, FUNCTION)
    found = _there(notice_id)
    with step(permit, EVENT, AGAIN, _whom(found)) as is_new:
        row, now = _locked(notice_id), clock.now()
        if row is None or not is_new or _is_tried(row, now):  # somebody was quicker
            return
        row.due_at = now
        row.save(update_fields=["due_at"])
        _trail(permit, row, AGAIN, "recorded_again")


def seen_to(permit: Permit, notice_id: int) -> None:
    """確認済みにする: the row goes with all that it holds, and nothing of it is recorded.

    Raises NotThere where nothing stands still, Refused while it is being recorded.
    """
    demand_work(permit, FUNCTION)
    found = _there(notice_id)
    with step(permit, EVENT, SEEN, _whom(found)) as is_new:
        row = _locked(notice_id)
        if row is None or not is_new:
            return
        refuse([mending.may_drop_notice(_is_tried(row, clock.now()), on=permit.on)])
        _trail(permit, row, SEEN, "seen_to")
        row.delete()


def _there(notice_id: int) -> RegisterNotice:
    row = RegisterNotice.objects.filter(STANDS_STILL, pk=notice_id).first()
    if row is None:
        raise NotThere(notice_id)
    return row


def _locked(notice_id: int) -> RegisterNotice | None:
    rows = RegisterNotice.objects.select_for_update().filter(STANDS_STILL, pk=notice_id)
    return rows.first()


def _is_tried(row: RegisterNotice, now: datetime) -> bool:
    """Whoever records may have it in hand at this moment."""
    return row.due_at is not None and row.due_at <= now


def _whom(row: RegisterNotice) -> tuple[UUID, ...]:
    return (row.resident,) if row.kind in _OF_RESIDENT else ()


def _standing(row: RegisterNotice) -> Standing:
    return Standing(
        notice_id=row.pk,
        kind=row.kind,
        origin=row.origin,
        resident=next(iter(_whom(row)), None),
        arrived_at=row.arrived_at,
        said=tuple(_said(row.findings)),
        failures=row.failures,
        due_at=row.due_at,
    )


def _said(findings: Sequence[Mapping[str, str]]) -> Iterable[Said]:
    for each in findings:
        yield Said(each["code"], each["what"], each["remedy"], each["cited"])


def _look(permit: Permit, door: str, standing: Sequence[Standing]) -> None:
    whom = list(dict.fromkeys(it.resident for it in standing if it.resident is not None))
    look(permit, "look", door, record_ids=whom, detail={"rows": len(standing)})


def _trail(permit: Permit, row: RegisterNotice, door: str, what: str) -> None:
    told: dict[str, int | str] = {
        "what": what,
        "kind": row.kind,
        "peer": row.origin,
        "findings": ",".join(it.code for it in _said(row.findings)),
        "failures": row.failures,
    }
    told = {name: said for name, said in told.items() if said}
    look(permit, EVENT, door, record_ids=_whom(row), detail=told)

"""業務一覧: messages that wait for somebody to see to them, and residents whose sending is held."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from daicho.access.permits import Permit, demand, demand_work, look
from daicho.law.network import mending
from daicho.network.mending.acts import message_of
from daicho.network.mending.faulted import Faulted, fault_of
from daicho.network.mending.holds import OnHold, held_of
from daicho.network.mending.steps import of_resident
from daicho.network.messages.identification_information import IdentificationInformation
from daicho.network.models import Hold, Sent

PAGE_ROWS = 20
HOLDS_MOST = 50


@dataclass(frozen=True)
class Wrong:
    """誤りのある電文: `resident` is blank for who sees nobody, and where it is about nobody.

    `what` and `reason` are what a notice of 本人確認情報 says was done, and why: of one alone.
    """

    message_id: UUID
    kind: str
    to: str
    resident: UUID | None
    made_at: datetime
    faulted: Faulted
    way: str
    may_see_to: bool
    what: str = ""
    reason: str = ""


def errors(permit: Permit, page: int = 1) -> tuple[tuple[Wrong, ...], bool]:
    """誤りの一覧: a page of those that nobody has seen to, the newest first; are there more?"""
    demand_work(permit, "message_errors")
    start = (page - 1) * PAGE_ROWS
    with transaction.atomic():
        rows = Sent.objects.filter(is_open=True).order_by("-made_at", "-message_id")
        found = list(rows[start : start + PAGE_ROWS + 1])
        wrong = tuple(_wrong(permit, row) for row in found[:PAGE_ROWS])
        _look(permit, "network.errors", [one.resident for one in wrong])
    return wrong, len(found) > PAGE_ROWS


def error(permit: Permit, message_id: UUID) -> Wrong | None:
    """一つの誤り: None where there is none that waits."""
    demand_work(permit, "message_errors")
    with transaction.atomic():
        row = Sent.objects.filter(pk=message_id, is_open=True).first()
        if row is None:
            return None
        message = message_of(row)
        said = ("", "")
        if message.kind == IdentificationInformation.KIND and "resident" in permit.sees:
            body = IdentificationInformation.said_in(message)
            said = (body.what, body.reason)
        found = _wrong(permit, row, *said)
        _look(permit, "network.error", [found.resident])
    return found


def errors_count(permit: Permit) -> int:
    """誤りの件数: a count shows nobody, so it leaves no trail row."""
    demand_work(permit, "message_errors")
    return Sent.objects.filter(is_open=True).count()


def held(permit: Permit) -> tuple[OnHold, ...]:
    """保留中の人: the longest held first."""
    demand_work(permit, "message_holds")
    demand(permit, "resident")
    with transaction.atomic():
        rows = list(Hold.objects.order_by("held_at", "record_id")[:HOLDS_MOST])
        _look(permit, "network.held", [row.record_id for row in rows])
    return tuple(map(held_of, rows))


def _wrong(permit: Permit, row: Sent, what: str = "", reason: str = "") -> Wrong:
    faulted = fault_of(row)
    assert faulted is not None, "what stands in the work list has a fault"
    sees = bool(of_resident(row)) and "resident" in permit.sees
    stays = mending.may_see_to(faulted.code, faulted.was_taken, permit.on)
    return Wrong(
        message_id=row.message_id,
        kind=row.kind,
        to=row.to,
        resident=row.resident if sees else None,
        made_at=row.made_at,
        faulted=faulted,
        way=faulted.way(permit.on),
        may_see_to=stays is None,
        what=what,
        reason=reason,
    )


def _look(permit: Permit, door: str, residents: Sequence[UUID | None]) -> None:
    whom = list(dict.fromkeys(one for one in residents if one is not None))
    look(permit, "look", door, record_ids=whom, detail={"rows": len(residents)})

"""開示請求を受け付ける: what is asked for, by whom; its 補正, its extension, its withdrawal."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import transaction

from daicho.access.disclosure_requests.standing import standing_of, state_of
from daicho.access.disclosure_requests.steps import refusing, step, take, trail, who
from daicho.access.models import DisclosureRequest, DisclosureWaiting
from daicho.access.people.registering import alone, refuse
from daicho.access.permits import Permit, demand_work
from daicho.law.disclosure_requests import deciding, kinds
from daicho.law.receptions import numbers_in_text
from daicho.law.rule import Finding

EVENT = "disclosure_requested"
WORK = "disclosure_request"
REASON_MOST = 400
"""理由の長さ: in characters, as long as the form lets it be typed."""


@dataclass(frozen=True)
class Asked:
    """開示請求の内容: under which 受付, whose data, of which kind, and who asks."""

    reception_id: UUID
    record_id: UUID
    kind: str
    received_on: date
    capacity: str
    requester_name: str
    requester_address: str
    principal_name: str = ""
    since_on: date | None = None
    until_on: date | None = None


def ask(permit: Permit, asked: Asked) -> int:
    """受け付ける: gives the number; a repeat of its request gives the first. Raises Refused."""
    demand_work(permit, WORK)
    actor = who(permit)
    with refusing(permit, "ask", 0), transaction.atomic():
        alone(str(permit.request_id))
        alone(f"disclosure of {asked.reception_id}")
        first = DisclosureRequest.objects.filter(request_id=permit.request_id).first()
        if first is not None and first.reception_id == asked.reception_id:
            return first.pk
        under = DisclosureRequest.objects.filter(reception_id=asked.reception_id)
        days = (asked.since_on, asked.until_on)
        is_asked = first is not None or under.exists()
        refuse([kinds.one_request(is_asked, on=permit.on)])
        refuse(kinds.may_ask(asked.kind, asked.capacity, *days, on=permit.on))
        row = DisclosureRequest.objects.create(
            request_id=permit.request_id,
            taken_by_id=actor.operator_id,
            office=actor.office,
            ward=actor.ward,
            **vars(asked),
        )
        DisclosureWaiting.objects.create(disclosure=row, ward=row.ward)
        trail(permit, row, EVENT, what="asked", kind=row.kind)
    return row.pk


def ask_mending(permit: Permit, disclosure_id: int, until_on: date | None, reason: str) -> None:
    """補正を求める: by a day, saying what is wanting; the clock stands still from today."""
    demand_work(permit, WORK)
    with step(permit, "mending_asked", disclosure_id) as (row, is_done):
        if is_done:
            return
        told = _told(reason)
        refuse(deciding.may_ask_mending(state_of(row), until_on, told, on=permit.on))
        refuse(written(permit, reason))
        take(permit, row, "mending_asked", until_on=until_on, reason=reason)
        trail(permit, row, EVENT, what="mending_asked", kind=row.kind)


def mend(permit: Permit, disclosure_id: int) -> None:
    """補正を受け取る: today; the clock goes on."""
    demand_work(permit, WORK)
    with step(permit, "mended", disclosure_id) as (row, is_done):
        if is_done:
            return
        refuse([deciding.may_mend(state_of(row), on=permit.on)])
        take(permit, row, "mended")
        trail(permit, row, EVENT, what="mended", kind=row.kind)


def extend(permit: Permit, disclosure_id: int, days: int, reason: str) -> None:
    """期限を延長する: once, by so many days, with the reason that is told to the requester."""
    demand_work(permit, WORK)
    with step(permit, "extended", disclosure_id) as (row, is_done):
        if is_done:
            return
        kind = kinds.kind(row.kind, row.received_on)
        assert kind is not None, "what was asked for stood in the table on that day"
        standing = standing_of(row, permit.on)
        told = _told(reason)
        refuse(deciding.may_extend(standing, days, told, kind.extension, on=permit.on))
        refuse(written(permit, reason))
        take(permit, row, "extended", days=days, reason=reason)
        trail(permit, row, EVENT, what="extended", kind=row.kind)


def withdraw(permit: Permit, disclosure_id: int) -> None:
    """取下げ: by whoever made the request, before it is decided."""
    demand_work(permit, WORK)
    with step(permit, "withdrawn", disclosure_id) as (row, is_done):
        if is_done:
            return
        refuse([deciding.may_withdraw(state_of(row), on=permit.on)])
        take(permit, row, "withdrawn")
        trail(permit, row, EVENT, what="withdrawn", kind=row.kind)


def written(permit: Permit, text: str) -> tuple[Finding, ...]:
    """文の確認: a text that is told to somebody holds no number of a person."""
    assert len(text) <= REASON_MOST, "the form lets nobody type more"
    found = numbers_in_text.no_number(numbers_in_text.holds_number([text]), on=permit.on)
    return (found,) if found is not None else ()


def _told(reason: str) -> bool:
    return bool(reason.strip())

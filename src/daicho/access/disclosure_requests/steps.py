"""開示請求の一歩: taken once by one request, trailed, or refused."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from daicho.access.acting import Actor
from daicho.access.disclosure_requests.standing import ENDINGS
from daicho.access.models import DisclosureRequest, DisclosureStep, DisclosureWaiting
from daicho.access.people.registering import NotThere, alone, refuse
from daicho.access.permits import Permit, look, trail_refusal
from daicho.access.refusals import Refused
from daicho.law.disclosure_requests import deciding

REFUSED = "disclosure_refused"


def who(permit: Permit) -> Actor:
    """Who takes the step: a person, never a job."""
    assert permit.actor is not None, "disclosure is asked for, decided and given by persons"
    return permit.actor


def in_reach(permit: Permit) -> QuerySet[DisclosureRequest]:
    """届く請求: those received in the own ward; an office of the whole city reaches all."""
    every, ward = DisclosureRequest.objects.prefetch_related("steps"), ward_of(permit)
    return every.filter(ward=ward) if ward else every


def ward_of(permit: Permit) -> str:
    """届く区: blank where the office is one of the whole city."""
    ward = who(permit).ward
    return "" if ward == settings.MUNICIPALITY else ward


def held(permit: Permit, disclosure_id: int) -> DisclosureRequest:
    """一つの請求: NotThere where there is none in reach."""
    row = in_reach(permit).filter(pk=disclosure_id).first()
    if row is None:
        raise NotThere(disclosure_id)
    return row


@contextmanager
def step(permit: Permit, what: str, disclosure_id: int) -> Iterator[tuple[DisclosureRequest, bool]]:
    """One step in a transaction of its own, with whether this very request took it already.

    What is refused is rolled back, trailed, and raised on.
    """
    held(permit, disclosure_id)
    with refusing(permit, what, disclosure_id), transaction.atomic():
        alone(str(permit.request_id))  # of two of one request the second sees the first
        alone(f"disclosure {disclosure_id}")
        taken = DisclosureStep.objects.filter(request_id=permit.request_id).first()
        is_same = taken is None or (
            (taken.disclosure_id, taken.what, taken.by_id)
            == (disclosure_id, what, who(permit).operator_id)
        )
        refuse([deciding.one_step(is_same, on=permit.on)])
        yield held(permit, disclosure_id), taken is not None


@contextmanager
def refusing(permit: Permit, what: str, disclosure_id: int) -> Iterator[None]:
    """拒否の記録: stands around the transaction of a step.

    It names no subject: it is no use of the record, and would stand in the log that is disclosed.
    """
    try:
        yield
    except Refused as refused:
        trail_refusal(
            permit,
            refused.findings,
            event=REFUSED,
            door=f"disclosure_requests.{what}",
            disclosure=str(disclosure_id),
        )
        raise


def take(permit: Permit, row: DisclosureRequest, what: str, **said: Any) -> DisclosureStep:
    """一歩を書く: in the running transaction, after the law was asked."""
    if what in ENDINGS:
        DisclosureWaiting.objects.filter(pk=row.pk).delete()
    return DisclosureStep.objects.create(
        request_id=permit.request_id,
        disclosure=row,
        what=what,
        by_id=who(permit).operator_id,
        taken_on=permit.on,
        **said,
    )


def trail(permit: Permit, row: DisclosureRequest, event: str, **said: int | str) -> None:
    """一歩の記録: the person whose data it is about is its subject."""
    detail: dict[str, int | str] = {"disclosure": row.pk, **said}
    look(permit, event, "disclosure_requests", record_ids=[row.record_id], detail=detail)

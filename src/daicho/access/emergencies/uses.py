"""緊急の利用の行: the facts of a row for the law, and the one way in which a step is taken."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet

from daicho.access import clock
from daicho.access.acting import Actor
from daicho.access.emergencies import proofs
from daicho.access.emergencies.proofs import EVENT
from daicho.access.models import EmergencyUse, Trail
from daicho.access.people.registering import NotThere, alone
from daicho.access.permits import Permit, look, trail_refusal
from daicho.access.refusals import Refused
from daicho.law.purposes import PURPOSES
from daicho.law.receptions import codes_in_text
from daicho.law.rule import Finding
from daicho.law.safety import emergencies
from daicho.law.safety.emergencies import Use

NAMES = {one.code: one.name for one in PURPOSES}
"""事務の名: by code, of those too whose row has ended."""


@contextmanager
def step(permit: Permit, what: str, use_id: int = 0, *, done_as: Collection[str]) -> Iterator[int]:
    """One step in a transaction of its own; gives the use that this very request made, else 0.

    `done_as`: the words by which the trail tells of this step. Another step, or one of another
    use, is not this one, though it came with the same number. What is refused inside is rolled
    back, trailed as `emergency_refused`, and raised on.
    """
    try:
        with transaction.atomic():
            alone(str(permit.request_id))  # of two of one request the second sees the first
            yield _done(permit, use_id, done_as)
    except Refused as refused:
        trail_refusal(
            permit,
            refused.findings,
            event="emergency_refused",
            door=f"emergencies.{what}",
            use=str(use_id),
        )
        raise


def _done(permit: Permit, use_id: int, done_as: Collection[str]) -> int:
    own = Trail.objects.filter(operator=who(permit).operator_id, event=EVENT)
    own = own.filter(request_id=permit.request_id, detail__what__in=list(done_as))
    row = (own.filter(detail__use=use_id) if use_id else own).first()
    return int(row.detail["use"]) if row else 0


def who(permit: Permit) -> Actor:
    """Who takes the step: a person, never a job."""
    assert permit.actor is not None, "an emergency is asked for, granted and reviewed by persons"
    return permit.actor


def held(use_id: int) -> EmergencyUse:
    """The row, locked until the transaction ends: of two who decide the second sees the first."""
    found = EmergencyUse.objects.select_for_update(of=("self",)).select_related("office")
    row = found.filter(pk=use_id).first()
    if row is None:
        raise NotThere(use_id)
    return row


def recent(at: datetime) -> QuerySet[EmergencyUse]:
    """The rows, with their offices, among which all are that wait or hold at a moment."""
    rows = EmergencyUse.objects.filter(reviewed_at=None, asked_at__gt=at - emergencies.LONGEST)
    return rows.select_related("office")


def facts(row: EmergencyUse) -> Use:
    """What the law judges a use by; how long it waits is as it was on the day it was asked for."""
    waits = emergencies.period(row.purpose, day(row.asked_at)).waits
    return Use(
        operator=row.operator_id,
        office=row.office.code,
        waits_until_at=row.asked_at + waits,
        is_withdrawn=row.decided_at is None and row.ended_at is not None,
        decided_by=row.decided_by_id,
        is_granted=row.is_granted,
        over_at=row.ended_at or row.until_at,
        is_reviewed=row.reviewed_at is not None,
    )


def written(permit: Permit, text: str) -> Finding | None:
    """What refuses a text of a person: a number in it, and one that is longer than its field."""
    assert len(text) <= codes_in_text.REASON_CHARS, "the form says how long it may be"
    return codes_in_text.no_code(codes_in_text.holds_code(text), on=permit.on)


def trail(permit: Permit, row: EmergencyUse, what: str) -> None:
    """Trail the step, in its transaction."""
    detail: dict[str, int | str] = {
        "use": row.pk,
        "purpose": row.purpose,
        "what": what,
        "until": row.until_at.isoformat() if row.until_at else "",
    }
    if what in proofs.STEPS:
        detail["digest"] = proofs.digest(row, proofs.STEPS[what])
    look(permit, EVENT, f"emergencies.{what}", detail=detail)


def day(at: datetime) -> date:
    """The business day of a moment."""
    return at.astimezone(clock.TOKYO).date()


def minutes(time: timedelta) -> int:
    """分: whole minutes, the one begun with them."""
    return -(-time // timedelta(minutes=1))

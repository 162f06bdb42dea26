"""所属への付与: a post that all of an office have for a time; given by another office's."""

from datetime import date, timedelta

from daicho.access import clock
from daicho.access.models import Office, OfficeRight, Operator
from daicho.access.people.registering import NotThere, by, days, refuse, step
from daicho.access.permits import Permit, demand_work, look
from daicho.law.rule import Finding
from daicho.law.safety import giving

EVENT = "office_right_changed"


def give(permit: Permit, office_code: str, post: str, since: date, until: date | None) -> None:
    """付与: from `since` (today or later) to `until`, if an end is known; raises Refused.

    Refused where the actor is of that office, and for what is given to persons alone.
    """
    demand_work(permit, "rights")
    with step(permit, EVENT, "office_rights.give") as is_new:
        if not is_new:
            return
        office = _held(permit, office_code)
        same = OfficeRight.objects.filter(office=office, post=post)
        refuse(
            [
                giving.to_an_office(post, on=permit.on),
                *giving.given_period(since, until, on=permit.on),
                *(
                    giving.held_once(since, until, one.since, one.until, on=permit.on)
                    for one in same
                ),
            ]
        )
        right = OfficeRight.objects.create(
            office=office,
            post=post,
            since=since,
            until=until,
            given_by_id=by(permit),
            given_at=clock.now(),
        )
        _trail(permit, right, "given")


def end(permit: Permit, office_code: str, right_id: int, last_on: date | None) -> None:
    """終わり: the last day on which it holds for all of the office; None stops it at once."""
    demand_work(permit, "rights")
    with step(permit, EVENT, "office_rights.end") as is_new:
        if is_new:
            office = _held(permit, office_code)
            right = OfficeRight.objects.filter(pk=right_id, office=office).first()
            if right is None:
                raise NotThere(right_id)
            last_on = last_on or permit.on - timedelta(days=1)
            refuse([giving.ended_from_now(last_on, on=permit.on)])
            close(permit, right, last_on)


def close(permit: Permit, right: OfficeRight, last_on: date) -> None:
    """Set the last day of a right that would hold longer, in the running transaction; trailed."""
    if right.until is not None and right.until <= last_on:
        return
    right.until, right.ended_by_id = last_on, by(permit)
    right.save(update_fields=["until", "ended_by"])
    _trail(permit, right, "ended")


def _held(permit: Permit, code: str) -> Office:
    """The office, alone with it until the transaction ends; refused where it is the actor's own."""
    office = Office.objects.select_for_update(no_key=True).filter(code=code).first()
    if office is None:
        raise NotThere(code)
    refuse([_of_own_office(permit, office)])
    return office


def _of_own_office(permit: Permit, office: Office) -> Finding | None:
    giver = Operator.objects.select_related("office").filter(pk=by(permit) or 0).first()
    own = giver.office.code if giver else None
    return giving.not_to_own_office(own, office.code, on=permit.on)


def _trail(permit: Permit, right: OfficeRight, what: str) -> None:
    detail: dict[str, int | str] = {
        "office": right.office.code,
        "right": right.pk,
        "post": right.post,
        "what": what,
        **days(right.since, right.until),
    }
    look(permit, EVENT, f"people.office_rights.{what}", detail=detail)

"""操作権限: a post in an office for a time, given to a person by another; never by rank."""

from datetime import date, timedelta

from daicho.access import clock
from daicho.access.models import Office, Operator, Right
from daicho.access.people.registering import NotThere, by, days, held, refuse, step
from daicho.access.permits import Permit, demand_work, look
from daicho.law.rule import Finding
from daicho.law.safety import entering, giving

EVENT = "right_changed"


def give(
    permit: Permit, operator_id: int, office_code: str, post: str, since: date, until: date | None
) -> None:
    """付与: from `since` (today or later) to `until`, if an end is known; raises Refused."""
    demand_work(permit, "rights")
    with step(permit, EVENT, "rights.give", operator_id) as is_new:
        if not is_new:
            return
        operator = held(permit, operator_id)
        office = Office.objects.filter(code=office_code).first()
        if office is None:
            raise NotThere(office_code)
        refuse(_hindering(permit, operator, office, post, since, until))
        right = Right.objects.create(
            operator=operator,
            office=office,
            post=post,
            since=since,
            until=until,
            given_by_id=by(permit),
            given_at=clock.now(),
        )
        _trail(permit, right, "given")


def _hindering(
    permit: Permit, operator: Operator, office: Office, post: str, since: date, until: date | None
) -> list[Finding | None]:
    has_left = entering.hinders("staff", operator.is_active, None, operator.until_on, None, since)
    same = Right.objects.filter(operator=operator, office=office, post=post)
    return [
        has_left,
        giving.given_alone(post, on=permit.on),
        *giving.given_period(since, until, on=permit.on),
        *(giving.held_once(since, until, one.since, one.until, on=permit.on) for one in same),
    ]


def end(permit: Permit, right_id: int, last_on: date | None) -> int:
    """終わり: the last day on which it holds; None stops it at once. Gives the operator's id."""
    demand_work(permit, "rights")
    right = Right.objects.filter(pk=right_id).first()
    if right is None:
        raise NotThere(right_id)
    with step(permit, EVENT, "rights.end", right.operator_id) as is_new:
        if is_new:
            held(permit, right.operator_id)
            last_on = last_on or permit.on - timedelta(days=1)
            refuse([giving.ended_from_now(last_on, on=permit.on)])
            close(permit, right, last_on)
    return right.operator_id


def close(permit: Permit, right: Right, last_on: date) -> None:
    """Set the last day of a right that would hold longer, in the running transaction; trailed."""
    if right.until is not None and right.until <= last_on:
        return
    right.until, right.ended_by_id = last_on, by(permit)
    right.save(update_fields=["until", "ended_by"])
    _trail(permit, right, "ended")


def _trail(permit: Permit, right: Right, what: str) -> None:
    detail: dict[str, int | str] = {
        "operator": right.operator_id,
        "right": right.pk,
        "post": right.post,
        "what": what,
        **days(right.since, right.until),
    }
    look(permit, EVENT, f"people.rights.{what}", detail=detail)

"""所属の権限からの除外: a person who does not have a post that all others of the office have."""

from datetime import date, timedelta

from daicho.access import clock
from daicho.access.models import OfficeRight, OfficeRightExclusion
from daicho.access.people.registering import NotThere, by, days, held, not_over, refuse, step
from daicho.access.permits import Permit, demand_work, look
from daicho.law.safety import giving

EVENT = "office_exclusion_changed"


def exclude(
    permit: Permit, right_id: int, operator_id: int, since: date, until: date | None
) -> None:
    """除外: of one who belongs to the office, from `since` (today or later); raises Refused.

    It takes away, and so stands until it is ended: also where the office is given the post anew,
    and where the person goes and comes back.
    """
    demand_work(permit, "rights")
    with step(permit, EVENT, "office_rights.exclude", operator_id) as is_new:
        if not is_new:
            return
        operator = held(permit, operator_id)
        right = OfficeRight.objects.filter(not_over(permit.on), pk=right_id).first()
        if right is None or right.office_id != operator.office_id:
            raise NotThere(right_id)
        same = OfficeRightExclusion.objects.filter(
            operator=operator, office=operator.office, post=right.post
        )
        refuse(
            [
                *giving.given_period(since, until, on=permit.on),
                *(
                    giving.held_once(since, until, one.since, one.until, on=permit.on)
                    for one in same
                ),
            ]
        )
        exclusion = OfficeRightExclusion.objects.create(
            operator=operator,
            office=operator.office,
            post=right.post,
            since=since,
            until=until,
            given_by_id=by(permit),
            given_at=clock.now(),
        )
        _trail(permit, exclusion, "excluded")


def include(permit: Permit, office_code: str, exclusion_id: int, last_on: date | None) -> None:
    """除外の終わり: the last day on which the person is left out; None ends it at once."""
    demand_work(permit, "rights")
    found = OfficeRightExclusion.objects.filter(pk=exclusion_id, office__code=office_code).first()
    if found is None:
        raise NotThere(exclusion_id)
    with step(permit, EVENT, "office_rights.include", found.operator_id) as is_new:
        if is_new:
            held(permit, found.operator_id)
            found.refresh_from_db()
            last_on = last_on or permit.on - timedelta(days=1)
            refuse([giving.ended_from_now(last_on, on=permit.on)])
            _close(permit, found, last_on)


def _close(permit: Permit, exclusion: OfficeRightExclusion, last_on: date) -> None:
    """Set the last day of one that would last longer, in the running transaction; trailed."""
    if exclusion.until is not None and exclusion.until <= last_on:
        return
    exclusion.until, exclusion.ended_by_id = last_on, by(permit)
    exclusion.save(update_fields=["until", "ended_by"])
    _trail(permit, exclusion, "ended")


def _trail(permit: Permit, exclusion: OfficeRightExclusion, what: str) -> None:
    detail: dict[str, int | str] = {
        "operator": exclusion.operator_id,
        "office": exclusion.office.code,
        "exclusion": exclusion.pk,
        "post": exclusion.post,
        "what": what,
        **days(exclusion.since, exclusion.until),
    }
    look(permit, EVENT, f"people.office_rights.{what}", detail=detail)

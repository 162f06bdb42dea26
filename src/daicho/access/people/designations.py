"""従事者の指定: who is charged with the affairs of a tree, by who bears its designating role."""

from datetime import date, timedelta

from daicho.access import clock
from daicho.access.acting import roles_of
from daicho.access.models import Designation
from daicho.access.people.registering import NotThere, by, days, held, refuse, step
from daicho.access.permits import Permit, demand_work, look
from daicho.law.rule import Finding
from daicho.law.safety import designating, giving

EVENT = "designation_changed"


def designate(
    permit: Permit, operator_id: int, tree: str, since: date, until: date | None, document: str
) -> None:
    """指定: from `since` (today or later); raises Refused where the actor does not designate."""
    demand_work(permit, "designation")
    with step(permit, EVENT, "designations.designate", operator_id) as is_new:
        if not is_new:
            return
        operator = held(permit, operator_id)
        same = Designation.objects.filter(operator=operator, tree=tree)
        refuse(
            [
                _hindered(permit, tree),
                designating.chargeable(operator.kind, tree, on=permit.on),
                *giving.given_period(since, until, on=permit.on),
                *(
                    giving.held_once(since, until, one.since, one.until, on=permit.on)
                    for one in same
                ),
            ]
        )
        made = Designation.objects.create(
            operator=operator,
            tree=tree,
            since=since,
            until=until,
            document=document,
            given_by_id=by(permit),
            given_at=clock.now(),
        )
        _trail(permit, made, "designated")


def end(permit: Permit, designation_id: int, last_on: date | None) -> int:
    """指定の終わり: the last day; None ends it at once. Gives the operator's id."""
    demand_work(permit, "designation")
    found = Designation.objects.filter(pk=designation_id).first()
    if found is None:
        raise NotThere(designation_id)
    with step(permit, EVENT, "designations.end", found.operator_id) as is_new:
        if is_new:
            held(permit, found.operator_id)
            last_on = last_on or permit.on - timedelta(days=1)
            wrong = giving.ended_from_now(last_on, on=permit.on)
            refuse([_hindered(permit, found.tree), wrong])
            close(permit, found, last_on)
    return found.operator_id


def _hindered(permit: Permit, tree: str) -> Finding | None:
    assert permit.actor is not None, "who designates is a person"
    borne = roles_of(permit.actor.operator_id, permit.on)
    return designating.may_designate(borne, tree, on=permit.on)


def close(permit: Permit, designation: Designation, last_on: date) -> None:
    """Set the last day of one that would last longer, in the running transaction; trailed."""
    if designation.until is not None and designation.until <= last_on:
        return
    designation.until = last_on
    designation.save(update_fields=["until"])
    _trail(permit, designation, "ended")


def _trail(permit: Permit, one: Designation, what: str) -> None:
    detail: dict[str, int | str] = {
        "operator": one.operator_id,
        "tree": one.tree,
        "what": what,
        **days(one.since, one.until),
    }
    look(permit, EVENT, f"people.designations.{what}", detail=detail)

"""緊急の利用を決める: a second person grants it for a short time, or denies it; once."""

from daicho.access import clock
from daicho.access.emergencies.uses import facts, held, step, trail, who
from daicho.access.people.registering import refuse
from daicho.access.permits import Permit, demand_work
from daicho.law.safety import emergencies


def decide(permit: Permit, use_id: int, *, is_granted: bool) -> None:
    """許可・不許可: of what waits; the time of a grant begins now and is never made longer."""
    demand_work(permit, "emergency_decide")
    what = "granted" if is_granted else "denied"
    with step(permit, "decide", use_id, done_as=[what]) as done:
        row = held(use_id)
        if done:
            return
        actor, at = who(permit), clock.now()
        refuse(
            [
                emergencies.may_decide(
                    facts(row), actor.operator_id, actor.office, actor.posts, at, on=permit.on
                )
            ]
        )
        row.decided_by_id, row.decided_at, row.is_granted = actor.operator_id, at, is_granted
        if is_granted:
            row.until_at = at + emergencies.period(row.purpose, permit.on).holds
        row.save(update_fields=["decided_by", "decided_at", "is_granted", "until_at"])
        trail(permit, row, what)

"""緊急の利用を求める: a person asks, takes back what waits, gives back what is granted."""

from dataclasses import dataclass
from datetime import datetime, time

from daicho.access import clock
from daicho.access.acting import Actor
from daicho.access.emergencies.uses import (
    NAMES,
    facts,
    held,
    minutes,
    recent,
    step,
    trail,
    who,
    written,
)
from daicho.access.models import EmergencyUse, Office
from daicho.access.people.registering import alone, refuse
from daicho.access.permits import Permit, demand_work
from daicho.law.safety import emergencies

_OPEN = frozenset({"waiting", "granted"})


@dataclass(frozen=True)
class Running:
    """利用中の緊急の利用: one's own, at this moment."""

    use_id: int
    purpose: str
    name: str
    until_at: datetime
    left_minutes: int


def ask(permit: Permit, purpose: str, reason: str) -> int:
    """求める: leave to look for an emergency, with its reason; gives the use. Raises Refused."""
    demand_work(permit, "emergency_ask")
    asker = who(permit)
    with step(permit, "ask", done_as=["asked"]) as done:
        if done:
            return done
        alone(f"emergency of {asker.operator_id}")  # one at a time, of two forms too
        refuse(
            [
                emergencies.may_ask(
                    purpose,
                    asker.office_kind,
                    asker.posts,
                    _has_open(asker),
                    on=permit.on,
                    asked_today=_asked_today(asker, purpose),
                ),
                written(permit, reason),
            ]
        )
        row = EmergencyUse.objects.create(
            operator_id=asker.operator_id,
            office=Office.objects.get(code=asker.office),
            terminal=asker.terminal,
            purpose=purpose,
            reason=reason,
            asked_at=clock.now(),
        )
        trail(permit, row, "asked")
    return row.pk


def _has_open(asker: Actor) -> bool:
    at = clock.now()
    own = recent(at).filter(operator=asker.operator_id)
    states = [emergencies.state(facts(one), at) for one in own]
    return bool(_OPEN & set(states))


def _asked_today(asker: Actor, purpose: str) -> int:
    since = datetime.combine(clock.today(), time.min, clock.TOKYO)
    own = EmergencyUse.objects.filter(operator=asker.operator_id, purpose=purpose)
    return own.filter(asked_at__gte=since).count()


def end(permit: Permit, use_id: int) -> None:
    """取り下げる・終える: what waits is never granted, what is granted ends at once."""
    demand_work(permit, "emergency_ask")
    with step(permit, "end", use_id, done_as=["ended", "withdrawn"]) as done:
        row = held(use_id)
        if done:
            return
        at = clock.now()
        refuse([emergencies.may_end(facts(row), who(permit).operator_id, at, on=permit.on)])
        _end(permit, row, at)


def end_with(permit: Permit, operator_id: int) -> None:
    """離職とともに終える: what waits or is granted, with the person who asked, in the running
    transaction; trailed. What was granted is still to be reviewed."""
    at = clock.now()
    own = recent(at).filter(operator=operator_id, ended_at=None)
    for row in own.select_for_update(of=("self",)).order_by("pk"):
        if emergencies.state(facts(row), at) in _OPEN:
            _end(permit, row, at)


def _end(permit: Permit, row: EmergencyUse, at: datetime) -> None:
    row.ended_at = at
    row.save(update_fields=["ended_at"])
    trail(permit, row, "ended" if row.is_granted else "withdrawn")


def running(actor: Actor) -> Running | None:
    """利用中の緊急の利用: of the actor himself, in the office where he sits.

    None, and nothing asked, where none is granted there.
    """
    if not actor.granted:
        return None
    at = clock.now()
    own = EmergencyUse.objects.filter(operator=actor.operator_id, until_at__gt=at)
    own = own.filter(is_granted=True, ended_at=None, office__code=actor.office)
    row = own.order_by("-until_at").first()
    if row is None or row.until_at is None:
        return None
    name = NAMES[row.purpose]
    return Running(row.pk, row.purpose, name, row.until_at, minutes(row.until_at - at))

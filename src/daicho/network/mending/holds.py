"""送信の保留 (7.1.1.1): nothing of a resident is sent before an operator lets it go."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from daicho.access import clock
from daicho.access.people.registering import refuse
from daicho.access.permits import Permit, demand, demand_work, look
from daicho.law.network import mending
from daicho.law.network.mending import HOLDS, NO_REASON
from daicho.network.mending.steps import alone_at_composing, step
from daicho.network.models import Hold

EVENT, DOOR = "message_held", "network.hold"


@dataclass(frozen=True)
class OnHold:
    """保留中: of whom nothing is sent, since when, and the reason in words."""

    record_id: UUID
    reason: str
    by_hand: bool
    held_at: datetime


def held_of(row: Hold) -> OnHold:
    """保留の記録: as a page tells it, also where the table has the reason no more."""
    why = HOLDS.get(row.reason, NO_REASON)
    return OnHold(row.record_id, why.name, why.by_hand, row.held_at)


def hold(permit: Permit, record_id: UUID, reason: str) -> None:
    """保留する: once this has returned, nothing more of the resident becomes a message.

    What already has a place on the line goes on. A hold by the program becomes one by hand, so that
    only an operator ends it. Raises Refused for a reason that is none.
    """
    _demand(permit)
    with step(permit, EVENT, DOOR, [record_id]) as is_new:
        refuse([mending.may_hold(reason, on=permit.on)])
        if not is_new:
            return
        alone_at_composing()
        who = permit.actor.operator_id if permit.actor else None
        said = {"reason": reason, "operator_id": who, "held_at": clock.now()}
        Hold.objects.update_or_create(record_id=record_id, defaults=said)
        told: dict[str, int | str] = {"what": "held", "reason": reason}
        look(permit, EVENT, DOOR, record_ids=[record_id], detail=told)


def release(permit: Permit, record_id: UUID) -> None:
    """解除する: what waits goes in its order; one that is not held is left as it is."""
    _demand(permit)
    with step(permit, EVENT, DOOR, [record_id]) as is_new:
        row = Hold.objects.select_for_update().filter(record_id=record_id).first()
        if row is None or not is_new:
            return
        told: dict[str, int | str] = {"what": "released", "reason": row.reason}
        row.delete()
        look(permit, EVENT, DOOR, record_ids=[record_id], detail=told)


def _demand(permit: Permit) -> None:
    demand_work(permit, "message_holds")
    demand(permit, "resident")

"""操作者本人の記録: which record is whose, named by who keeps the people, after the telling."""

from uuid import UUID

from daicho.access.models import OwnRecord
from daicho.access.people import registering
from daicho.access.people.registering import held, step
from daicho.access.permits import Permit, demand_work, look
from daicho.access.relating import telling
from daicho.law.safety.watching import relations

EVENT = "own_record_changed"
WORK = "own_record"


def standing(permit: Permit, operator_id: int) -> telling.Standing:
    """説明と登録の状態: of one operator; days alone, no record."""
    demand_work(permit, WORK)
    return telling.standing(operator_id, permit.on)


def may_look_up(permit: Permit, operator_id: int) -> bool:
    """番号を調べてよいか: of who was told, and not of oneself: of nobody else is a record named."""
    demand_work(permit, WORK)
    is_oneself = permit.actor is not None and permit.actor.operator_id == operator_id
    return not is_oneself and standing(permit, operator_id).told_at is not None


def turn_away(permit: Permit, operator_id: int) -> None:
    """登録しない: raises Refused, trailed, of whom no number was looked up; NotThere."""
    demand_work(permit, WORK)
    with step(permit, EVENT, "relating.name", operator_id):
        held(permit, operator_id)
        registering.refuse([relations.may_name(is_told=False, on=permit.on)])


def name(permit: Permit, operator_id: int, record_id: UUID | None) -> None:
    """本人の記録の登録: from today on; None ends it. Raises Refused where he was not told, or is
    the actor himself; NotThere.
    """
    demand_work(permit, WORK)
    assert permit.actor is not None, "who names a record is a person"
    with step(permit, EVENT, "relating.name", operator_id) as is_new:
        if not is_new:
            return
        operator = held(permit, operator_id)
        is_told = telling.standing(operator.pk, permit.on).told_at is not None
        if record_id is not None:
            registering.refuse([relations.may_name(is_told, on=permit.on)])
        OwnRecord.objects.create(
            operator=operator, record_id=record_id, since=permit.on, by_id=permit.actor.operator_id
        )
        said: dict[str, int | str] = {
            "operator": operator.pk,
            "what": "ended" if record_id is None else "entered",
            "since": permit.on.isoformat(),
        }
        look(permit, EVENT, "relating.name", detail=said)

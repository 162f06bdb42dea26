"""職: places in the organisation, who holds one from when to when, and by which document."""

from datetime import date, timedelta

from daicho.access import clock
from daicho.access.hindering import may_enter
from daicho.access.models import Holding, Office, Operator, Position, Responsible
from daicho.access.people.registering import NotThere, by, days, held, not_over, refuse, step
from daicho.access.permits import Permit, demand_work, look
from daicho.law.rule import Finding
from daicho.law.safety import designating, giving

EVENT = "position_changed"
_DAY = timedelta(days=1)


def add(permit: Permit, title: str, office_code: str, since: date) -> None:
    """職の登録: a place in an office, or of the whole body where the code is blank."""
    demand_work(permit, "positions", "operators")
    with step(permit, EVENT, "positions.add") as is_new:
        if is_new:
            office = Office.objects.filter(code=office_code).first() if office_code else None
            if office_code and office is None:
                raise NotThere(office_code)
            made(permit, title, office, since)


def made(permit: Permit, title: str, office: Office | None, since: date) -> Position:
    """A new position, in the running transaction; trailed."""
    position = Position.objects.create(code="", title=title, office=office, since=since)
    position.code = f"P{position.pk:04}"
    position.save(update_fields=["code"])
    _trail(permit, position, "added")
    return position


def hold(permit: Permit, position_id: int, operator_id: int, since: date, document: str) -> None:
    """就任: from `since` on; who held it with no end known holds it until the day before.

    `since` may lie in the past where the position was vacant, for an order (辞令) is often entered
    after its day. Refused to whom nothing may be charged then, or who may not bear its roles.
    """
    demand_work(permit, "positions", "operators")
    with step(permit, EVENT, "positions.hold", operator_id) as is_new:
        if not is_new:
            return
        operator = held(permit, operator_id)
        position = Position.objects.select_for_update(of=("self",)).filter(pk=position_id).first()
        if position is None:
            raise NotThere(position_id)
        refuse(_hindering(permit, operator, position, since))
        _succeed(permit, position, since)
        holding = Holding.objects.create(
            position=position,
            operator=operator,
            since=since,
            document=document,
            entered_by_id=by(permit),
            entered_at=clock.now(),
        )
        _trail(permit, position, "held", holding)


def _hindering(
    permit: Permit, operator: Operator, position: Position, since: date
) -> list[Finding | None]:
    """What stands against the person; for days gone by the account is judged as of today."""
    on = max(since, permit.on)
    borne = Responsible.objects.filter(not_over(on), position=position)
    roles = frozenset(borne.values_list("role", flat=True))
    return [
        may_enter(operator, on),
        designating.may_bear(operator.kind, roles, on=on),
    ]


def _succeed(permit: Permit, position: Position, since: date) -> None:
    """Who holds the position with no end known holds it until the day before, in the transaction.

    Nobody puts another in his own place, and no day that somebody worked is taken back.
    """
    for before in Holding.objects.filter(position=position, until=None, since__lt=since):
        own = giving.not_to_oneself(by(permit), before.operator_id, on=permit.on)
        refuse([own, giving.succeeds(since, on=permit.on)])
        close(permit, before, since - _DAY)
    refuse(
        giving.held_once(since, None, one.since, one.until, on=permit.on)
        for one in Holding.objects.filter(position=position)
        if one.until is None or one.until >= one.since  # else it never began
    )


def end(permit: Permit, holding_id: int, last_on: date) -> None:
    """離任: the last day of a holder; the position is vacant from the next."""
    demand_work(permit, "positions", "operators")
    found = Holding.objects.select_related("position").filter(pk=holding_id).first()
    if found is None:
        raise NotThere(holding_id)
    with step(permit, EVENT, "positions.end", found.operator_id) as is_new:
        if is_new:
            held(permit, found.operator_id)
            wrong = giving.ended_from_now(last_on, on=permit.on)
            refuse([giving.in_order(found.since, last_on, on=permit.on), wrong])
            close(permit, found, last_on)


def close(permit: Permit, holding: Holding, last_on: date) -> None:
    """Set the last day of a holding that would last longer, in the running transaction; trailed."""
    if holding.until is not None and holding.until <= last_on:
        return
    holding.until = last_on
    holding.save(update_fields=["until"])
    _trail(permit, holding.position, "left", holding)


def _trail(permit: Permit, position: Position, what: str, holding: Holding | None = None) -> None:
    of = holding or position
    detail: dict[str, int | str] = {
        "position": position.code,
        "operator": holding.operator_id if holding else 0,
        "what": what,
        **days(of.since, of.until),
    }
    look(permit, EVENT, f"people.positions.{what}", detail=detail)

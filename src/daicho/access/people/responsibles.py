"""責任者: which position bears a responsibility of the two trees, from when to when."""

from collections.abc import Iterable
from datetime import date, timedelta

from daicho.access.models import Holding, Position, Responsible
from daicho.access.people.positions import made
from daicho.access.people.registering import NotThere, alone, by, days, not_over, refuse, step
from daicho.access.permits import Permit, demand_work, look
from daicho.law.packs import Bearer
from daicho.law.rule import Finding
from daicho.law.safety import designating, giving, responsibles

EVENT = "responsible_changed"


def ensure(permit: Permit, bearers: Iterable[Bearer]) -> int:
    """規程の組からの登録: positions and bearers for roles that nobody was ever named for.

    Gives how many roles were filled. What was entered by hand is never changed.
    """
    demand_work(permit, "positions", "operators")
    known = {one.code for one in responsibles.roles(permit.on)}
    count = 0
    with step(permit, EVENT, "responsibles.ensure") as is_new:
        if not is_new:
            return 0
        alone("responsibles")
        for bearer in bearers:
            if bearer.role in known and not Responsible.objects.filter(role=bearer.role).exists():
                position = Position.objects.filter(title=bearer.position, office=None).first()
                position = position or made(permit, bearer.position, None, permit.on)
                refuse(_hindering(permit, bearer.role, [position.pk]))
                _borne(permit, bearer.role, position, permit.on)
                count += 1
    return count


def bear(permit: Permit, role: str, position_id: int, since: date) -> None:
    """充てる職の変更: that position bears the role from `since` on, the one before until then.

    `since` is today or later. Refused to who holds either position, now or as planned.
    """
    demand_work(permit, "positions")
    if role not in {one.code for one in responsibles.roles(permit.on)}:
        raise NotThere(role)
    with step(permit, EVENT, "responsibles.bear") as is_new:
        if not is_new:
            return
        alone("responsibles")
        position = Position.objects.filter(pk=position_id).first()
        if position is None:
            raise NotThere(position_id)
        ending = Responsible.objects.filter(role=role, until=None, since__lt=since)
        before = list(ending.select_related("position"))
        refuse(giving.given_period(since, None, on=permit.on))
        touched = [position.pk, *(one.position_id for one in before)]
        refuse(_hindering(permit, role, touched))
        for one in before:
            one.until = since - timedelta(days=1)
            one.save(update_fields=["until"])
            _trail(permit, one, "ended")
        others = Responsible.objects.filter(role=role)
        refuse(giving.held_once(since, None, one.since, one.until, on=permit.on) for one in others)
        _borne(permit, role, position, since)


def _hindering(permit: Permit, role: str, position_ids: list[int]) -> list[Finding | None]:
    """What stands against the holders; the first position is the one that is to bear the role.

    The positions stay locked until the transaction ends: nobody comes to hold one meanwhile.
    """
    list(
        Position.objects.select_for_update(of=("self",)).filter(pk__in=position_ids).order_by("pk")
    )
    found: list[Finding | None] = []
    rows = Holding.objects.filter(not_over(permit.on), position__in=position_ids)
    for one in rows.select_related("operator"):
        found.append(giving.not_to_oneself(by(permit), one.operator_id, on=permit.on))
        if one.position_id == position_ids[0]:
            found.append(designating.may_bear(one.operator.kind, [role], on=permit.on))
    return found


def _borne(permit: Permit, role: str, position: Position, since: date) -> None:
    _trail(permit, Responsible.objects.create(role=role, position=position, since=since), "borne")


def _trail(permit: Permit, one: Responsible, what: str) -> None:
    detail: dict[str, int | str] = {
        "role": one.role,
        "position": one.position.code,
        "what": what,
        **days(one.since, one.until),
    }
    door = "bear" if what == "borne" else "end"
    look(permit, EVENT, f"people.responsibles.{door}", detail=detail)

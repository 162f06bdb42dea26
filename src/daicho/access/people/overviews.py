"""体制の照会: the two trees of a day, positions and holders, designations, reviews, terminals."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from daicho.access import clock
from daicho.access.hindering import hindered
from daicho.access.models import (
    Designation,
    Holding,
    Position,
    Responsible,
    Terminal,
)
from daicho.access.people.registering import not_over, running, state_of
from daicho.access.permits import Permit, demand_work, look
from daicho.law.safety import responsibles, zones
from daicho.law.safety.responsibles import TREES, Role


@dataclass(frozen=True)
class Holder:
    """在職の行: who holds a position from when to when."""

    row_id: int
    operator_id: int
    name: str
    since: date
    until: date | None
    document: str
    state: str


@dataclass(frozen=True)
class Place:
    """職: a position, who holds it on the day of the look, and who will."""

    position_id: int
    code: str
    title: str
    office: str
    holders: tuple[Holder, ...]

    @property
    def holder(self) -> Holder | None:
        """Who holds it on that day; None: vacant."""
        return next((one for one in self.holders if one.state == "now"), None)


@dataclass(frozen=True)
class Borne:
    """役割の行: a role of a tree, the position that bears it, and what is to come."""

    role: Role
    above: str  # the name of the role above, or blank at the top
    since: date | None
    place: Place | None
    planned: tuple[tuple[str, date], ...]  # title and first day

    @property
    def is_vacant(self) -> bool:
        """空席: no position bears it, or nobody holds that position."""
        return self.place is None or self.place.holder is None


@dataclass(frozen=True)
class Tree:
    """責任者の系統: its roles from the top downwards."""

    code: str
    name: str
    roles: tuple[Borne, ...]


@dataclass(frozen=True)
class Designated:
    """従事者の行: who is charged with the affairs of a tree."""

    row_id: int
    operator_id: int
    login: str
    name: str
    office: str
    tree: str
    since: date
    until: date | None
    document: str
    by: str
    state: str


@dataclass(frozen=True)
class Machine:
    """端末の行: a terminal in use or retired; the code for its browser while one is open."""

    code: str
    name: str
    room: str
    office: str
    zone: str
    zone_name: str
    keyed_at: datetime | None
    code_until: datetime | None
    retired_on: date | None


def trees(permit: Permit, on: date) -> tuple[Tree, ...]:
    """責任者の二つの系統: as they stood on a day; one look, trailed."""
    demand_work(permit, "responsibles")
    with transaction.atomic():
        places = {one.position_id: one for one in _places(on)}
        rows = list(Responsible.objects.select_related("position").order_by("since"))
        found = tuple(
            Tree(code, name, tuple(_borne(one, rows, places, on) for one in _of(code, on)))
            for code, name in TREES.items()
        )
        count = sum(len(tree.roles) for tree in found)
        look(permit, "people_shown", "people.trees", detail={"rows": count})
    return found


def places(permit: Permit, on: date) -> tuple[Place, ...]:
    """職の一覧: every position with its holders; one look, trailed."""
    demand_work(permit, "responsibles")
    with transaction.atomic():
        found = _places(on)
        look(permit, "people_shown", "people.places", detail={"rows": len(found)})
    return found


def vacant(on: date) -> tuple[Role, ...]:
    """空席の役割: roles that nobody who may sign in bears on a day; names no person, so it takes no
    Permit."""
    holdings = list(Holding.objects.filter(running(on)).select_related("operator"))
    found = hindered([one.operator for one in holdings], on)
    there = {one.position_id for one in holdings if found[one.operator_id] is None}
    borne = Responsible.objects.filter(running(on), position__in=there)
    filled = set(borne.values_list("role", flat=True))
    return tuple(one for one in responsibles.roles(on) if one.code not in filled)


def _of(tree: str, on: date) -> tuple[Role, ...]:
    return tuple(one for one in responsibles.roles(on) if one.tree == tree)


def _borne(role: Role, rows: Iterable[Responsible], places: dict[int, Place], on: date) -> Borne:
    own = [one for one in rows if one.role == role.code]
    now = next((one for one in own if state_of(one.since, one.until, on) == "now"), None)
    return Borne(
        role=role,
        above=next((one.name for one in responsibles.roles(on) if one.code == role.reports_to), ""),
        since=now.since if now else None,
        place=places.get(now.position_id) if now else None,
        planned=tuple((one.position.title, one.since) for one in own if one.since > on),
    )


def _places(on: date) -> tuple[Place, ...]:
    holders: dict[int, list[Holder]] = {}
    rows = Holding.objects.filter(not_over(on)).select_related("operator").order_by("since")
    for one in rows:
        line = Holder(
            row_id=one.pk,
            operator_id=one.operator_id,
            name=one.operator.name,
            since=one.since,
            until=one.until,
            document=one.document,
            state=state_of(one.since, one.until, on),
        )
        holders.setdefault(one.position_id, []).append(line)
    found = Position.objects.filter(running(on)).select_related("office").order_by("code")
    return tuple(
        Place(
            position_id=one.pk,
            code=one.code,
            title=one.title,
            office=one.office.name if one.office else "",
            holders=tuple(holders.get(one.pk, ())),
        )
        for one in found
    )


def designated(permit: Permit) -> tuple[Designated, ...]:
    """従事者の一覧: who is charged or will be, by tree and login; one look, trailed."""
    demand_work(permit, "designations")
    found = Designation.objects.filter(not_over(permit.on)).select_related(
        "operator", "operator__office", "given_by"
    )
    with transaction.atomic():
        shown = tuple(
            Designated(
                row_id=one.pk,
                operator_id=one.operator_id,
                login=one.operator.login,
                name=one.operator.name,
                office=one.operator.office.name,
                tree=one.tree,
                since=one.since,
                until=one.until,
                document=one.document,
                by=one.given_by.name if one.given_by else "",
                state=state_of(one.since, one.until, permit.on),
            )
            for one in found.order_by("tree", "operator__login", "since")
        )
        look(permit, "people_shown", "people.designated", detail={"rows": len(shown)})
    return shown


def machines(permit: Permit) -> tuple[Machine, ...]:
    """端末の一覧: by office and code, retired ones too; it concerns no person."""
    demand_work(permit, "terminals")
    now = clock.now()
    found = Terminal.objects.select_related("office").order_by("office__code", "code")
    return tuple(
        Machine(
            code=one.code,
            name=one.name,
            room=one.room,
            office=one.office.name,
            zone=one.zone,
            zone_name=zones.NAMES.get(one.zone, one.zone),
            keyed_at=one.keyed_at,
            code_until=one.code_until if one.code_until and one.code_until > now else None,
            retired_on=one.retired_on,
        )
        for one in found
    )

"""決まりの確認: what one operator may do at a place, work by work, and by which line."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from uuid import uuid4

from django.db import transaction
from django.db.models import Q

from daicho.access.acting import actor, roles_of, terminals_of
from daicho.access.models import Operator, Right, Terminal
from daicho.access.office_rights import standing as standing_of_offices
from daicho.access.people.registering import NotThere, running
from daicho.access.permits import Permit, asked_by, demand_work, look
from daicho.law.purposes import OFFICE_KINDS, POSTS, PURPOSES, Purpose
from daicho.law.safety import permitting, responsibles
from daicho.law.safety.permitting import Decision


@dataclass(frozen=True)
class Place:
    """端末: where the operator may sit today."""

    code: str
    name: str


@dataclass(frozen=True)
class Judged:
    """判断: of one work."""

    purpose: Purpose
    decision: Decision


@dataclass(frozen=True)
class Duty:
    """担当: one that the operator has at the place, and whence it comes."""

    name: str
    source: str


@dataclass(frozen=True)
class Standing:
    """一人の利用: the decisions for every work of the office's role; none without a place."""

    login: str
    name: str
    places: tuple[Place, ...]
    place: Place | None
    duties: tuple[Duty, ...]
    judged: tuple[Judged, ...]


def standing(permit: Permit, operator_id: int, terminal: str, factors: Collection[str]) -> Standing:
    """一人の利用: at a terminal, the first where he may sit if blank, having shown `factors`.

    Nobody is asked for leave in his name: the decisions are those of the law for these facts, and
    nothing is opened. Trailed; raises NotThere for no such operator or place, and for who does not
    work in the office of the actor where the permit is for that office alone.
    """
    demand_work(permit, "standing")
    operator = Operator.objects.select_related("office").filter(pk=operator_id).first()
    if operator is None:
        raise NotThere(operator_id)
    found = terminals_of(operator)
    if "every_office" not in permit.functions:
        assert permit.actor is not None, "a machine does not ask for one office"
        found = tuple(one for one in found if one.office.code == permit.actor.office)
        if not found and operator.office.code != permit.actor.office:
            raise NotThere(operator_id)
    with transaction.atomic():
        look(permit, "people_shown", "people.standing", detail={"operator": operator_id, "rows": 1})
    places = tuple(Place(one.code, f"{one.office.name} {one.name}") for one in found)
    place = _chosen(places, terminal)
    judged = _judged(permit, operator, place, factors) if place else ()
    duties = _duties(permit, operator, place) if place else ()
    return Standing(operator.login, operator.name, places, place, duties, judged)


@dataclass(frozen=True)
class Colleague:
    """所属の操作者: who works in the office of the actor today."""

    operator_id: int
    login: str
    name: str


def colleagues(permit: Permit) -> tuple[Colleague, ...]:
    """所属の操作者: of the actor's office, and those with a right there; one look, trailed."""
    demand_work(permit, "standing")
    assert permit.actor is not None, "a machine has no colleagues"
    here = Right.objects.filter(running(permit.on), office__code=permit.actor.office)
    works_here = Q(office__code=permit.actor.office) | Q(pk__in=here.values("operator"))
    with transaction.atomic():
        found = Operator.objects.filter(works_here, is_active=True).order_by("login")
        shown = tuple(Colleague(one.pk, one.login, one.name) for one in found)
        look(permit, "people_shown", "people.colleagues", detail={"rows": len(shown)})
    return shown


def _chosen(places: tuple[Place, ...], terminal: str) -> Place | None:
    if not terminal:
        return places[0] if places else None
    found = next((one for one in places if one.code == terminal), None)
    if found is None:
        raise NotThere(terminal)
    return found


def _duties(permit: Permit, operator: Operator, place: Place) -> tuple[Duty, ...]:
    """What the decisions rest on: rights of the person there, of the office, and roles borne."""
    on = permit.on
    office = Terminal.objects.values_list("office", flat=True).get(code=place.code)
    own = Right.objects.filter(running(on), operator=operator, office=office).order_by("id")
    shared = standing_of_offices.shared([operator], on)[operator.pk]
    borne = responsibles.posts_of(roles_of(operator.pk, on), on=on)
    found = [(one.post, "本人の操作権限") for one in own]
    found += [(one.post, "所属の操作権限") for one in shared if one.office_id == office]
    found += [(post, "責任者の役割") for post in sorted(borne)]
    return tuple(Duty(POSTS.get(post, post), source) for post, source in found)


def _judged(
    permit: Permit, operator: Operator, place: Place, factors: Collection[str]
) -> tuple[Judged, ...]:
    there = Terminal.objects.select_related("office").get(code=place.code)
    role = OFFICE_KINDS[there.office.kind].role
    person = replace(actor(operator, place.code, uuid4()), factors=frozenset(factors))
    return tuple(
        Judged(one, permitting.permitted(asked_by(person, one.code), on=permit.on))
        for one in PURPOSES
        if one.in_force(permit.on)
        and role in {OFFICE_KINDS[kind].role for kind in one.office_kinds}
    )

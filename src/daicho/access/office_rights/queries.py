"""所属の照会: what each office may do now, later and before, and who belongs to it; each behind a
Permit; frozen values."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import Q, QuerySet

from daicho.access.hindering import hindered
from daicho.access.models import Office, OfficeRight, OfficeRightExclusion, Operator
from daicho.access.office_rights import standing
from daicho.access.people.registering import not_over, running, state_of
from daicho.access.permits import Permit, demand_work, look
from daicho.law.purposes import OFFICE_KINDS, POSTS


@dataclass(frozen=True)
class OfficeLine:
    """所属の一覧の行: an office, how many belong to it, and what it may do today."""

    code: str
    name: str
    kind: str  # the kind's name
    member_count: int
    posts: tuple[str, ...]  # names


@dataclass(frozen=True)
class Given:
    """所属の権限の行: a post of the office; `state` is "now", "planned" or "past"."""

    row_id: int
    post: str  # its name
    since: date
    until: date | None
    by: str  # who gave it; blank: from the server's own terminal
    state: str


@dataclass(frozen=True)
class Excluded:
    """除外の行: who does not have a post of the office, from when to when."""

    row_id: int
    operator_id: int
    name: str
    login: str
    post: str
    since: date
    until: date | None
    by: str
    state: str


@dataclass(frozen=True)
class Member:
    """所属の者: who belongs to the office and has not left, with what he has by it today."""

    operator_id: int
    name: str
    login: str
    posts: tuple[str, ...]
    hindered: str  # why he has nothing by it today; blank where nothing hinders


@dataclass(frozen=True)
class OfficePage:
    """所属: its rights, who is excluded of them, and its people."""

    line: OfficeLine
    rights: tuple[Given, ...]
    excluded: tuple[Excluded, ...]
    members: tuple[Member, ...]


def offices(permit: Permit) -> tuple[OfficeLine, ...]:
    """所属の一覧: by code; counts and posts alone, so it leaves no trail row."""
    demand_work(permit, "people")
    held: dict[int, list[str]] = {}
    for right in OfficeRight.objects.filter(running(permit.on)).order_by("id"):
        held.setdefault(right.office_id, []).append(_name(right.post))
    counts = Counter(_working(permit.on).values_list("office", flat=True))
    return tuple(
        _line(one, counts[one.pk], held.get(one.pk, ())) for one in Office.objects.order_by("code")
    )


def office(permit: Permit, code: str) -> OfficePage | None:
    """所属: its rights and people; one look, trailed. None where there is no such office."""
    demand_work(permit, "people")
    found = Office.objects.filter(code=code).first()
    if found is None:
        return None
    with transaction.atomic():
        people = list(_working(permit.on).filter(office=found).order_by("login"))
        excluded = _excluded(found, permit.on)
        rights = _rights(found, permit.on)
        shown = len({one.pk for one in people} | {one.operator_id for one in excluded})
        look(permit, "people_shown", "people.office", detail={"rows": shown})
    now = [one.post for one in rights if one.state == "now"]
    return OfficePage(
        line=_line(found, len(people), now),
        rights=rights,
        excluded=excluded,
        members=_members(people, permit.on),
    )


def is_own(permit: Permit, code: str) -> bool:
    """自分の所属か: does who looks belong to that office? It tells nothing of anybody else."""
    demand_work(permit, "people")
    actor = permit.actor.operator_id if permit.actor else 0
    return Operator.objects.filter(pk=actor, office__code=code).exists()


def of_person(permit: Permit, operator_id: int) -> tuple[Given, ...]:
    """所属から受ける権限: of a person's own office, those that hold or are planned; the state
    "excluded" is that of one which the person does not have today. It goes with the person's page,
    which is trailed; nothing to who has ended.
    """
    demand_work(permit, "people")
    operator = _working(permit.on).select_related("office").filter(pk=operator_id).first()
    if operator is None:
        return ()
    out = OfficeRightExclusion.objects.filter(running(permit.on), operator=operator)
    left_out = {
        _name(one) for one in out.filter(office=operator.office).values_list("post", flat=True)
    }
    return tuple(
        _excepted(one) if one.state == "now" and one.post in left_out else one
        for one in _rights(operator.office, permit.on)
        if one.state != "past"
    )


def _excepted(one: Given) -> Given:
    return Given(one.row_id, one.post, one.since, one.until, one.by, "excluded")


def _working(on: date) -> QuerySet[Operator]:
    """Whose account is not over on that day."""
    return Operator.objects.filter(Q(until_on=None) | Q(until_on__gte=on), is_active=True)


def _line(office: Office, member_count: int, posts: Sequence[str]) -> OfficeLine:
    kind = OFFICE_KINDS.get(office.kind)
    name = kind.name if kind else office.kind
    return OfficeLine(office.code, office.name, name, member_count, tuple(posts))


def _name(post: str) -> str:
    return POSTS.get(post, post)


def _rights(office: Office, on: date) -> tuple[Given, ...]:
    found = OfficeRight.objects.filter(office=office).select_related("given_by")
    return tuple(
        Given(
            row_id=one.pk,
            post=_name(one.post),
            since=one.since,
            until=one.until,
            by=one.given_by.name if one.given_by else "",
            state=state_of(one.since, one.until, on),
        )
        for one in found.order_by("-since", "-id")
    )


def _excluded(office: Office, on: date) -> tuple[Excluded, ...]:
    found = OfficeRightExclusion.objects.filter(not_over(on), office=office)
    rows = found.select_related("operator", "given_by").order_by("operator__login", "since", "id")
    return tuple(
        Excluded(
            row_id=one.pk,
            operator_id=one.operator_id,
            name=one.operator.name,
            login=one.operator.login,
            post=_name(one.post),
            since=one.since,
            until=one.until,
            by=one.given_by.name if one.given_by else "",
            state=state_of(one.since, one.until, on),
        )
        for one in rows
    )


def _members(people: Sequence[Operator], on: date) -> tuple[Member, ...]:
    has: Mapping[int, Sequence[OfficeRight]] = standing.shared(people, on)
    findings = hindered(people, on)
    return tuple(
        Member(
            operator_id=one.pk,
            name=one.name,
            login=one.login,
            posts=tuple(_name(right.post) for right in has[one.pk]),
            hindered=finding.what if (finding := findings[one.pk]) else "",
        )
        for one in people
    )

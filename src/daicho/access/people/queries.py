"""人と権限の照会: what the console shows of people, each behind a Permit; frozen values."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q

from daicho.access import clock
from daicho.access.entering import factors
from daicho.access.entering.factors import Factor
from daicho.access.hindering import hindered
from daicho.access.models import Designation, Holding, Mask, Office, Operator, Right
from daicho.access.office_rights import standing
from daicho.access.people import engagements
from daicho.access.people.engagements import Entered
from daicho.access.people.registering import not_over, running, state_of
from daicho.access.permits import Permit, demand_work, look
from daicho.law.purposes import POSTS
from daicho.law.rule import Finding
from daicho.law.safety import entering, responsibles
from daicho.law.safety.masking import MASKABLE
from daicho.law.safety.responsibles import TREES

STATES = ("working", "hindered", "ended")
"""絞り込み: who may sign in today, who may not just now, and who has ended."""


@dataclass(frozen=True)
class OfficeName:
    """所属: code and name."""

    code: str
    name: str


@dataclass(frozen=True)
class Listed:
    """操作者の一覧の行: one person, with the posts of today and what hinders sign-in."""

    operator_id: int
    login: str
    name: str
    kind: str  # the kind's name
    office_code: str
    office: str
    posts: tuple[
        str, ...
    ]  # names, with the office where it is another; of the office; then the roles borne
    hindered: Finding | None
    locked_until: datetime | None  # None: not locked at this moment

    @property
    def state(self) -> str:
        """One of STATES."""
        if self.hindered is not None and self.hindered.code == "access.operator_ended":
            return "ended"
        return "hindered" if self.hindered or self.locked_until else "working"


@dataclass(frozen=True)
class LockedOperator:
    """停止中の操作者: whom the administrators may be asked about, and until when."""

    login: str
    office: str
    locked_until: datetime


@dataclass(frozen=True)
class Period:
    """期間の行: a right, a holding, a designation or a mask; `state` on the day of the look."""

    row_id: int
    what: str
    where: str
    since: date
    until: date | None
    document: str
    by: str  # who gave it; blank: from the server's own terminal
    state: str  # "now", "planned" or "past"


@dataclass(frozen=True)
class Person:
    """操作者: everything that the console shows of one."""

    listed: Listed
    kind_code: str
    from_on: date | None
    until_on: date | None
    is_active: bool
    password_is_initial: bool
    is_contractor: bool
    rights: tuple[Period, ...]
    holdings: tuple[Period, ...]
    designations: tuple[Period, ...]
    masks: tuple[Period, ...]  # classes of items that are not shown to this person
    engagement: Entered | None
    factors: tuple[Factor, ...]


def offices(permit: Permit) -> tuple[OfficeName, ...]:
    """Every office; it concerns no person, so it leaves no trail row."""
    demand_work(permit, "people", "responsibles", "reviews", "terminals")
    rows = Office.objects.order_by("code").values_list("code", "name")
    return tuple(OfficeName(*row) for row in rows)


def locked_operators(permit: Permit) -> tuple[LockedOperator, ...]:
    """The operators who cannot sign in at this moment, by login; one look, trailed."""
    demand_work(permit, "console")
    with transaction.atomic():
        locked = Operator.objects.filter(locked_until__gt=clock.now()).select_related("office")
        shown = tuple(
            LockedOperator(one.login, one.office.name, one.locked_until)
            for one in locked.order_by("login")
            if one.locked_until is not None
        )
        if shown:
            look(permit, "look", "console.locked_operators", detail={"rows": len(shown)})
    return shown


def operators(permit: Permit) -> tuple[Listed, ...]:
    """Every operator, those who have ended too, by login, for a command; one look, trailed."""
    demand_work(permit, "operators")
    with transaction.atomic():
        every = Operator.objects.select_related("office").order_by("login")
        shown = _listed(list(every), permit.on)
        look(permit, "look", "operators", detail={"rows": len(shown)})
    return shown


def people(permit: Permit, office: str = "", state: str = "", text: str = "") -> tuple[Listed, ...]:
    """操作者の一覧: by login; of an office, in a state, with a text in login or name. Trailed."""
    demand_work(permit, "people")
    found = Operator.objects.select_related("office").order_by("login")
    if office:
        given = Right.objects.filter(not_over(permit.on), office__code=office)
        found = found.filter(Q(office__code=office) | Q(pk__in=given.values("operator")))
    if text:
        found = found.filter(Q(login__icontains=text) | Q(name__icontains=text))
    with transaction.atomic():
        every = _listed(list(found), permit.on)
        shown = tuple(one for one in every if not state or one.state == state)
        look(permit, "people_shown", "people.list", detail={"rows": len(shown)})
    return shown


def person(permit: Permit, operator_id: int) -> Person | None:
    """操作者: one with rights, masks, positions, designations, factors; None for nobody."""
    demand_work(permit, "people")
    with transaction.atomic():
        operator = Operator.objects.select_related("office").filter(pk=operator_id).first()
        if operator is None:
            return None
        look(permit, "people_shown", "people.one", detail={"operator": operator_id, "rows": 1})
        (listed,) = _listed([operator], permit.on)
        return Person(
            listed=listed,
            kind_code=operator.kind,
            from_on=operator.from_on,
            until_on=operator.until_on,
            is_active=operator.is_active,
            password_is_initial=operator.password_is_initial,
            is_contractor=entering.is_contractor(operator.kind),
            rights=_rights(operator, permit.on),
            holdings=_holdings(operator, permit.on),
            designations=_designations(operator, permit.on),
            masks=_masks(operator, permit.on),
            engagement=engagements.newest(operator.pk),
            factors=factors.registered(operator),
        )


def _listed(operators: Sequence[Operator], on: date) -> tuple[Listed, ...]:
    ids = [one.pk for one in operators]
    posts: dict[int, list[str]] = {one: [] for one in ids}
    own = {one.pk: one.office_id for one in operators}
    given = Right.objects.filter(running(on), operator__in=ids).select_related("office")
    for right in given.order_by("id"):
        elsewhere = "" if right.office_id == own[right.operator_id] else f"({right.office.name})"
        posts[right.operator_id].append(f"{POSTS.get(right.post, right.post)}{elsewhere}")
    for operator_id, shared in standing.shared(operators, on).items():
        posts[operator_id] += [f"{POSTS.get(one.post, one.post)}(所属)" for one in shared]
    for operator_id, role in _borne(ids, on):
        posts[operator_id].append(role)
    found = hindered(operators, on)
    return tuple(_line(one, posts[one.pk], found[one.pk]) for one in operators)


def _borne(ids: Sequence[int], on: date) -> Iterator[tuple[int, str]]:
    """Who bears which role on that day, by the position held."""
    names = {one.code: one.name for one in responsibles.roles(on)}
    held = Holding.objects.filter(running(on), operator__in=ids).filter(
        running(on, "position__responsible__")
    )
    for operator_id, role in held.values_list("operator_id", "position__responsible__role"):
        if role in names:
            yield operator_id, names[role]


def _line(one: Operator, posts: list[str], finding: Finding | None) -> Listed:
    is_locked = one.locked_until is not None and one.locked_until > clock.now()
    kind = entering.KINDS.get(one.kind)
    return Listed(
        operator_id=one.pk,
        login=one.login,
        name=one.name,
        kind=kind.name if kind else one.kind,
        office_code=one.office.code,
        office=one.office.name,
        posts=tuple(posts),
        hindered=finding,
        locked_until=one.locked_until if is_locked else None,
    )


def _rights(operator: Operator, on: date) -> tuple[Period, ...]:
    found = Right.objects.filter(operator=operator).select_related("office", "given_by")
    return tuple(
        _period(one, on, POSTS.get(one.post, one.post), one.given_by, where=one.office.name)
        for one in found.order_by("-since", "-id")
    )


def _holdings(operator: Operator, on: date) -> tuple[Period, ...]:
    found = Holding.objects.filter(operator=operator).select_related("position", "entered_by")
    return tuple(
        _period(one, on, one.position.title, one.entered_by, document=one.document)
        for one in found.order_by("-since", "-id")
    )


def _designations(operator: Operator, on: date) -> tuple[Period, ...]:
    found = Designation.objects.filter(operator=operator).select_related("given_by")
    return tuple(
        _period(one, on, TREES.get(one.tree, one.tree), one.given_by, document=one.document)
        for one in found.order_by("-since", "-id")
    )


def _masks(operator: Operator, on: date) -> tuple[Period, ...]:
    found = Mask.objects.filter(operator=operator).select_related("given_by")
    return tuple(
        _period(one, on, MASKABLE.get(one.item, one.item), one.given_by)
        for one in found.order_by("-since", "-id")
    )


def _period(
    row: Right | Holding | Designation | Mask,
    on: date,
    what: str,
    by: Operator | None,
    *,
    where: str = "",
    document: str = "",
) -> Period:
    return Period(
        row_id=row.pk,
        what=what,
        where=where,
        since=row.since,
        until=row.until,
        document=document,
        by=by.name if by else "",
        state=state_of(row.since, row.until, on),
    )


def names_of(permit: Permit, operator_ids: Collection[int]) -> Mapping[int, str]:
    """氏名と操作者ID: of colleagues who took the steps that a page of this work tells of."""
    demand_work(permit, "disclosures", "disposals", "retention", "number_files", "data_exports")
    found = Operator.objects.filter(pk__in=list(operator_ids))
    return {one.pk: f"{one.name}({one.login})" for one in found}

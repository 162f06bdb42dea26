"""責任者の画面: the two trees side by side as of a day, positions and who holds them."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse

from daicho.access import policy
from daicho.access.acting import Actor
from daicho.access.people import overviews, positions, queries, responsibles
from daicho.access.people.overviews import Holder, Place, Tree
from daicho.access.permits import Permit
from daicho.law.safety.responsibles import Role, roles
from daicho.terms.dates import wareki
from daicho.web.asking import Request
from daicho.web.console.acts import About, Act, answer, held, permit_among
from daicho.web.console.fields import ActForm, ChoiceField, DayField, WordsField
from daicho.web.required import at_terminal, methods

ADMINISTRATION = "people.administration"
LOOKS = (ADMINISTRATION, "people.designation", "people.responsibles")
"""責任者を見る事務."""


class AsOf(ActForm):
    """いつの体制か: a day."""

    def __init__(self, typed: Mapping[str, Any]) -> None:
        super().__init__(typed)
        self.fields["on"] = DayField("いつの体制か")


@methods("GET")
@at_terminal
def trees(request: Request, actor: Actor) -> HttpResponse:
    """責任者: the roles of both trees on a day, and who bears them."""
    permit = permit_among(actor, LOOKS)
    form = AsOf(request.GET if "on" in request.GET else {"on": wareki(permit.on)})
    on = form.cleaned_data["on"] if form.is_valid() else permit.on
    found = overviews.trees(permit, on)
    may_change = ADMINISTRATION in held(actor) and on == permit.on
    context = {
        "form": form,
        "on": on,
        "trees": found,
        "places": overviews.places(permit, on),
        "may_change": may_change,
        "pack": policy.pack(),
        "may_seed": may_change and _unfilled(found),
    }
    return render(request, "console/responsibles.html", context, status=200)


def _unfilled(found: Sequence[Tree]) -> bool:
    """Does the pack name a bearer for a role that nobody bears?"""
    empty = {one.role.code for tree in found for one in tree.roles if one.place is None}
    return any(one.role in empty for one in policy.pack().bearers)


def _places(permit: Permit) -> list[tuple[str, str]]:
    found = overviews.places(permit, permit.on)
    return [(str(one.position_id), f"{one.title} {one.office}".strip()) for one in found]


class BearForm(ActForm):
    """充てる職の入力: the position, and from when."""

    def __init__(self, permit: Permit, _role: Role, typed: QueryDict | None) -> None:
        super().__init__(typed, initial={"since": permit.on})
        self.fields["position"] = ChoiceField("充てる職", _places(permit))
        self.fields["since"] = DayField("初日", hint="前の職は、前の日まで負います")


class PositionForm(ActForm):
    """職の入力: title, office, first day."""

    def __init__(self, permit: Permit, typed: QueryDict | None) -> None:
        super().__init__(typed, initial={"since": permit.on})
        offices = [(one.code, f"{one.code} {one.name}") for one in queries.offices(permit)]
        self.fields["title"] = WordsField("職の名前", 60, hint="例 市民課長")
        self.fields["office"] = ChoiceField("所属", offices, blank="所属なし(副市長など)")
        self.fields["since"] = DayField("初日")


class HoldForm(ActForm):
    """就任の入力: who, from when, by which document."""

    def __init__(self, permit: Permit, _place: Place, typed: QueryDict | None) -> None:
        super().__init__(typed, initial={"since": permit.on})
        found = [one for one in queries.people(permit) if one.state != "ended"]
        people = [(str(one.operator_id), f"{one.name}({one.login} {one.office})") for one in found]
        self.fields["operator"] = ChoiceField("就く者", people)
        self.fields["since"] = DayField("初日", hint="前の者は、前の日で離れます")
        self.fields["document"] = WordsField("辞令", 60, hint="発令番号など")


class EndForm(ActForm):
    """離任の入力: the last day."""

    def __init__(self, permit: Permit, _holder: Holder, typed: QueryDict | None) -> None:
        super().__init__(typed, initial={"last_on": permit.on})
        self.fields["last_on"] = DayField("最後の日", hint="次の日から空席になります")


def _bear(permit: Permit, role: Role, typed: Mapping[str, Any]) -> None:
    responsibles.bear(permit, role.code, int(typed["position"]), typed["since"])


def _add(permit: Permit, _subject: None, typed: Mapping[str, Any]) -> None:
    positions.add(permit, typed["title"], typed["office"], typed["since"])


def _hold(permit: Permit, place: Place, typed: Mapping[str, Any]) -> None:
    positions.hold(
        permit, place.position_id, int(typed["operator"]), typed["since"], typed["document"]
    )


def _end(permit: Permit, holder: Holder, typed: Mapping[str, Any]) -> None:
    positions.end(permit, holder.row_id, typed["last_on"])


def _seed(permit: Permit, _subject: None, _typed: Mapping[str, Any]) -> None:
    responsibles.ensure(permit, policy.pack().bearers)


_BEAR: Act[Role] = Act("充てる職を変える", ADMINISTRATION, "登録する", BearForm, _bear)
_ADD: Act[None] = Act(
    "新しい職",
    ADMINISTRATION,
    "登録する",
    lambda permit, _subject, typed: PositionForm(permit, typed),
    _add,
)
_HOLD: Act[Place] = Act("職に就く者を登録する", ADMINISTRATION, "登録する", HoldForm, _hold)
_END: Act[Holder] = Act("離任を登録する", ADMINISTRATION, "登録する", EndForm, _end)
_SEED: Act[None] = Act(
    "規程のとおりに職を充てる",
    ADMINISTRATION,
    "登録する",
    lambda _permit, _subject, typed: ActForm(typed),
    _seed,
)


@methods("GET", "POST")
@at_terminal
def bear(request: Request, actor: Actor, code: str) -> HttpResponse:
    """充てる職の変更: of a role, with a first day."""
    permit = permit_among(actor, [_BEAR.purpose])
    role = next((one for one in roles(permit.on) if one.code == code), None)
    if role is None:
        raise Http404
    return answer(request, permit, _BEAR, role, _about(role.name))


@methods("GET", "POST")
@at_terminal
def new_position(request: Request, actor: Actor) -> HttpResponse:
    """新しい職."""
    permit = permit_among(actor, [_ADD.purpose])
    about = _about("職は、人が順に就く場所です。職位で権限が決まることはありません。")
    return answer(request, permit, _ADD, None, about)


@methods("GET", "POST")
@at_terminal
def hold(request: Request, actor: Actor, position_id: int) -> HttpResponse:
    """就任: who holds a position from a day on."""
    permit = permit_among(actor, [_HOLD.purpose])
    place = _place(permit, position_id, permit.on)
    holder = place.holder
    facts = [("今の者", holder.name if holder else "空席")]
    return answer(request, permit, _HOLD, place, _about(place.title, facts))


@methods("GET", "POST")
@at_terminal
def end_holding(request: Request, actor: Actor, holding_id: int) -> HttpResponse:
    """離任: the last day of a holder."""
    permit = permit_among(actor, [_END.purpose])
    found = (
        (place, holder)
        for place in overviews.places(permit, permit.on)
        for holder in place.holders
        if holder.row_id == holding_id
    )
    place, holder = next(found, (None, None))
    if place is None or holder is None:
        raise Http404
    about = _about(holder.name, [("職", place.title), ("初日", wareki(holder.since))])
    return answer(request, permit, _END, holder, about)


@methods("GET", "POST")
@at_terminal
def seed(request: Request, actor: Actor) -> HttpResponse:
    """規程からの登録: the positions that the pack of rules names."""
    permit = permit_among(actor, [_SEED.purpose])
    names = {one.code: one.name for one in roles(permit.on)}
    facts = [(names.get(one.role, one.role), one.position) for one in policy.pack().bearers]
    return answer(request, permit, _SEED, None, _about(policy.pack().title, facts))


def _place(permit: Permit, position_id: int, on: date) -> Place:
    found = (one for one in overviews.places(permit, on) if one.position_id == position_id)
    place = next(found, None)
    if place is None:
        raise Http404
    return place


def _about(name: str, facts: Sequence[tuple[str, str]] = ()) -> About:
    return About(name, facts, reverse("console:responsibles"))

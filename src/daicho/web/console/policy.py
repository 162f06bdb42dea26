"""利用の決まりの画面: the table of who may look for what, and what one person may do by it."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.conf import settings
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import render

from daicho.access import judging
from daicho.access.acting import Actor
from daicho.access.people.registering import NotThere
from daicho.access.permits import Permit
from daicho.law import purposes
from daicho.law.purposes import OFFICE_KINDS, POSTS, PURPOSES, Purpose
from daicho.law.safety import grounds
from daicho.law.safety.responsibles import TREES
from daicho.law.safety.zones import FACTORS
from daicho.web.asking import Request
from daicho.web.console.acts import held, permit_among
from daicho.web.console.fields import ActForm, ChoiceField
from daicho.web.required import at_terminal, methods

LOOKS = ("policy.look",)
"""決まりを見る事務."""

OF_ONE = ("policy.standing", "policy.own_office")
"""一人について見る事務: of every office, or of one's own."""

CLASSES: Mapping[str, str] = {
    "resident": "基本",
    "family_register": "戸籍",
    "residence_status": "在留",
    "record_code": "コード",
    "individual_number": "番号",
    "protection": "支援",
    "suppressed": "抑止",
}
"""見える項目の短い名: of every class of items, for the head of a column."""
assert CLASSES.keys() == purposes.SEES, "every class has its column"

# The suite's role runs the municipality's screens.
_ROLE = {"test": "municipality"}.get(settings.ROLE.name, settings.ROLE.name)


class PolicyFilter(ActForm):
    """絞り込み: by kind of office and by post."""

    def __init__(self, permit: Permit, typed: QueryDict) -> None:
        super().__init__(typed)
        rows = list(_rows(permit))
        kinds = [
            (code, one.name)
            for code, one in OFFICE_KINDS.items()
            if any(code in row.office_kinds for row in rows)
        ]
        posts = [
            (code, name) for code, name in POSTS.items() if any(code in row.posts for row in rows)
        ]
        self.fields["kind"] = ChoiceField("所属の種別", kinds, blank="すべて")
        self.fields["post"] = ChoiceField("担当", posts, blank="すべて")


class PlaceFilter(ActForm):
    """誰がどこで: the terminal and what is shown at sign-in."""

    def __init__(self, found: judging.Standing, typed: QueryDict) -> None:
        super().__init__(typed)
        places = [(one.code, f"{one.code} {one.name}") for one in found.places]
        factors = [(one.code, one.name) for one in FACTORS if one.code != "password"]
        self.fields["terminal"] = ChoiceField("端末", places, blank="はじめの端末")
        self.fields["factor"] = ChoiceField("パスワードのほか", factors, blank="なし")


@methods("GET")
@at_terminal
def table(request: Request, actor: Actor) -> HttpResponse:
    """利用の決まり: every work in force today, who may do it, and what it shows."""
    permit = permit_among(actor, LOOKS)
    form = PolicyFilter(permit, request.GET)
    asked = form.cleaned_data if form.is_valid() else {}
    rows = [
        one
        for one in _rows(permit)
        if asked.get("kind", "") in ("", *one.office_kinds)
        and asked.get("post", "") in ("", *one.posts)
    ]
    context = {
        "form": form,
        "classes": CLASSES.values(),
        "rows": [_shown(one) for one in rows],
        "on": permit.on,
        "colleagues": _colleagues(actor),
    }
    return render(request, "console/policy.html", context)


def _colleagues(actor: Actor) -> tuple[judging.Colleague, ...]:
    """Of whom the actor may ask what they may do: of the own office, where that is all he may."""
    if held(actor).isdisjoint({"policy.own_office"}):
        return ()
    return judging.colleagues(permit_among(actor, ["policy.own_office"]))


@methods("GET")
@at_terminal
def standing(request: Request, actor: Actor, operator_id: int) -> HttpResponse:
    """一人の利用: of each work whether this person may do it here, what is seen, and why."""
    permit = permit_among(actor, OF_ONE)
    factors = {"password", request.GET.get("factor", "")} - {""}
    try:
        found = judging.standing(
            permit, operator_id, request.GET.get("terminal", ""), sorted(factors)
        )
    except NotThere:
        raise Http404 from None
    lines = [(_shown(one.purpose, one.decision.sees), one.decision) for one in found.judged]
    context = {
        "person": found,
        "form": PlaceFilter(found, request.GET),
        "classes": CLASSES.values(),
        "allowed": [one for one in lines if one[1].finding is None],
        "refused": [one for one in lines if one[1].finding is not None],
    }
    return render(request, "console/standing.html", context)


def _rows(permit: Permit) -> Iterator[Purpose]:
    for one in PURPOSES:
        roles = {OFFICE_KINDS[kind].role for kind in one.office_kinds}
        if one.in_force(permit.on) and _ROLE in roles:
            yield one


def _shown(one: Purpose, sees: frozenset[str] | None = None) -> dict[str, Any]:
    """One line of the table: `sees` where it is cut for somebody, else all that the work sees."""
    seen = one.sees if sees is None else sees
    return {
        "row": one,
        "kinds": [OFFICE_KINDS[kind].name for kind in one.office_kinds],
        "posts": [POSTS[post] for post in one.posts],
        "sees": [
            (name, "seen" if code in seen else "cut" if code in one.sees else "")
            for code, name in CLASSES.items()
        ],
        "notes": list(_notes(one)),
        "cited": "、".join(cite.japanese for cite in one.cites),
    }


def _notes(one: Purpose) -> Iterator[str]:
    if one.tree:
        yield f"従事者の指定が必要（{TREES[one.tree]}）"
    if one.ground:
        yield f"番号の根拠: {grounds.NAMES[one.ground]}"
    if one.reach == "ward":
        yield "所属の区の住民だけ"
    if one.protected == "withheld":
        yield "支援措置の対象者は氏名と番号だけ"
    if one.needs_grant:
        yield "緊急の利用の許可が必要"

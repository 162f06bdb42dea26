"""所属への操作: give and end what a whole office may do, and leave a person out of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpResponse, QueryDict
from django.urls import reverse

from daicho.access.acting import Actor
from daicho.access.office_rights import excluding, giving, queries
from daicho.access.office_rights.queries import OfficePage
from daicho.access.permits import Permit
from daicho.law.purposes import BY_PERSON, POSTS
from daicho.terms.dates import wareki
from daicho.web.asking import Request
from daicho.web.console.acts import About, Act, answer, permit_among
from daicho.web.console.fields import ActForm, ChoiceField, DayField, SureField
from daicho.web.required import at_terminal, methods

_ADMINISTRATION = "people.administration"
_BLANK_END = "決まっていなければ空けます"


@dataclass(frozen=True)
class Chosen:
    """対象: the office, and the row of it that the act is about; 0 where it is a new one."""

    office: OfficePage
    row_id: int = 0

    @property
    def code(self) -> str:
        """The office's code."""
        return self.office.line.code


class GiveForm(ActForm):
    """所属への付与の入力: post, days."""

    def __init__(self, permit: Permit, _chosen: Chosen, typed: QueryDict | None) -> None:
        super().__init__(typed, initial={"since": permit.on})
        posts = [(code, name) for code, name in POSTS.items() if code not in BY_PERSON]
        self.fields["post"] = ChoiceField("担当", posts)
        self.fields["since"] = DayField("初日", hint="先の日でも構いません。例 R9.4.1")
        self.fields["until"] = DayField("最後の日", required=False, hint=_BLANK_END)


class LastDayForm(ActForm):
    """最後の日の入力: a day, or at once."""

    hint = "この日までは使えます"

    def __init__(self, permit: Permit, _chosen: Chosen, typed: QueryDict | None) -> None:
        super().__init__(typed, initial={"last_on": permit.on})
        self.fields["last_on"] = DayField("最後の日", hint=self.hint)
        at_once = SureField("最後の日を待たず、今すぐ終える")
        at_once.required = False
        self.fields["at_once"] = at_once


class LastDayExcludedForm(LastDayForm):
    """最後の日の入力: of an exclusion."""

    hint = "この日までは使えません"


class ExcludeForm(ActForm):
    """除外の入力: who of the office, days."""

    def __init__(self, permit: Permit, chosen: Chosen, typed: QueryDict | None) -> None:
        super().__init__(typed, initial={"since": permit.on})
        own = permit.actor.operator_id if permit.actor else 0
        members = [
            (str(one.operator_id), f"{one.name} {one.login}")
            for one in chosen.office.members
            if one.operator_id != own
        ]
        self.fields["operator"] = ChoiceField("除く者", members)
        self.fields["since"] = DayField("初日", hint="今日なら、すぐに使えなくなります")
        self.fields["until"] = DayField("最後の日", required=False, hint=_BLANK_END)


def _give(permit: Permit, chosen: Chosen, typed: Mapping[str, Any]) -> None:
    giving.give(permit, chosen.code, typed["post"], typed["since"], typed["until"])


def _end(permit: Permit, chosen: Chosen, typed: Mapping[str, Any]) -> None:
    giving.end(permit, chosen.code, chosen.row_id, _last_on(typed))


def _exclude(permit: Permit, chosen: Chosen, typed: Mapping[str, Any]) -> None:
    excluding.exclude(permit, chosen.row_id, int(typed["operator"]), typed["since"], typed["until"])


def _include(permit: Permit, chosen: Chosen, typed: Mapping[str, Any]) -> None:
    excluding.include(permit, chosen.code, chosen.row_id, _last_on(typed))


def _last_on(typed: Mapping[str, Any]) -> Any:
    return None if typed["at_once"] else typed["last_on"]


_GIVE: Act[Chosen] = Act(
    "所属に操作権限を与える",
    _ADMINISTRATION,
    "与える",
    GiveForm,
    _give,
    warning="この所属の全員が、この所属の端末で使えるようになります。"
    "後から所属に加わった者も同じで、所属を離れた者はその時から使えません。"
    "個人番号を扱うには、このほかに、本人への従事者の指定が要ります。",
)
_END: Act[Chosen] = Act(
    "所属の操作権限を終える",
    _ADMINISTRATION,
    "終える",
    LastDayForm,
    _end,
    warning="この所属の全員が使えなくなります。一人だけのときは、その者を除きます。",
)
_EXCLUDE: Act[Chosen] = Act(
    "所属の操作権限から除く",
    _ADMINISTRATION,
    "除く",
    ExcludeForm,
    _exclude,
    warning="除かれた者は、所属から受けるこの担当を使えません。本人に与えた操作権限は残ります。",
)
_INCLUDE: Act[Chosen] = Act(
    "除外を終える", _ADMINISTRATION, "終える", LastDayExcludedForm, _include
)


@methods("GET", "POST")
@at_terminal
def give(request: Request, actor: Actor, code: str) -> HttpResponse:
    """所属への付与: for now or for a day to come."""
    permit, found = _found(actor, code)
    return _answer(request, permit, _GIVE, Chosen(found), "")


@methods("GET", "POST")
@at_terminal
def end(request: Request, actor: Actor, code: str, row_id: int) -> HttpResponse:
    """所属の権限の終わり: of one that holds or is planned."""
    permit, found = _found(actor, code)
    return _answer(request, permit, _END, Chosen(found, row_id), _right_name(found, row_id))


@methods("GET", "POST")
@at_terminal
def exclude(request: Request, actor: Actor, code: str, row_id: int) -> HttpResponse:
    """所属の権限からの除外: of one person of the office."""
    permit, found = _found(actor, code)
    return _answer(request, permit, _EXCLUDE, Chosen(found, row_id), _right_name(found, row_id))


@methods("GET", "POST")
@at_terminal
def include(request: Request, actor: Actor, code: str, row_id: int) -> HttpResponse:
    """除外の終わり."""
    permit, found = _found(actor, code)
    named = (
        f"{one.name} {one.login}: {one.post}({wareki(one.since)}から)"
        for one in found.excluded
        if one.row_id == row_id
    )
    name = next(named, "")
    return _answer(request, permit, _INCLUDE, Chosen(found, row_id), name)


def _found(actor: Actor, code: str) -> tuple[Permit, OfficePage]:
    permit = permit_among(actor, [_ADMINISTRATION])
    found = queries.office(permit, code)
    if found is None:
        raise Http404
    return permit, found


def _right_name(found: OfficePage, row_id: int) -> str:
    named = (
        f"{one.post}({wareki(one.since)}から)"
        for one in found.rights
        if one.row_id == row_id and one.state != "past"
    )
    return next(named, "")


def _answer(
    request: Request, permit: Permit, act: Act[Chosen], chosen: Chosen, name: str
) -> HttpResponse:
    if chosen.row_id and not name:
        raise Http404  # another office's row is not there either
    line = chosen.office.line
    facts = [
        ("所属の種別", line.kind),
        ("所属する者", f"{line.member_count}人"),
        ("今の担当", "、".join(line.posts) or "なし"),
        *([("対象", name)] if name else []),
    ]
    about = About(line.name, facts, reverse("console:office", args=[line.code]))
    return answer(request, permit, act, chosen, about)

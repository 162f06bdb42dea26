"""終わらせる操作: a right, a mask, a designation or an authenticator of one person."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.http import Http404, HttpResponse, QueryDict

from daicho.access.acting import Actor
from daicho.access.people import accounts, designations, masks, queries, rights
from daicho.access.people.queries import Period, Person
from daicho.access.permits import Permit
from daicho.terms.dates import wareki
from daicho.web.asking import Request
from daicho.web.console.acts import Act, answer, permit_among
from daicho.web.console.fields import ActForm, DayField, SureField
from daicho.web.console.person_acts import about_person
from daicho.web.required import at_terminal, methods


@dataclass(frozen=True)
class Ending:
    """対象の行: whose it is, its key, and what it is called."""

    person: Person
    row_id: int
    name: str


class LastDayForm(ActForm):
    """最後の日の入力: a day, or at once."""

    hint = "この日までは使えます"

    def __init__(self, permit: Permit, _ending: Ending, typed: QueryDict | None) -> None:
        super().__init__(typed, initial={"last_on": permit.on})
        self.fields["last_on"] = DayField("最後の日", hint=self.hint)
        at_once = SureField("最後の日を待たず、今すぐ終える")
        at_once.required = False
        self.fields["at_once"] = at_once


class LastDayHiddenForm(LastDayForm):
    """最後の日の入力: of what is not shown."""

    hint = "この日までは表示しません"


class RemovalForm(ActForm):
    """取消しの入力: a deliberate tick."""

    def __init__(self, _permit: Permit, _ending: Ending, typed: QueryDict | None) -> None:
        super().__init__(typed)
        self.fields["sure"] = SureField("この登録を取り消す")


def _last_on(typed: Mapping[str, Any]) -> Any:
    return None if typed["at_once"] else typed["last_on"]


def _end_right(permit: Permit, ending: Ending, typed: Mapping[str, Any]) -> None:
    rights.end(permit, ending.row_id, _last_on(typed))


def _end_mask(permit: Permit, ending: Ending, typed: Mapping[str, Any]) -> None:
    masks.show(permit, ending.row_id, _last_on(typed))


def _end_designation(permit: Permit, ending: Ending, typed: Mapping[str, Any]) -> None:
    designations.end(permit, ending.row_id, _last_on(typed))


def _remove_factor(permit: Permit, ending: Ending, _typed: Mapping[str, Any]) -> None:
    accounts.remove_factor(permit, ending.person.listed.operator_id, ending.row_id)


_RIGHT: Act[Ending] = Act(
    "操作権限を終える", "people.administration", "終える", LastDayForm, _end_right
)
_MASK: Act[Ending] = Act(
    "表示しない設定を終える",
    "people.administration",
    "終える",
    LastDayHiddenForm,
    _end_mask,
    warning="最後の日の翌日から、操作権限と事務に応じて、この項目が表示されます。",
)
_DESIGNATION: Act[Ending] = Act(
    "従事者の指定を終える", "people.designation", "終える", LastDayForm, _end_designation
)
_FACTOR: Act[Ending] = Act(
    "認証器の登録を取り消す",
    "people.administration",
    "取り消す",
    RemovalForm,
    _remove_factor,
    warning="この認証器ではサインインできなくなります。元に戻すには、登録し直します。",
)


@methods("GET", "POST")
@at_terminal
def end_right(request: Request, actor: Actor, operator_id: int, row_id: int) -> HttpResponse:
    """操作権限の終わり: of a right that holds or is planned."""
    return _answer(request, actor, _RIGHT, operator_id, row_id, _right_name)


@methods("GET", "POST")
@at_terminal
def end_mask(request: Request, actor: Actor, operator_id: int, row_id: int) -> HttpResponse:
    """表示しない設定の終わり: of one that holds or is planned."""
    return _answer(request, actor, _MASK, operator_id, row_id, _mask_name)


@methods("GET", "POST")
@at_terminal
def end_designation(request: Request, actor: Actor, operator_id: int, row_id: int) -> HttpResponse:
    """従事者の指定の終わり."""
    return _answer(request, actor, _DESIGNATION, operator_id, row_id, _designation_name)


@methods("GET", "POST")
@at_terminal
def remove_factor(request: Request, actor: Actor, operator_id: int, row_id: int) -> HttpResponse:
    """認証器の取消し."""
    return _answer(request, actor, _FACTOR, operator_id, row_id, _factor_name)


def _right_name(person: Person, row_id: int) -> str:
    found = (
        f"{one.what}({one.where}、{wareki(one.since)}から)"
        for one in person.rights
        if one.row_id == row_id
    )
    return next(found, "")


def _mask_name(person: Person, row_id: int) -> str:
    return _since_name(person.masks, row_id)


def _designation_name(person: Person, row_id: int) -> str:
    return _since_name(person.designations, row_id)


def _since_name(rows: Iterable[Period], row_id: int) -> str:
    found = (f"{one.what}({wareki(one.since)}から)" for one in rows if one.row_id == row_id)
    return next(found, "")


def _factor_name(person: Person, row_id: int) -> str:
    return next((f"{one.title} {one.name}" for one in person.factors if one.id == row_id), "")


def _answer(
    request: Request,
    actor: Actor,
    act: Act[Ending],
    operator_id: int,
    row_id: int,
    name_of: Callable[[Person, int], str],
) -> HttpResponse:
    permit = permit_among(actor, [act.purpose])
    person = queries.person(permit, operator_id)
    name = name_of(person, row_id) if person else ""
    if person is None or not name:
        raise Http404  # another person's row is not there either
    about = about_person(person)
    about = replace(about, facts=[*about.facts, ("対象", name)])
    return answer(request, permit, act, Ending(person, row_id, name), about)

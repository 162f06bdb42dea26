"""操作者の画面: the list with its filter, one person, and a new one."""

from collections.abc import Mapping
from typing import Any

from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse

from daicho.access.acting import Actor
from daicho.access.office_rights.queries import of_person
from daicho.access.people import accounts, queries
from daicho.access.people.accounts import NewOperator
from daicho.access.people.queries import Listed
from daicho.access.permits import Permit
from daicho.law.safety.entering import KINDS
from daicho.web.asking import Request
from daicho.web.console.acts import About, Act, answer, held, permit_among
from daicho.web.console.analyses import relations
from daicho.web.console.fields import ActForm, ChoiceField, CodeField, DayField, WordsField
from daicho.web.console.person_acts import offered
from daicho.web.required import at_terminal, methods

ADMINISTRATION = "people.administration"
LOOKS = (ADMINISTRATION, "people.designation", "people.responsibles")
"""操作者を見る事務: the first of these that the actor has is the purpose of the look."""

READS_STANDING = "policy.standing"
"""操作者が利用できる事務の確認: who has it is led on to what the person may do."""

STATES = {"working": "利用できる", "hindered": "今は利用できない", "ended": "終わり"}
_MOST = 200


class Filter(ActForm):
    """絞り込み: office, state, a text in login or name."""

    def __init__(self, permit: Permit, typed: QueryDict) -> None:
        super().__init__(typed)
        offices = [(one.code, f"{one.code} {one.name}") for one in queries.offices(permit)]
        self.fields["text"] = WordsField("操作者ID・氏名", 60, required=False)
        self.fields["office"] = ChoiceField("所属", offices, blank="すべて")
        self.fields["state"] = ChoiceField("状態", STATES.items(), blank="すべて")


@methods("GET")
@at_terminal
def listing(request: Request, actor: Actor) -> HttpResponse:
    """操作者の一覧: of those who work here, with the posts of today."""
    permit = permit_among(actor, LOOKS)
    form = Filter(permit, request.GET)
    asked = form.cleaned_data if form.is_valid() else {}
    found = queries.people(
        permit, asked.get("office", ""), asked.get("state", ""), asked.get("text", "")
    )
    context = {
        "form": form,
        "rows": [(one, _state(one)) for one in found[:_MOST]],
        "has_more": len(found) > _MOST,
        "most": _MOST,
        "count": len(found),
        "may_add": ADMINISTRATION in held(actor),
    }
    return render(request, "console/people.html", context)


def _state(one: Listed) -> str:
    if one.locked_until is not None:
        return "停止中"
    if one.hindered is None or one.state == "ended":
        return STATES[one.state]
    return one.hindered.what


@methods("GET")
@at_terminal
def person(request: Request, actor: Actor, operator_id: int) -> HttpResponse:
    """操作者: rights of now, to come and past, positions, designations, and what may be done."""
    permit = permit_among(actor, LOOKS)
    found = queries.person(permit, operator_id)
    if found is None:
        raise Http404
    own = held(actor)
    is_oneself = actor.operator_id == operator_id
    context = {
        "person": found,
        "state": _state(found.listed),
        "acts": [] if is_oneself else [*offered(found, own), *relations.offered(found, own)],
        "may_end_rights": ADMINISTRATION in own and not is_oneself,
        "may_end_designations": "people.designation" in own and not is_oneself,
        "is_oneself": is_oneself,
        "may_read_standing": READS_STANDING in own,
        "of_office": of_person(permit, operator_id),
    }
    return render(request, "console/person.html", context)


class NewForm(ActForm):
    """新しい操作者の入力."""

    def __init__(self, permit: Permit, typed: QueryDict | None) -> None:
        super().__init__(typed)
        offices = [(one.code, f"{one.code} {one.name}") for one in queries.offices(permit)]
        kinds = [(one.code, one.name) for one in KINDS.values()]
        self.fields["login"] = CodeField("操作者ID", 40)
        self.fields["name"] = WordsField("氏名", 60)
        self.fields["office"] = ChoiceField("所属", offices)
        self.fields["kind"] = ChoiceField("区分", kinds)
        self.fields["from_on"] = DayField("利用の初日", required=False, hint="空けると今日から")
        self.fields["until_on"] = DayField(
            "利用の最後の日", required=False, hint="決まっていなければ空けます"
        )


def _open(permit: Permit, _subject: None, typed: Mapping[str, Any]) -> str:
    new = NewOperator(**{name: typed[name] for name in NewOperator.__dataclass_fields__})
    return accounts.open_account(permit, new).password


_NEW: Act[None] = Act(
    title="新しい操作者",
    purpose=ADMINISTRATION,
    button="登録する",
    form=lambda permit, _subject, typed: NewForm(permit, typed),
    do=_open,
    once="初期パスワード",
    once_hint="操作者ID と一緒に本人へ渡してください。最初のサインインで、本人が変えます。"
    "この画面を閉じると、二度と表示できません。",
)


@methods("GET", "POST")
@at_terminal
def new(request: Request, actor: Actor) -> HttpResponse:
    """新しい操作者: the account alone; its rights are given on the person's own page."""
    permit = permit_among(actor, [_NEW.purpose])
    about = About(
        "所属に与えた操作権限は、登録するとすぐに持ちます。ほかは、操作者の画面で与えます。",
        (),
        reverse("console:people"),
    )
    return answer(request, permit, _NEW, None, about)

"""端末の画面: every terminal by office, with room, zone and the browser that is registered."""

from collections.abc import Mapping
from typing import Any

from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse

from daicho.access.acting import Actor
from daicho.access.people import machines, overviews, queries
from daicho.access.people.overviews import Machine
from daicho.access.permits import Permit
from daicho.law.safety import zones
from daicho.web.asking import Request
from daicho.web.console.acts import About, Act, answer, permit_among
from daicho.web.console.fields import ActForm, ChoiceField, CodeField, WordsField
from daicho.web.console.person_acts import SureForm
from daicho.web.required import at_terminal, methods

LOOKS = ("system.administration",)
"""端末を見る事務."""


@methods("GET")
@at_terminal
def listing(request: Request, actor: Actor) -> HttpResponse:
    """端末の一覧: those in use, and apart those that were retired."""
    found = overviews.machines(permit_among(actor, LOOKS))
    context = {
        "rows": [one for one in found if one.retired_on is None],
        "retired": [one for one in found if one.retired_on is not None],
        "acts": [(slug, act.title) for slug, act in _ACTS.items()],
    }
    return render(request, "console/machines.html", context)


class ChangeForm(ActForm):
    """端末の変更の入力: name, room, zone."""

    def __init__(self, _permit: Permit, machine: Machine, typed: QueryDict | None) -> None:
        of_machine = {"name": machine.name, "room": machine.room, "zone": machine.zone}
        super().__init__(typed, initial=of_machine)
        _add_words(self)


def _add_words(form: ActForm) -> None:
    form.fields["name"] = WordsField("端末の名前", 60)
    form.fields["room"] = WordsField("設置場所", 60)
    form.fields["zone"] = ChoiceField("区域", zones.NAMES.items())


class NewForm(ActForm):
    """新しい端末の入力."""

    def __init__(self, permit: Permit, typed: QueryDict | None) -> None:
        super().__init__(typed, initial={"zone": zones.UNKNOWN})
        offices = [(one.code, f"{one.code} {one.name}") for one in queries.offices(permit)]
        self.fields["office"] = ChoiceField("所属", offices)
        self.fields["code"] = CodeField("端末番号", 20)
        _add_words(self)


def _add(permit: Permit, _subject: None, typed: Mapping[str, Any]) -> None:
    machines.add(
        permit, typed["office"], typed["code"], typed["name"], typed["room"], typed["zone"]
    )


def _change(permit: Permit, machine: Machine, typed: Mapping[str, Any]) -> None:
    machines.change(permit, machine.code, typed["name"], typed["room"], typed["zone"])


def _issue(permit: Permit, machine: Machine, _typed: Mapping[str, Any]) -> str:
    return machines.issue_code(permit, machine.code)


def _forget(permit: Permit, machine: Machine, _typed: Mapping[str, Any]) -> None:
    machines.forget(permit, machine.code)


def _retire(permit: Permit, machine: Machine, _typed: Mapping[str, Any]) -> None:
    machines.retire(permit, machine.code)


_NEW: Act[None] = Act(
    "新しい端末",
    LOOKS[0],
    "登録する",
    lambda permit, _subject, typed: NewForm(permit, typed),
    _add,
)
_ACTS: Mapping[str, Act[Machine]] = {
    "code": Act(
        "登録番号を発行",
        LOOKS[0],
        "発行する",
        lambda _permit, _machine, typed: ActForm(typed),
        _issue,
        warning="前に発行した番号は使えなくなります。端末が今もブラウザを覚えているときは、"
        "新しい番号を入力したブラウザに置き換わります。",
        once="登録番号",
        once_hint="その端末のブラウザで「端末の登録」を開き、15分以内に入力してください。"
        "この画面を閉じると、二度と表示できません。",
    ),
    "change": Act("変更", LOOKS[0], "変更する", ChangeForm, _change),
    "forget": Act(
        "登録を取り消す",
        LOOKS[0],
        "取り消す",
        lambda _permit, _machine, typed: SureForm("ブラウザの登録を取り消す", typed),
        _forget,
        warning="この端末のブラウザは、登録端末として扱われなくなります。紛失や入替えのときに使います。",
    ),
    "retire": Act(
        "廃止",
        LOOKS[0],
        "廃止する",
        lambda _permit, _machine, typed: SureForm("この端末を廃止する", typed),
        _retire,
        warning="この端末では誰も仕事ができなくなります。同じ端末番号は二度と使えません。",
    ),
}


@methods("GET", "POST")
@at_terminal
def new(request: Request, actor: Actor) -> HttpResponse:
    """新しい端末."""
    permit = permit_among(actor, LOOKS)
    about = About(
        "端末番号は、そこで行ったすべての記録に残ります。", (), reverse("console:machines")
    )
    return answer(request, permit, _NEW, None, about)


@methods("GET", "POST")
@at_terminal
def act_on_machine(request: Request, actor: Actor, code: str, slug: str) -> HttpResponse:
    """一台への操作: code for its browser, change, forget, retire."""
    permit = permit_among(actor, LOOKS)
    found = (one for one in overviews.machines(permit) if one.code == code)
    machine = next((one for one in found if one.retired_on is None), None)
    if machine is None or slug not in _ACTS:
        raise Http404
    facts = [("端末番号", machine.code), ("所属", machine.office), ("設置場所", machine.room)]
    about = About(machine.name, [*facts, ("区域", machine.zone_name)], reverse("console:machines"))
    return answer(request, permit, _ACTS[slug], machine, about)

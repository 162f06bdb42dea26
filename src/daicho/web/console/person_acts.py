"""操作者への操作: what may be done to one person, each on a page of its own."""

from collections.abc import Collection, Mapping
from typing import Any

from django.http import Http404, HttpResponse, QueryDict
from django.urls import reverse
from django.utils.functional import lazy

from daicho.access import policy
from daicho.access.acting import Actor, roles_of
from daicho.access.people import (
    accounts,
    designations,
    engagements,
    leaving,
    masks,
    queries,
    rights,
)
from daicho.access.people.accounts import Registered
from daicho.access.people.engagements import Entered
from daicho.access.people.queries import Person
from daicho.access.permits import Permit
from daicho.law.purposes import POSTS
from daicho.law.safety import designating
from daicho.law.safety.entering import KINDS
from daicho.law.safety.giving import POSTS_OF_ROLES
from daicho.law.safety.masking import MASKABLE
from daicho.law.safety.responsibles import TREES
from daicho.web.asking import Request
from daicho.web.console.acts import About, Act, answer, permit_among
from daicho.web.console.fields import ActForm, ChoiceField, DayField, SureField, WordsField
from daicho.web.required import at_terminal, methods

_ADMINISTRATION = "people.administration"
_BLANK_END = "決まっていなければ空けます"


class GiveForm(ActForm):
    """操作権限の付与の入力: post, office, days."""

    def __init__(self, permit: Permit, person: Person, typed: QueryDict | None) -> None:
        super().__init__(typed, initial={"office": person.listed.office_code, "since": permit.on})
        posts = [(code, name) for code, name in POSTS.items() if code not in POSTS_OF_ROLES]
        offices = [(one.code, f"{one.code} {one.name}") for one in queries.offices(permit)]
        self.fields["post"] = ChoiceField("担当", posts)
        self.fields["office"] = ChoiceField("所属", offices)
        self.fields["since"] = DayField("初日", hint="先の日でも構いません。例 R9.4.1")
        self.fields["until"] = DayField("最後の日", required=False, hint=_BLANK_END)


def _give(permit: Permit, person: Person, typed: Mapping[str, Any]) -> None:
    rights.give(
        permit,
        person.listed.operator_id,
        typed["office"],
        typed["post"],
        typed["since"],
        typed["until"],
    )


class HideForm(ActForm):
    """表示しない項目の入力: class of items, days."""

    def __init__(self, permit: Permit, _person: Person, typed: QueryDict | None) -> None:
        super().__init__(typed, initial={"since": permit.on})
        self.fields["item"] = ChoiceField("表示しない項目", MASKABLE.items())
        self.fields["since"] = DayField("初日", hint="今日なら、すぐに表示しなくなります")
        self.fields["until"] = DayField("最後の日", required=False, hint=_BLANK_END)


def _hide(permit: Permit, person: Person, typed: Mapping[str, Any]) -> None:
    masks.hide(permit, person.listed.operator_id, **typed)


class DesignateForm(ActForm):
    """従事者の指定の入力: tree, days, document; only trees that the actor designates for."""

    def __init__(self, permit: Permit, _person: Person, typed: QueryDict | None) -> None:
        super().__init__(typed, initial={"since": permit.on})
        assert permit.actor is not None, "a screen has an actor"
        borne = roles_of(permit.actor.operator_id, permit.on)
        own = [
            (code, name)
            for code, name in TREES.items()
            if designating.may_designate(borne, code, on=permit.on) is None
        ]
        self.fields["tree"] = ChoiceField("事務の系統", own)
        self.fields["since"] = DayField("初日")
        self.fields["until"] = DayField("最後の日", required=False, hint=_BLANK_END)
        self.fields["document"] = WordsField("指定の文書", 60, hint="文書番号など")


def _designate(permit: Permit, person: Person, typed: Mapping[str, Any]) -> None:
    designations.designate(permit, person.listed.operator_id, **typed)


class EngageForm(ActForm):
    """受託者の従事の入力: what was seen of contract, pledge and training."""

    def __init__(self, _permit: Permit, person: Person, typed: QueryDict | None) -> None:
        before = person.engagement
        super().__init__(typed, initial=vars(before) if before else {})
        self.fields["company"] = WordsField("受託者", 60)
        self.fields["contract"] = WordsField("契約", 60, hint="契約番号など")
        self.fields["contract_until"] = DayField("契約の最後の日")
        self.fields["pledged_on"] = DayField(
            "誓約書の日", required=False, hint="まだのときは空けます"
        )
        self.fields["trained_until"] = DayField(
            "研修が有効な最後の日", required=False, hint="まだのときは空けます"
        )


def _engage(permit: Permit, person: Person, typed: Mapping[str, Any]) -> None:
    engagements.enter(permit, person.listed.operator_id, Entered(**typed))


class ChangeForm(ActForm):
    """登録の変更の入力: all but the login."""

    def __init__(self, permit: Permit, person: Person, typed: QueryDict | None) -> None:
        before = {
            "name": person.listed.name,
            "office": person.listed.office_code,
            "kind": person.kind_code,
            "from_on": person.from_on,
            "until_on": person.until_on,
        }
        super().__init__(typed, initial=before)
        offices = [(one.code, f"{one.code} {one.name}") for one in queries.offices(permit)]
        self.fields["name"] = WordsField("氏名", 60)
        self.fields["office"] = ChoiceField("所属", offices)
        self.fields["kind"] = ChoiceField("区分", [(one.code, one.name) for one in KINDS.values()])
        self.fields["from_on"] = DayField("利用の初日", required=False, hint="定めなければ空けます")
        self.fields["until_on"] = DayField("利用の最後の日", required=False, hint=_BLANK_END)


def _change(permit: Permit, person: Person, typed: Mapping[str, Any]) -> None:
    accounts.change(permit, person.listed.operator_id, Registered(**typed))


class LeaveForm(ActForm):
    """離職・異動の入力: the last day, and a deliberate tick."""

    def __init__(self, permit: Permit, _person: Person, typed: QueryDict | None) -> None:
        super().__init__(typed, initial={"last_on": permit.on})
        self.fields["last_on"] = DayField("最後の日", hint="今日なら、すぐに終わります")
        self.fields["sure"] = SureField("この操作者の利用を終わらせる")


def _leave(permit: Permit, person: Person, typed: Mapping[str, Any]) -> None:
    leaving.leave(permit, person.listed.operator_id, typed["last_on"])


class SureForm(ActForm):
    """確認だけの入力."""

    def __init__(self, label: str, typed: QueryDict | None) -> None:
        super().__init__(typed)
        self.fields["sure"] = SureField(label)


def _unlock(permit: Permit, person: Person, _typed: Mapping[str, Any]) -> None:
    accounts.unlock(permit, person.listed.operator_id)


def _reset(permit: Permit, person: Person, _typed: Mapping[str, Any]) -> str:
    return accounts.reset_password(permit, person.listed.operator_id)


def _allow(permit: Permit, person: Person, _typed: Mapping[str, Any]) -> None:
    accounts.allow_registration(permit, person.listed.operator_id)


def _allowing() -> str:
    hours = policy.sign_in().registration_hours
    return f"本人であることを、対面で確かめてください。許可は一回限りで、{hours}時間で切れます。"


ACTS: Mapping[str, Act[Person]] = {
    "give": Act("操作権限を与える", _ADMINISTRATION, "与える", GiveForm, _give),
    "hide": Act(
        "項目を表示しない設定にする",
        _ADMINISTRATION,
        "設定する",
        HideForm,
        _hide,
        warning="照会、異動、証明を含むすべての画面で、この操作者に表示しなくなります。"
        "その項目を記載する証明書も作れなくなります。",
    ),
    "designate": Act(
        "従事者に指定する", "people.designation", "指定する", DesignateForm, _designate
    ),
    "engage": Act(
        "契約・誓約・研修を登録する", "people.engagement", "登録する", EngageForm, _engage
    ),
    "change": Act(
        "登録を変える",
        _ADMINISTRATION,
        "変える",
        ChangeForm,
        _change,
        warning="本人に与えた操作権限は、所属とともには変わりません。新しい所属の権限を与え、前の所属の権限を終えてください。"
        "所属の全員に与えた操作権限は、その時から新しい所属のものになります。",
    ),
    "allow_registration": Act(
        "認証器の登録を許可する",
        _ADMINISTRATION,
        "許可する",
        lambda _permit, _person, typed: ActForm(typed),
        _allow,
        warning=lazy(_allowing, str)(),  # the rules may be changed until it is asked
    ),
    "unlock": Act(
        "停止を解く",
        _ADMINISTRATION,
        "停止を解く",
        lambda _permit, _person, typed: ActForm(typed),
        _unlock,
        warning="続けて間違えたのが本人かどうかを、先に確かめてください。",
    ),
    "reset_password": Act(
        "初期パスワードを発行し直す",
        _ADMINISTRATION,
        "発行する",
        lambda _permit, _person, typed: SureForm("今のパスワードを使えなくする", typed),
        _reset,
        warning="今のパスワードは使えなくなり、開いている画面は終わります。"
        "本人であることを、対面で確かめてください。",
        once="初期パスワード",
        once_hint="本人に渡してください。次のサインインで、本人が変えます。"
        "この画面を閉じると、二度と表示できません。",
    ),
    "leave": Act(
        "離職などで終わらせる",
        _ADMINISTRATION,
        "終わらせる",
        LeaveForm,
        _leave,
        warning="最後の日で、操作権限、在職、従事者の指定がすべて終わります。最後の日が今日かそれより前なら、"
        "サインイン中の画面も今すぐ終わり、認証器の登録も消えます。",
    ),
}
"""操作者への操作の一覧: by the word in the address, in the order of the page."""


def offered(person: Person, own: Collection[str]) -> list[tuple[str, str]]:
    """The acts that make sense for this person today: (address, title)."""
    is_ended = person.listed.state == "ended"
    not_now = {"unlock"} if person.listed.locked_until is None else set()
    not_now |= set() if person.is_contractor else {"engage"}
    # whose announced last day has passed is still to be closed: authenticators, open sessions
    not_now |= set(ACTS) - ({"leave"} if person.is_active else set()) if is_ended else set()
    at = person.listed.operator_id
    return [
        (reverse("console:person_act", args=[at, slug]), act.title)
        for slug, act in ACTS.items()
        if act.purpose in own and slug not in not_now
    ]


@methods("GET", "POST")
@at_terminal
def act_on_person(request: Request, actor: Actor, operator_id: int, slug: str) -> HttpResponse:
    """一人への操作: the page of one of ACTS."""
    if slug not in ACTS:
        raise Http404
    act = ACTS[slug]
    permit = permit_among(actor, [act.purpose])
    person = queries.person(permit, operator_id)
    if person is None:
        raise Http404
    return answer(request, permit, act, person, about_person(person))


def about_person(person: Person) -> About:
    """対象の操作者: name, login, office and posts."""
    one = person.listed
    facts = [
        ("操作者ID", one.login),
        ("所属", one.office),
        ("区分", one.kind),
        ("担当", "、".join(one.posts) or "なし"),
    ]
    return About(one.name, facts, reverse("console:person", args=[one.operator_id]))

"""操作者本人の記録の画面: which record is an operator's own; here a 宛名番号 means somebody.

Whoever keeps the people sees that there is a record and nothing of what it holds.
"""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django import forms
from django.http import Http404, HttpResponse, QueryDict

from daicho.access.acting import Actor
from daicho.access.people import queries
from daicho.access.people.queries import Person
from daicho.access.permits import Permit
from daicho.access.relating import naming, telling
from daicho.register.search.naming import record_named
from daicho.terms.dates import wareki
from daicho.terms.malformed import Malformed
from daicho.terms.numbers import parse_address_number
from daicho.web.asking import Request
from daicho.web.console.acts import About, Act, answer, permit_among
from daicho.web.console.fields import ActForm, WordsField
from daicho.web.console.person_acts import about_person
from daicho.web.required import at_terminal, methods

PURPOSE = "people.own_record"
_NUMBER_CHARS = 15
_NOBODY = "この番号の記録はありません。番号を確かめてください。"
_ONE_OF_TWO = "宛名番号を入力するか、登録を終えるときは印を付けてください。両方はできません。"


class OwnRecordForm(ActForm):
    """本人の記録の入力: a 宛名番号, or that what is registered ends."""

    def __init__(self, permit: Permit, person: Person, typed: QueryDict | None) -> None:
        super().__init__(typed)
        self.permit = permit
        self.may_look_up = naming.may_look_up(permit, person.listed.operator_id)
        self.fields["address_number"] = WordsField(
            "本人の宛名番号",
            _NUMBER_CHARS,
            required=False,
            hint="本人から聞いた番号",
        )

        self.fields["ends"] = forms.BooleanField(label="今の登録を終える", required=False)

    def clean_address_number(self) -> UUID | None:
        """宛名番号から: the record's reference, one search, trailed; of whom none may be named no
        number is looked up."""
        text = str(self.cleaned_data["address_number"]).strip()
        if not text:
            return None
        try:
            number = parse_address_number(text)
        except Malformed as malformed:
            raise forms.ValidationError(malformed.message) from None
        if not self.may_look_up:
            return None
        found = record_named(self.permit, number)
        if found is None:
            raise forms.ValidationError(_NOBODY)
        return found

    def clean(self) -> dict[str, Any]:
        """One of the two: a number left blank by mistake ends nothing."""
        said = self.cleaned_data
        has_number = bool(self.data.get("address_number", "").strip())
        if not self.errors and has_number == said["ends"]:
            self.add_error("address_number", _ONE_OF_TWO)
        return said


def _name(permit: Permit, person: Person, typed: Mapping[str, Any]) -> None:
    if typed["address_number"] is None and not typed["ends"]:
        naming.turn_away(permit, person.listed.operator_id)
    naming.name(permit, person.listed.operator_id, typed["address_number"])


_ACT: Act[Person] = Act(
    "本人の記録を登録する",
    PURPOSE,
    "登録する",
    OwnRecordForm,
    _name,
    warning="関係の分析にだけ使います。説明を確認した操作者についてだけ登録できます。"
    "どの記録を登録したかは、この画面では示しません。",
)


@methods("GET", "POST")
@at_terminal
def own_record(request: Request, actor: Actor, operator_id: int) -> HttpResponse:
    """本人の記録: of one operator; nothing where the extension is off."""
    permit = permit_among(actor, [PURPOSE])
    person = queries.person(permit, operator_id) if telling.is_on() else None
    if person is None:
        raise Http404
    about = about_person(person)
    its = naming.standing(permit, operator_id)
    told = f"第{its.notice.version}版を確認済み" if its.told_at else "まだ確認していない"
    named = f"{wareki(its.named_since)}から" if its.named_since else "なし"
    facts = [*about.facts, ("関係の分析の説明", told), ("本人の記録の登録", named)]
    return answer(request, permit, _ACT, person, About(about.name, facts, about.back))

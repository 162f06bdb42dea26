"""点検の条件の入力: any field may stay blank, but something must narrow what is looked through."""

from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.http import QueryDict

from daicho.access import clock
from daicho.access.permits import Permit
from daicho.access.trail import EVENTS
from daicho.access.trailing import queries
from daicho.access.trailing.conditions import DAYS_MOST, Conditions
from daicho.access.trailing.kinds import KINDS
from daicho.access.trailing.wording import ASKED, PURPOSE_NAMES
from daicho.terms.malformed import Malformed
from daicho.terms.numbers import parse_address_number
from daicho.web.console.fields import ActForm, ChoiceField, DayField, WordsField

Named = Callable[[Permit, str], UUID | None]
"""対象者を宛名番号で: who has that number, where this role holds residents; None for nobody."""

WEEK = timedelta(days=6)
REFERENCE_CHARS = 36
LOGIN_CHARS = 40
_DAY = "R8.12.1"

_NOBODY = "この番号の記録はありません。番号を確かめてください。"
_NOT_HERE = "ここでは宛名番号で探せません。参照番号を入力してください。"
_NO_OPERATOR = "この操作者IDの操作者はいません。操作者IDを確かめてください。"
_NOT_OF_KIND = "選んだ種別の利用ではありません。種別か利用の一方だけを選んでください。"
_BACKWARDS = "期間の最後の日が、初日より前です。"
_TOO_WIDE = (
    f"対象者も操作者も指定しないときは、期間を{DAYS_MOST}日以内にしてください。"
    "長い期間は、分けて点検してください。"
)


class TickField(forms.BooleanField):
    """絞り込みの印: ticked, only such rows."""

    def __init__(self, label: str) -> None:
        super().__init__(label=label, required=False)


class TrailForm(ActForm):
    """点検の条件: what is typed, read into `Conditions`; `named` finds a person by 宛名番号."""

    def __init__(
        self,
        permit: Permit,
        typed: QueryDict | None = None,
        *,
        named: Named | None = None,
        before: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(typed, initial=before)
        self.permit, self.named = permit, named
        self.operator: int | None = None
        places = queries.places(permit)
        by_number = "宛名番号か参照番号。氏名では探せません"
        self.fields["person"] = WordsField(
            ASKED["person"], REFERENCE_CHARS, required=False, hint=by_number
        )
        self.fields["login"] = WordsField(
            ASKED["operator"], LOGIN_CHARS, required=False, hint="操作者ID"
        )
        self.fields["since"] = DayField(ASKED["since"], required=False, hint=_DAY)
        self.fields["until"] = DayField(ASKED["until"], required=False, hint=_DAY)
        for name, choices in _choices(places):
            self.fields[name] = ChoiceField(ASKED[name], choices, blank="すべて")
        self.fields["refused"] = TickField(ASKED["refused"])
        self.fields["number_seen"] = TickField(ASKED["number_seen"])

    def clean_person(self) -> str:
        """対象者: a record's reference as it is, or that of who has the 宛名番号."""
        text = str(self.cleaned_data["person"]).strip()
        if not text:
            return ""
        reference = _reference(text)
        if reference is not None:
            return str(reference)
        try:
            number = parse_address_number(text)
        except Malformed as malformed:
            raise forms.ValidationError(malformed.message) from None
        if self.named is None:
            raise forms.ValidationError(_NOT_HERE)
        found = self.named(self.permit, number)
        if found is None:
            raise forms.ValidationError(_NOBODY)
        return str(found)

    def clean_login(self) -> str:
        """操作者: by 操作者ID; also one who has left."""
        login = str(self.cleaned_data["login"]).strip()
        if login:
            self.operator = queries.operator_named(self.permit, login)
            if self.operator is None:
                raise forms.ValidationError(_NO_OPERATOR)
        return login

    def clean(self) -> dict[str, Any]:
        """The conditions together: a period that goes forward, and one that is short enough."""
        said = self.cleaned_data
        kind, event = said.get("kind", ""), said.get("event", "")
        if kind and event and EVENTS[event]["kind"] != kind:
            self.add_error("event", _NOT_OF_KIND)
        if not self.errors and not self.conditions().used_to_narrow:
            said["since"], said["until"] = self.permit.on - WEEK, self.permit.on
        since = said.get("since")
        if since and not said.get("until"):
            said["until"] = max(since, clock.today())
        if since and said["until"] < since:
            self.add_error("until", _BACKWARDS)
        elif not self.errors and not self.conditions().is_narrow:
            self.add_error("since", _TOO_WIDE)
        return said

    def conditions(self) -> Conditions:
        """点検の条件: of a form whose fields were read."""
        said = self.cleaned_data
        rest = {
            name: said[name]
            for name in ("kind", "event", "office", "terminal", "purpose", "refused", "number_seen")
        }
        return Conditions(
            person=_reference(said["person"]),
            operator=self.operator,
            since=said["since"],
            until=said["until"],
            **rest,
        )


def _reference(text: str) -> UUID | None:
    try:
        return UUID(text) if len(text) == REFERENCE_CHARS else None
    except ValueError:
        return None


def _choices(places: queries.Places) -> Iterable[tuple[str, Iterable[tuple[str, str]]]]:
    yield "kind", [(code, one.name) for code, one in KINDS.items()]
    yield "event", [(code, str(one["name"])) for code, one in EVENTS.items()]
    yield "office", [(one.code, f"{one.code} {one.name}") for one in places.offices]
    yield "terminal", [(one.code, f"{one.code} {one.name}") for one in places.terminals]
    yield "purpose", PURPOSE_NAMES.items()

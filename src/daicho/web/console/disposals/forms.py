"""廃棄の入力: which lines are taken off and why, the digest of what was shown, and what is held."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.http import QueryDict

from daicho.access.disposing.sources import sources
from daicho.law.retention import kinds
from daicho.law.retention.disposing import HOLDS, REASONS
from daicho.web.console.disposals.books import Book
from daicho.web.console.fields import ActForm, ChoiceField, DayField

NOT_CHOSEN = "外す行に印を付けてください。"


class TakeOffForm(ActForm):
    """行の除外の入力: the lines that are marked, and one reason for them."""

    def __init__(self, book: Book, lines: Iterable[Any], typed: QueryDict | None) -> None:
        super().__init__(typed)
        self.fields["reason"] = ChoiceField("外す理由", REASONS.items())
        self.fields["line"] = forms.TypedMultipleChoiceField(
            label="外す行",
            choices=[(book.line(one)["key"], "") for one in lines if not one.taken_off],
            coerce=book.key,
            error_messages={"required": NOT_CHOSEN, "invalid_choice": NOT_CHOSEN},
        )


class HoldForm(ActForm):
    """差止めの入力: a kind, the first and the last month by any day of each, and one reason."""

    first_on = DayField("どの月から", hint="その月のどの日でもよい。例 R2.4.1")
    last_on = DayField("どの月まで", hint="その月のどの日でもよい。その月も差し止める")

    def __init__(self, typed: QueryDict | None = None) -> None:
        super().__init__(typed)
        offered = [(code, kinds.NAMES[code]) for code in sorted(sources())]
        self.fields["kind"] = ChoiceField("差し止める記録", offered)
        self.fields["reason"] = ChoiceField("差し止める理由", HOLDS.items())
        self.order_fields(["kind", "first_on", "last_on", "reason"])

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        first_on, last_on = said.get("first_on"), said.get("last_on")
        if first_on and last_on and last_on < first_on:
            self.add_error("last_on", "「どの月から」より後の月を入力してください。")
        return said


class DecisionForm(forms.Form):
    """決定の入力: the button that was pressed, and the digest of the list that was shown."""

    do = forms.ChoiceField(choices=[("approve", ""), ("refuse", "")])
    shown = forms.RegexField(r"^[0-9a-f]{64}\Z")

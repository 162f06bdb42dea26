"""廃棄の入力: which lines are taken off and why, and the digest of what was shown."""

from collections.abc import Sequence
from uuid import UUID

from django import forms
from django.http import QueryDict

from daicho.law.retention.disposing import REASONS
from daicho.vault.disposing.rows import Line
from daicho.web.console.fields import ActForm, ChoiceField

NOT_CHOSEN = "外す行に印を付けてください。"


class TakeOffForm(ActForm):
    """行の除外の入力: the lines that are marked, and one reason for them."""

    def __init__(self, lines: Sequence[Line], typed: QueryDict | None) -> None:
        super().__init__(typed)
        self.fields["reason"] = ChoiceField("外す理由", REASONS.items())
        self.fields["line"] = forms.TypedMultipleChoiceField(
            label="外す行",
            choices=[(str(one.record_id), "") for one in lines if not one.taken_off],
            coerce=UUID,
            error_messages={"required": NOT_CHOSEN, "invalid_choice": NOT_CHOSEN},
        )


class DecisionForm(forms.Form):
    """決定の入力: the button that was pressed, and the digest of the list that was shown."""

    do = forms.ChoiceField(choices=[("approve", ""), ("refuse", "")])
    shown = forms.RegexField(r"^[0-9a-f]{64}\Z")

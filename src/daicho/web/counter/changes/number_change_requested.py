"""個人番号の変更の請求・職権の入力 (MNA 7(2), STD 4.4): why another number is asked for."""

from collections.abc import Iterable

from django import forms

from daicho.law.changes.kinds.number_change_requested import circumstances
from daicho.terms.changes import NumberChangeRequested
from daicho.terms.changes.number_change_requested import EX_OFFICIO, REQUESTED
from daicho.web.counter.changing.fields import numbered
from daicho.web.counter.changing.form import ChangeForm


class NumberChangeRequestedForm(ChangeForm):
    """個人番号の変更: of the person whose page the form was opened from; no number is typed."""

    stem = "number_change_requested"
    title = "個人番号の変更"
    day_label = "変更を求める日"
    own = ("circumstance", "in_writing")

    def more_fields(self) -> Iterable[tuple[str, forms.Field]]:
        """What happened to the number and, of a request, whether its paper is there."""
        yield from super().more_fields()
        yield (
            "circumstance",
            forms.ChoiceField(
                label="変更の事由",
                choices=[("", "選んでください"), *numbered(circumstances(self.desk.on))],
                help_text="漏えいして不正に用いられるおそれがあるとき(番号法7条2項)",
                error_messages={"required": "変更の事由を選んでください。"},
            ),
        )
        if self._ground == REQUESTED:
            yield (
                "in_writing",
                forms.BooleanField(
                    label="理由を書いた請求書を受け取った",
                    help_text="番号法施行令3条",
                    required=False,
                ),
            )

    @property
    def _ground(self) -> str:
        """請求か職権か: as the 受付 says."""
        return EX_OFFICIO if self.desk.reception.basis == "ex_officio" else REQUESTED

    def change(self) -> NumberChangeRequested:
        assert self.desk.person is not None, "a number is changed from a person's page"
        return NumberChangeRequested(
            record_id=self.desk.person.record.record_id,
            ground=self._ground,
            circumstance=self.cleaned_data["circumstance"],
            in_writing=bool(self.cleaned_data.get("in_writing")),
        )

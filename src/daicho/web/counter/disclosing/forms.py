"""開示請求の入力: what is asked for, and what each step says."""

from datetime import date

from django import forms
from django.http import QueryDict

from daicho.access.disclosure_requests.asking import REASON_MOST
from daicho.law.disclosure_requests import grounds, kinds
from daicho.web.console.fields import ActForm, ChoiceField, DayField, WordsField

_KEY_MOST = 60  # of its column


class AskForm(ActForm):
    """開示請求の入力: which kind, and of which days."""

    def __init__(self, on: date, typed: QueryDict | None) -> None:
        super().__init__(typed)
        self.on = on
        choices = [(one.code, one.name) for one in kinds.kinds(on)]
        self.fields["kind"] = ChoiceField("開示を請求する情報", choices)
        hint = "利用記録のとき。例 R8.4.1"
        self.fields["since_on"] = DayField("最初の日", required=False, hint=hint)
        self.fields["until_on"] = DayField("最後の日", required=False, hint=hint)


class MendingForm(ActForm):
    """補正の求めの入力: by when, and what is wanting."""

    def __init__(self, _on: date, typed: QueryDict | None) -> None:
        super().__init__(typed, auto_id="id_mending_%s")
        self.fields["until_on"] = DayField("補正の期限")
        self.fields["reason"] = WordsField("補正を求める事項", REASON_MOST)


class ExtendForm(ActForm):
    """期限の延長の入力: by how many days, and why."""

    def __init__(self, _on: date, typed: QueryDict | None) -> None:
        super().__init__(typed, auto_id="id_extend_%s")
        wrong = "延長する日数を数字で入力してください。"
        self.fields["days"] = forms.IntegerField(
            label="延長する日数",
            help_text="30日以内。一度だけ",
            min_value=0,
            max_value=999,
            widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
            error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), wrong),
        )
        self.fields["reason"] = WordsField("延長の理由", REASON_MOST)


class KeysField(forms.MultipleChoiceField):
    """開示しない行: keys of rows of the sheet, ticked in its table."""

    def valid_value(self, value: str) -> bool:
        """A key that the sheet has not leaves nothing out; none is longer than its column."""
        return 0 < len(value) <= _KEY_MOST


class DecideForm(ActForm):
    """決定の入力: the outcome, the grounds of what is not shown, and what the notice adds."""

    def __init__(self, on: date, typed: QueryDict | None) -> None:
        super().__init__(typed, auto_id="id_decide_%s")
        self.fields["outcome"] = ChoiceField("決定", grounds.OUTCOMES.items())
        self.fields["grounds"] = forms.MultipleChoiceField(
            label="開示しない理由",
            choices=[(one.code, f"{one.name}({one.cited})") for one in grounds.grounds(on)],
            required=False,
            widget=forms.CheckboxSelectMultiple,
            error_messages={"invalid_choice": "開示しない理由を一覧から選んでください。"},
        )
        hint = "通知書に書き加える。存否を明らかにしないときは書かれない"
        self.fields["reason"] = WordsField("説明", REASON_MOST, required=False, hint=hint)
        self.fields["left_out"] = KeysField(required=False, widget=forms.MultipleHiddenInput)
        self.fields["confirmed"] = forms.BooleanField(
            label="開示が本人を害しないことを確かめた(支援措置・抑止のとき)", required=False
        )

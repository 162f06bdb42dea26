"""運用の入力欄: days as a clerk types them, short words, one of a list, and a deliberate tick."""

from collections.abc import Iterable
from datetime import date
from typing import Any, Self

from django import forms

from daicho.terms import calendar_dates
from daicho.terms.malformed import Malformed

_PLAIN = {"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}


class ActForm(forms.Form):
    """入力: the first field has the focus, unless something is wrong: then the summary has it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})

    def ready(self) -> Self:
        """The form, ready to be drawn."""
        for field in list(self.fields.values())[:1]:
            field.widget.attrs["autofocus"] = not self.errors
        return self


class DayField(forms.CharField):
    """年月日の欄: a calendar day as a clerk writes it; None where it may be blank."""

    def __init__(self, label: str, *, required: bool = True, hint: str = "例 R8.12.1") -> None:
        super().__init__(
            label=label,
            help_text=hint,
            required=required,
            widget=forms.TextInput(attrs=_PLAIN),
            error_messages={"required": f"{label}を入力してください。"},
        )

    def prepare_value(self, value: Any) -> Any:
        return calendar_dates.wareki(value) if isinstance(value, date) else value

    def clean(self, value: Any) -> Any:
        text = str(super().clean(value) or "")
        try:
            return calendar_dates.parse(text, default_era="R") if text else None
        except Malformed as malformed:
            raise forms.ValidationError(malformed.message) from None


class WordsField(forms.CharField):
    """文字の欄: a name, a title, a document; no longer than its column."""

    def __init__(self, label: str, length: int, *, required: bool = True, hint: str = "") -> None:
        super().__init__(
            label=label,
            help_text=hint,
            required=required,
            max_length=length,
            widget=forms.TextInput(attrs=_PLAIN),
            error_messages={
                "required": f"{label}を入力してください。",
                "max_length": f"{label}は{length}文字以内で入力してください。",
            },
        )


class CodeField(forms.RegexField):
    """符号の欄: Latin letters, figures and hyphens, which stand in addresses and records."""

    def __init__(self, label: str, length: int) -> None:
        super().__init__(
            r"[A-Za-z0-9][A-Za-z0-9-]*",
            label=label,
            help_text="半角の英数字とハイフン",
            max_length=length,
            widget=forms.TextInput(attrs=_PLAIN),
            error_messages={
                "required": f"{label}を入力してください。",
                "invalid": f"{label}は半角の英数字とハイフンで入力してください。",
                "max_length": f"{label}は{length}文字以内で入力してください。",
            },
        )


class ChoiceField(forms.ChoiceField):
    """選ぶ欄: one of a list; nothing is chosen beforehand where it must be chosen."""

    def __init__(
        self, label: str, choices: Iterable[tuple[str, str]], *, blank: str = "選んでください"
    ) -> None:
        wrong = f"{label}を選んでください。"
        super().__init__(
            label=label,
            choices=[("", blank), *choices],
            required=blank == "選んでください",
            error_messages={"required": wrong, "invalid_choice": wrong},
        )


class SureField(forms.BooleanField):
    """確認の印: what cannot be undone asks for a deliberate tick."""

    def __init__(self, label: str) -> None:
        wrong = "元に戻せません。確かめたら印を付けてください。"
        super().__init__(label=label, error_messages={"required": wrong})

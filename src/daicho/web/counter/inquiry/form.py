"""検索の入力: one form, every field may stay blank, Enter in any of them sends it."""

from typing import Any, Self

from django import forms

from daicho.access.permits import Permit
from daicho.register.search.conditions import CHOICES, FIELDS, SEEN, Conditions, Unclear, read
from daicho.web.counter.inquiry.kept import NEVER_KEPT

_HINTS = {
    "kana": "例 カクウ ハナコ",
    "born_from": "例 S60.5.5、S60、1985-05-05",
    "born_until": "期間で探すとき",
}


class SearchForm(forms.Form):
    """検索: fields that the permit may search by; what they mean is read by `conditions`."""

    def __init__(self, permit: Permit, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.conditions: Conditions | None = None
        for name, label in FIELDS.items():
            if name != NEVER_KEPT and SEEN.get(name, "resident") in permit.sees:
                self.fields[name] = _field(name, label)

    def ready(self) -> Self:
        """The form, ready to be drawn: the first field has the focus unless something is wrong."""
        self.fields["kana"].widget.attrs["autofocus"] = not self.errors
        for name in self.errors:
            if name in self.fields:
                self.fields[name].widget.attrs["aria-invalid"] = "true"
        return self

    @property
    def names(self) -> list[forms.BoundField]:
        """The first row of fields, by which nearly every search is made."""
        return [self[name] for name in ("kana", "kanji", "roman", "born_from", "born_until", "sex")]

    @property
    def others(self) -> list[forms.BoundField]:
        """The fields of addresses, numbers and states."""
        first = {field.name for field in self.names}
        return [field for field in self if field.name not in first]

    def clean(self) -> dict[str, Any]:
        typed = {name: str(text) for name, text in self.cleaned_data.items()}
        try:
            self.conditions = read(typed)
        except Unclear as unclear:
            for name, problem in unclear.problems.items():
                self.add_error(name or None, problem)
        return self.cleaned_data


def _field(name: str, label: str) -> forms.Field:
    if name in CHOICES:
        choices = [("", "すべて"), *CHOICES[name].items()]
        # read() says what is no choice, in our words
        return forms.CharField(label=label, required=False, widget=forms.Select(choices=choices))
    attrs = {"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}
    hint = _HINTS.get(name, "")
    text = forms.TextInput(attrs=attrs)
    return forms.CharField(label=label, required=False, help_text=hint, widget=text)

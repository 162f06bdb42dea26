"""検索の入力: one form, every field may stay blank, Enter in any of them sends it."""

from collections.abc import Callable, Mapping
from typing import Any, Self

from django import forms
from django.conf import settings

from daicho.access.permits import Permit
from daicho.register.places.dictionary import wards
from daicho.register.search.blanks import BLANKS
from daicho.register.search.conditions import CHOICES, FIELDS, SEEN, Conditions, Unclear, read
from daicho.web.counter.inquiry.kept import NEVER_KEPT

_HINTS = {
    "kana": "例 カクウ ハナコ",
    "born_from": "例 S60.5.5、S60、1985-05-05",
    "born_until": "期間で探すとき",
    "address_code": "11桁。今の住所だけを探します",
}
_FIRST = (
    *("kana", "kanji", "roman", "born_from", "sex"),
    *("address", "ward", "address_number", "household_number", "state"),
)


class SearchForm(forms.Form):
    """検索: fields that the permit may search by; what they mean is read by `conditions`."""

    def __init__(self, permit: Permit, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.conditions: Conditions | None = None
        for name, label in FIELDS.items():
            if name != NEVER_KEPT and SEEN.get(name, "resident") in permit.sees:
                field = _MADE.get(name, _typed)(permit, name, label)
                if field is not None:
                    self.fields[name] = field

    def ready(self) -> Self:
        """The form, ready to be drawn: the first field has the focus unless something is wrong."""
        self.fields["kana"].widget.attrs["autofocus"] = not self.errors
        for name in self.errors:
            if name in self.fields:
                self.fields[name].widget.attrs["aria-invalid"] = "true"
        return self

    @property
    def names(self) -> list[forms.BoundField]:
        """The fields by which nearly every search is made."""
        return [self[name] for name in _FIRST if name in self.fields]

    @property
    def others(self) -> list[forms.BoundField]:
        """The rarer fields, folded away."""
        return [field for field in self if field.name not in (*_FIRST, "blank")]

    @property
    def uses_others(self) -> bool:
        """Does one of the folded fields hold anything, or is it wrong? Then they stand open."""
        folded = [*self.others, self.blanks]
        return any(one.errors or any(one.value() or ()) for one in folded)

    @property
    def blanks(self) -> forms.BoundField:
        """空欄の項目: the fields that are to be empty."""
        return self["blank"]

    def clean(self) -> dict[str, Any]:
        for name, said in self.cleaned_data.items():
            self.cleaned_data[name] = ",".join(said) if isinstance(said, list) else str(said)
        try:
            self.conditions = read(self.cleaned_data)
        except Unclear as unclear:
            for name, problem in unclear.problems.items():
                self.add_error(name or None, problem)
        return self.cleaned_data


def own_ward(permit: Permit) -> dict[str, str]:
    """区の初期値 (2.1.3): that of the operator's own office, where the city has wards."""
    ward = permit.actor.ward if permit.actor else ""
    codes = {one.municipality_code for one in wards(settings.MUNICIPALITY)}
    return {"ward": ward} if ward in codes else {}


def _typed(_permit: Permit, name: str, label: str) -> forms.Field:
    if name in CHOICES:
        return _chosen(label, CHOICES[name])
    attrs = {"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}
    hint = _HINTS.get(name, "")
    text = forms.TextInput(attrs=attrs)
    return forms.CharField(label=label, required=False, help_text=hint, widget=text)


def _chosen(label: str, choices: Mapping[str, str]) -> forms.Field:
    # read() says what is no choice, in our words
    widget = forms.Select(choices=[("", "すべて"), *choices.items()])
    return forms.CharField(label=label, required=False, widget=widget)


def _ward(permit: Permit, _name: str, label: str) -> forms.Field | None:
    every = {one.municipality_code: one.text for one in wards(settings.MUNICIPALITY)}
    its = {code: text for code, text in every.items() if permit.ward in ("", code)}
    return _chosen(label, its) if its else None


def _blank(permit: Permit, _name: str, label: str) -> forms.Field:
    choices = [
        (one.code, one.japanese)
        for one in BLANKS.values()
        if not one.seen or one.seen in permit.sees
    ]
    wrong = {
        "invalid_choice": "一覧から選んでください。",
        "invalid_list": "一覧から選んでください。",
    }
    return forms.MultipleChoiceField(
        label=label,
        required=False,
        choices=choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages=wrong,
    )


_MADE: Mapping[str, Callable[[Permit, str, str], forms.Field | None]] = {
    "ward": _ward,
    "blank": _blank,
}

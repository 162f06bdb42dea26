"""入力欄: a form field for a managed item. What it gives is the cell, code point for code point."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django import forms

from daicho.terms import dates, names, numbers, relationships
from daicho.terms.malformed import Malformed
from daicho.terms.records import CODES, ITEMS, Cell, Item, Kind
from daicho.terms.typed import plain

BY_COLUMN: Mapping[str, Item] = {one.column: one for one in ITEMS}

_DATE_HINT = "例 R8.5.1"
_BLANK_CELLS: Mapping[Kind, None] = {
    Kind.DATE: None,
    Kind.REGISTER_DATE: None,
    Kind.COUNT: None,
}
_SPELLING = {"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}


def _month(text: str) -> str:
    figures = plain(text).replace("月", "").replace("年", ".").replace("-", ".").replace("/", ".")
    return dates.parse(f"{figures}.1").isoformat()[:7]


# What a clerk types, made the cell that the item reads. Names are not here: they stay as typed.
_FROM_TYPED: Mapping[Kind, Callable[[str], str]] = {
    Kind.DATE: lambda text: dates.parse(text).isoformat(),
    Kind.REGISTER_DATE: lambda text: dates.to_cell(dates.parse_register_date(text)),
    Kind.MONTH: _month,
    Kind.NUMBER: plain,
    Kind.COUNT: plain,
    Kind.RELATIONSHIP: lambda text: relationships.parse(text).text,
}


class ItemField(forms.CharField):
    """管理項目の欄: reads what was typed into the item's cell; Malformed becomes its message."""

    def __init__(self, item: Item, **more: Any) -> None:
        self.item = item
        label = more.pop("label", "") or item.japanese
        super().__init__(
            strip=False,
            empty_value="",
            label=label,
            error_messages={"required": f"{label}を入力してください。"},
            **more,
        )

    def clean(self, value: Any) -> Any:
        if not value and not self.required:
            return _BLANK_CELLS.get(self.item.kind, "")
        text = str(super().clean(value))
        try:
            return self._cell(text)
        except Malformed as malformed:
            raise forms.ValidationError(malformed.message) from None

    def _cell(self, text: str) -> Cell:
        cell = _FROM_TYPED[self.item.kind](text) if self.item.kind in _FROM_TYPED else text
        return self.item.write(self.item.read(cell))


def field_of(
    column: str, *, label: str = "", required: bool = False, hint: str | None = None
) -> forms.Field:
    """The field of one managed item; `label` where the form calls it otherwise."""
    item = BY_COLUMN[column]
    if item.kind is Kind.FLAG:
        return forms.BooleanField(label=label or item.japanese, required=False)
    if hint is None:
        hint = _DATE_HINT if item.kind in (Kind.DATE, Kind.REGISTER_DATE) else ""
    return ItemField(item, label=label, required=required, help_text=hint, widget=_widget(item))


def numbered(choices: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """選択肢: each with its number, by which it is chosen from the keyboard."""
    return [(code, f"{number} {text}") for number, (code, text) in enumerate(choices, 1)]


def _widget(item: Item) -> forms.Widget:
    if item.kind is Kind.CODE:
        choices = numbered(CODES[item.codes].items())
        return forms.Select(choices=[("", "選んでください"), *choices])
    return forms.TextInput(attrs=_SPELLING)


class NumberField(forms.CharField):
    """個人番号の欄: a number that goes to the vault and stands in no cell.

    The blank placeholder lets a style sheet tell whether anything was typed.
    """

    def __init__(self, **more: Any) -> None:
        super().__init__(
            label="個人番号",
            required=False,
            widget=forms.TextInput(attrs={**_SPELLING, "inputmode": "numeric", "placeholder": " "}),
            **more,
        )

    def clean(self, value: Any) -> Any:
        text = str(super().clean(value) or "")
        try:
            return numbers.parse_individual_number(text) if text else ""
        except Malformed as malformed:
            raise forms.ValidationError(malformed.message) from None


class TextField(forms.CharField):
    """文字の欄: kept code point for code point; characters that no name may hold are told."""

    def __init__(self, label: str, hint: str = "", length: int = 200) -> None:
        super().__init__(
            label=label,
            help_text=hint,
            required=False,
            strip=False,
            max_length=length,
            empty_value="",
            widget=forms.TextInput(attrs=_SPELLING),
            error_messages={"max_length": f"{label}は{length}文字以内で入力してください。"},
        )

    def clean(self, value: Any) -> Any:
        text = str(super().clean(value))
        try:
            return names.checked(text)
        except Malformed as malformed:
            raise forms.ValidationError(malformed.message) from None


class DayField(forms.CharField):
    """年月日の欄: the day of a change, as a cell; which 不詳 patterns it may have, law judges."""

    def __init__(self, *, label: str, hint: str = _DATE_HINT, **more: Any) -> None:
        super().__init__(
            label=label,
            help_text=hint,
            widget=forms.TextInput(attrs=_SPELLING),
            error_messages={"required": f"{label}を入力してください。"},
            **more,
        )

    def clean(self, value: Any) -> Any:
        text = str(super().clean(value) or "")
        try:
            return dates.to_cell(dates.parse_register_date(text)) if text else ""
        except Malformed as malformed:
            raise forms.ValidationError(malformed.message) from None


def typed_of(column: str, cell: Cell) -> Any:
    """What a clerk would have typed for that cell: the text an opened form shows."""
    item = BY_COLUMN[column]
    if isinstance(cell, bool) or not cell:
        return cell or ""
    if item.kind is Kind.DATE:
        return dates.wareki(dates.parse(cell))
    if item.kind is Kind.REGISTER_DATE:
        return dates.from_cell(cell).in_wareki()
    return cell

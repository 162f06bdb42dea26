"""記載の表示: the managed items of a record in groups, each value in the words of the screen.

Dates are 和暦 but for the two items of standard 1.1.9. What the work does not need says so, and so
does what is hidden from this clerk; what is blank is a dash, for a gap could be any of them.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from django.conf import settings

from daicho.access.permits import Permit
from daicho.law.safety import item_classes
from daicho.register.places.dictionary import municipality_name, wards
from daicho.terms.addresses import Address
from daicho.terms.changes.closing_cells import LEAVING
from daicho.terms.dates import RegisterDate, certain, display, wareki
from daicho.terms.records import ITEMS, Item, Kind, Record, Value, code_text

BLANK = "—"
NOT_SHOWN = "この事務では表示しません"
MASKED = "表示しない設定です"

_GROUPS = {
    "record_id": "番号と区分",
    "family_name": "氏名",
    "born_on": "出生・性別・世帯",
    "registered_domicile": "戸籍の表示",
    "resident_since_on": "住所",
    "individual_number_state": "個人番号・住民票コード",
    "electoral_roll": "選挙・保険・年金・手当",
    "nationality": "外国人住民",
    "individual_number_card": "カードその他",
    "closing_reason": "消除",
}
"""項目の群: the column with which a group begins, in the order of the items."""
_PLANNED = ("closing_reason", "closing_event_on")
"""予定の項目: what a resident who has said that they move out has of a 除票, and is not yet so."""


@dataclass(frozen=True)
class Shown:
    """表示の行: an item and its text; `kind` is blank, hidden or value."""

    column: str
    label: str
    text: str
    kind: str


@dataclass(frozen=True)
class Group:
    """項目の群: items that are read together."""

    title: str
    rows: list[Shown]


def masked(permit: Permit) -> frozenset[str]:
    """表示しない設定の項目: the columns that are hidden from this clerk on every screen (10.4)."""
    masks = permit.actor.masks if permit.actor else frozenset()
    of = item_classes.classes(permit.on)
    return frozenset(column for column in of if of[column] in masks)


def groups(
    record: Record, hidden: frozenset[str] = frozenset(), masked: frozenset[str] = frozenset()
) -> list[Group]:
    """Every item that this resident's class has; 消除 only where there is something of it."""
    found: list[Group] = []
    rows = {one.column: one for one in shown(record, hidden, masked)}
    for item in ITEMS:
        if item.column in _GROUPS:
            found.append(Group(_GROUPS[item.column], []))
        if item.column in rows:
            found[-1].rows.append(rows[item.column])
    return [one for one in found if _is_worth(one, record)]


def only_values(found: list[Group]) -> list[Group]:
    """The groups without what is blank or not shown."""
    return [Group(one.title, [row for row in one.rows if row.kind == "value"]) for one in found]


def _is_worth(group: Group, record: Record) -> bool:
    if group.title != _GROUPS["closing_reason"] or not record.is_living:
        return bool(group.rows)
    return any(row.kind == "value" for row in group.rows)


def shown(
    record: Record, hidden: frozenset[str] = frozenset(), masked: frozenset[str] = frozenset()
) -> Iterator[Shown]:
    """The items one by one; the parts of an address stand together where it begins.

    Of what is `hidden` it is told whether it is `masked` for this clerk or not of this work.
    """
    for item in ITEMS:
        if not item.is_held_by(foreign=record.is_foreign, foreign_class=record.foreign_class):
            continue
        if item.kind is Kind.ID or _is_later_part(item) or _says_nothing(item):
            continue
        label = item.title if item.column.endswith("_prefecture") else item.japanese
        if item.column in hidden:
            why = MASKED if item.column in masked else NOT_SHOWN
            yield Shown(item.column, label, why, "hidden")
            continue
        text = _text(item, record)
        if text and item.column in _PLANNED and _has_plans(record):
            text = f"{text}(予定)"
        yield Shown(item.column, label, text or BLANK, "value" if text else "blank")


def beside(found: list[Group], column: str, text: str) -> list[Group]:
    """The groups, with something more told of an item that has a value."""

    def told(row: Shown) -> Shown:
        is_it = row.column == column and row.kind == "value"
        return replace(row, text=f"{row.text}({text})") if is_it else row

    return [Group(one.title, [told(row) for row in one.rows]) for one in found]


def _has_plans(record: Record) -> bool:
    return record.is_living and record.closing_reason in LEAVING


def changed(before: Record, after: Record, hidden: frozenset[str]) -> list[tuple[str, str, str]]:
    """変更箇所: label, text before and text after of each item that differs."""
    old = {one.column: one for one in shown(before, hidden)}
    found = []
    for one in shown(after, hidden):
        was = old.get(one.column)
        if was is None or was.text != one.text:
            found.append((one.label, was.text if was else BLANK, one.text))
    return found


def _says_nothing(item: Item) -> bool:
    """区: in a city without wards everybody's is that of the city."""
    return item.column == "ward" and not wards(settings.MUNICIPALITY)


def _is_later_part(item: Item) -> bool:
    later = ("_municipality", "_town", "_lot", "_free_text", "_building")
    return bool(item.part_of) and item.column.endswith(later)


def _text(item: Item, record: Record) -> str:
    if item.part_of and item.column.endswith("_prefecture"):
        address: Address = getattr(record, item.part_of)
        return address.written
    value: Value = getattr(record, item.column)
    if isinstance(value, bool):
        return "あり" if value else ""
    if isinstance(value, date):
        value = certain(value)
    if isinstance(value, RegisterDate):
        return display(value, item.column, foreign=record.is_foreign)
    return _plain(item, str(value)) if value is not None else ""


def _plain(item: Item, text: str) -> str:
    if not text:
        return ""
    if item.column == "ward":
        return municipality_name(text) or text
    if item.column.endswith("postal_code") and len(text) == 7:
        return f"{text[:3]}-{text[3:]}"
    if item.kind is Kind.CODE:
        return code_text(item.codes, text)
    if item.kind is Kind.MONTH:
        year, month = map(int, text.split("-"))
        return wareki(date(year, month, 1)).removesuffix("1日")
    return text

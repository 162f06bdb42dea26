"""行: a record as one row of cells and back, and what of it may not be blank."""

from collections.abc import Mapping
from dataclasses import fields, replace
from operator import attrgetter
from typing import Any

from daicho.terms.addresses import Address
from daicho.terms.malformed import Malformed
from daicho.terms.records.items import ADDRESS_PARTS, Blank, Cell, Item, Kind, Value
from daicho.terms.records.record import Record

ITEMS: tuple[Item, ...] = tuple(
    replace(one.metadata["item"], column=one.name) for one in fields(Record)
)
"""管理項目一覧: every column of Record, in order."""

_BY_COLUMN = {one.column: one for one in ITEMS}
_ADDRESSES = tuple(
    {part: f"{of}_{part}" for part in ADDRESS_PARTS}
    for of in dict.fromkeys(one.part_of for one in ITEMS if one.part_of)
)

# Most cells of a record are blank, and most values are their own cells: neither is read or written
# one by one.
_BLANKS: Mapping[str, Value] = {
    one.column: one.read(None) for one in ITEMS if one.kind is not Kind.FLAG
}
_COLUMNS = tuple(_BY_COLUMN)
_VALUES = attrgetter(*_COLUMNS)
_WRITTEN_OTHERWISE = tuple(
    one for one in ITEMS if one.kind in (Kind.ID, Kind.COUNT, Kind.DATE, Kind.REGISTER_DATE)
)

HELD_ELSEWHERE: Mapping[str, str] = {
    "個人番号": "vault: encrypted, opened only with a permit",
    "異動履歴として管理する各項目": "ledger: one row a change (1.2.1)",
    "証明書の交付履歴": "issue records of certificates (1.3.8)",
    "抑止フラグ": "suppressions: several a person, each with a period (3.1)",
    "備考": "remarks of the 統合記載欄: rows of B and C類型 (1.1.14)",
    "メモ": "not yet: the gap `memos` of law/GAPS.toml (1.1.15)",
    "支援対象者である旨": "protective measures: a ledger of their own (1.1.16)",
    "米穀の配給": "not managed: the standard does not list BRRA 7[12]",
}
"""列のない管理項目: managed items that are no column here, and where they are."""


def item_of(column: str) -> Item:
    """管理項目: the item of a column; KeyError for a name that is none."""
    return _BY_COLUMN[column]


def to_row(record: Record) -> dict[str, Cell]:
    """行: the cell of each column, in order."""
    row = dict(zip(_COLUMNS, _VALUES(record), strict=True))
    for one in _WRITTEN_OTHERWISE:
        row[one.column] = one.write(row[one.column])
    return row


def difference(before: Record, after: Record) -> dict[str, Cell]:
    """相違: the cells that become different, as they stand in `after`, in order."""
    values = zip(ITEMS, _VALUES(before), _VALUES(after), strict=True)
    return {one.column: one.write(new) for one, old, new in values if old != new}


def from_row(row: Mapping[str, Cell]) -> Record:
    """行の読取り: the record of a row; a column left out is blank.

    Malformed for the first cell that its item cannot hold, an address in both forms, a column
    that is none (`record.column`) and a row without record_id (`record.no_id`).
    """
    read, found = _read(row)
    for malformed in found.values():
        raise malformed
    return Record(**read)


def laid_on(before: Record, cells: Mapping[str, Cell]) -> Record:
    """上書き: the record with these cells laid on it; what they do not name stays as it is.

    Malformed as in `from_row`, also where a part of an address does not go with those that stay.
    """
    read, found = _read(cells, before)
    for malformed in found.values():
        raise malformed
    return replace(before, **read)


def problems(row: Mapping[str, Cell]) -> tuple[tuple[str, Malformed], ...]:
    """行の誤り: each column whose cell cannot be, with the reason; () where `from_row` reads."""
    return tuple(_read(row)[1].items())


def blank_items(record: Record) -> tuple[Item, ...]:
    """空欄の項目: the items that may not be blank (standard 1.1.6) and are, in order.

    Only items that the resident's class has. A value, no finding: what follows is for the law,
    also whether one only asks for an alert (`Blank.ALERT_WHILE_LIVING`).
    """
    return tuple(one for one in ITEMS if _may_not_be_blank(one, record) and _is_blank(one, record))


def _may_not_be_blank(one: Item, record: Record) -> bool:
    if not one.is_held_by(foreign=record.is_foreign, foreign_class=record.foreign_class):
        return False
    return one.blank is Blank.NEVER or (one.blank is not Blank.ALLOWED and record.is_living)


def _is_blank(one: Item, record: Record) -> bool:
    if one.part_of:
        address: Address = getattr(record, one.part_of)
        return address.is_blank
    return getattr(record, one.column) in ("", None)


def _read(
    row: Mapping[str, Cell], before: Record | None = None
) -> tuple[dict[str, Any], dict[str, Malformed]]:
    """The values of a row, and what is wrong with it, by column; beside those of `before`."""
    read: dict[str, Any] = {}
    found: dict[str, Malformed] = {}
    for column, cell in row.items():
        if cell in ("", None) and column in _BLANKS:
            read[column] = _BLANKS[column]
            continue
        try:
            read[column] = _item(column).read(cell)
        except Malformed as malformed:
            found[column] = malformed
    if before is None and row.get("record_id") in (None, ""):
        found["record_id"] = Malformed("record.no_id", "記録IDがありません。")
    for columns in _ADDRESSES:
        if not found.keys().isdisjoint(columns.values()):
            continue
        written = {part: read[column] for part, column in columns.items() if read.get(column)}
        if not written:
            continue  # what becomes blank cannot make the rest wrong
        stays = {
            part: getattr(before, column)
            for part, column in columns.items()
            if before is not None and column not in read
        }
        try:
            Address(**{**stays, **written})
        except Malformed as malformed:
            found[columns["free_text"]] = malformed
    return read, found


def _item(column: str) -> Item:
    if column not in _BY_COLUMN:
        raise Malformed("record.column", "管理項目にない列です。列の名前を確かめてください。")
    return _BY_COLUMN[column]

"""管理項目: what is said of each managed item, and how its value stands in a cell.

`record.Record` states the items themselves. Columns, import layout, forms and reference pages
are made from the `Item`s, so what they need to know stands here once.
"""

import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from importlib import resources
from typing import Any
from uuid import UUID

from daicho.terms import dates, names, numbers, relationships
from daicho.terms.malformed import Malformed

Cell = str | bool | None
Value = str | bool | int | date | dates.RegisterDate | UUID | None


class Kind(StrEnum):
    """項目の型: which values an item has and which cells hold them.

    Cells are text save for FLAG (true, false). Blank text is "", a blank date or COUNT None.
    """

    ID = "id"  # UUID
    TEXT = "text"
    NAME = "name"  # as written, code point for code point
    KANA = "kana"  # full-width Katakana
    ROMAN = "roman"
    RELATIONSHIP = "relationship"
    ADDRESS = "address"  # one part of an address
    NUMBER = "number"  # figures and letters that identify; leading zeros count
    CODE = "code"  # one of a list of `codes.toml`
    FLAG = "flag"
    COUNT = "count"  # a whole number, not negative
    DATE = "date"  # a day of the calendar, ISO 8601
    MONTH = "month"  # text, 2024-05
    REGISTER_DATE = "register_date"  # certain or 不詳, see `dates`


class Holder(StrEnum):
    """対象者: which residents have the item."""

    JAPANESE = "japanese"
    FOREIGN = "foreign"
    BOTH = "both"


class Blank(StrEnum):
    """空欄: whether the item may be blank (standard 1.1.6)."""

    ALLOWED = "allowed"
    NEVER = "never"
    NEVER_WHILE_LIVING = "never_while_living"  # 除票の場合を除く
    ALERT_WHILE_LIVING = "alert_while_living"  # lawful, yet to be told: 在留カードの後日交付


class Remarks(StrEnum):
    """統合記載欄: what of the item is written there (standard 1.1.5, 1.1.14)."""

    NOTHING = "nothing"
    HISTORY = "history"  # a change of it is a row of the history (A類型)
    VALUE = "value"  # the value itself, on a 除票


class Standing(StrEnum):
    """項目の位置付け: under which heading of standard 1.1.1 and 1.1.2 the item stands."""

    ENTERED = "entered"  # 記載事項 that the copy prints
    ENTERED_APART = "entered_apart"  # 記載事項 without history there: BRRA 7[8-2], 7[9] to 7[11-2]
    OTHER = "other"  # その他の項目
    CLOSED_ENTERED = "closed_entered"  # 除票固有の記載事項
    CLOSED_OTHER = "closed_other"  # 除票固有のその他の項目


Mark = Holder | Blank | Standing


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """管理項目: one column of the record.

    `article` is the place that names the item ("BRRA 7[1]"), `rows` the rows of the standard.
    `chars_max` counts code points of the cell. `classes` are the 30条の45 classes that alone have
    it (empty: any), `codes` its list in CODES, `part_of` the property of Record whose address it
    is a part of. The rule of `blank` on the first part of an address is one on the whole of it.
    """

    japanese: str
    kind: Kind
    article: str
    rows: tuple[str, ...]
    chars_max: int
    column: str = ""
    holders: Holder = Holder.BOTH
    blank: Blank = Blank.ALLOWED
    standing: Standing = Standing.OTHER
    classes: tuple[str, ...] = ()
    codes: str = ""
    number: Callable[[str], str] | None = None
    part_of: str = ""

    @property
    def title(self) -> str:
        """項目名: what a clerk calls it; for a part of an address the whole of it (転入前住所)."""
        return _ADDRESSES[self.part_of][0] if self.part_of else self.japanese

    @property
    def statutory(self) -> bool:
        """記載事項: whether the Act has it entered, on the 住民票 or on the 除票 alone."""
        return self.standing not in (Standing.OTHER, Standing.CLOSED_OTHER)

    @property
    def closed_only(self) -> bool:
        """除票固有: whether only a 除票, or one about to move out, has it."""
        return self.standing in (Standing.CLOSED_ENTERED, Standing.CLOSED_OTHER)

    @property
    def remarks(self) -> Remarks:
        """統合記載欄: what of the item is written there."""
        if self.closed_only:
            return Remarks.NOTHING if self.kind is Kind.NUMBER else Remarks.VALUE
        return Remarks.HISTORY if self.standing is Standing.ENTERED else Remarks.NOTHING

    def is_held_by(self, *, foreign: bool, foreign_class: str = "") -> bool:
        """対象者: whether a resident of that class has the item at all."""
        if self.holders is (Holder.JAPANESE if foreign else Holder.FOREIGN):
            return False
        return not self.classes or foreign_class in self.classes

    def read(self, cell: Cell) -> Value:
        """欄の読取り: the value of a cell; Malformed where the item cannot hold it."""
        if self.kind is Kind.FLAG:
            return _flag(cell)
        if cell is None or cell == "":
            return _BLANKS.get(self.kind, "")
        if not isinstance(cell, str):
            raise Malformed("item.form", f"{self.japanese}は文字で入力してください。")
        if len(cell) > self.chars_max:
            raise Malformed(
                "item.too_long", f"{self.japanese}は{self.chars_max}字以内で入力してください。"
            )
        return _READERS[self.kind](self, cell)

    def write(self, value: Value) -> Cell:
        """欄の書出し: the cell of a value; `read` gives the value back."""
        if value is None or isinstance(value, bool):
            return value
        if isinstance(value, dates.RegisterDate):
            return dates.to_cell(value)
        return value.isoformat() if isinstance(value, date) else str(value)


def item(kind: Kind, japanese: str, article: str, *marks: Mark, rows: str = "", **more: Any) -> Any:
    """項目の定義: a field of Record with its Item.

    Beside 1.1.1 and 1.1.2 the item stands under the rows of its kind, of its rule on blanks, of its
    article if that is the standard's, and under `rows`, separated by spaces. `chars` is chars_max.
    """
    said: dict[str, Any] = {_MARKS[type(mark)]: mark for mark in marks}
    its_rows = [
        *_ROWS[said.get("holders", Holder.BOTH)],
        *(["1.1.6"] if "blank" in said else []),
        *_ROWS_OF_KIND.get(kind, ()),
        *([article.removeprefix("STD ")] if article.startswith("STD ") else []),
        *rows.split(),
    ]
    its = Item(
        japanese=japanese,
        kind=kind,
        article=article,
        rows=tuple(dict.fromkeys(its_rows)),
        chars_max=more.pop("chars", 0) or _LENGTHS[kind],
        **said,
        **more,
    )
    assert kind is not Kind.CODE or its.codes in CODES, f"{japanese}: its list of codes"
    blank: Any = False if kind is Kind.FLAG else _BLANKS.get(kind, "")
    return field(metadata={"item": its}, default=blank)


def address_part(of: str, part: str) -> Any:
    """住所の一部の定義: a field of Record for one part of the address `of`."""
    title, article, standing = _ADDRESSES[of]
    name, chars, number, row = ADDRESS_PARTS[part]
    marks: list[Mark] = [_STANDING_OF_CODES[standing] if number else standing]
    if of == "address" and part == "prefecture":
        marks.append(Blank.NEVER)
    return item(
        Kind.NUMBER if number else Kind.ADDRESS,
        title + name,
        article,
        *marks,
        rows=row,
        chars=chars,
        number=number,
        part_of=of,
    )


def code_text(codes: str, code: str) -> str:
    """符号の意味: the Japanese wording of `code` in the list `codes`; blank for a blank code."""
    return CODES[codes][code] if code else ""


_TABLE = tomllib.loads(
    resources.files("daicho.terms.records").joinpath("codes.toml").read_text("utf-8")
)

CODES: Mapping[str, Mapping[str, str]] = {
    name: dict(table["rows"]) for name, table in _TABLE.items()
}
"""符号一覧: list name to code to Japanese wording, in the order of the list."""

_BLANKS: Mapping[Kind, None] = dict.fromkeys(
    (Kind.ID, Kind.COUNT, Kind.DATE, Kind.REGISTER_DATE), None
)
_MARKS: Mapping[type, str] = {Holder: "holders", Blank: "blank", Standing: "standing"}
_ROWS = {
    Holder.JAPANESE: ("1.1.1",),
    Holder.FOREIGN: ("1.1.2",),
    Holder.BOTH: ("1.1.1", "1.1.2"),
}
_ROWS_OF_KIND = {Kind.REGISTER_DATE: ("1.1.8",), Kind.KANA: ("1.1.18",)}
_LENGTHS = {
    Kind.ID: 36,
    Kind.ROMAN: 100,
    Kind.TEXT: 100,
    Kind.NAME: 100,
    Kind.KANA: 100,
    Kind.RELATIONSHIP: 40,
    Kind.CODE: 40,
    Kind.FLAG: 5,
    Kind.COUNT: 5,
    Kind.DATE: 10,
    Kind.MONTH: 7,
    Kind.REGISTER_DATE: dates.CELL_LENGTH,
}

ADDRESS_PARTS: Mapping[str, tuple[str, int, Callable[[str], str] | None, str]] = {
    "code": ("の住所コード", 11, numbers.parse_address_code, "1.3.3"),
    "postal_code": ("の郵便番号", 7, numbers.parse_postal_code, "1.1.17"),
    "prefecture": ("の都道府県", 4, None, ""),
    "municipality": ("の市区町村", 12, None, ""),
    "town": ("の町字", 60, None, ""),
    "lot": ("の番地", 50, None, "1.3.2"),
    "free_text": ("（自由入力）", 300, None, ""),
    "building": ("の方書", 300, None, "1.3.4"),
}
"""住所の各部: field of Address to Japanese name, length, reader of its number, row."""

_ADDRESSES = {
    "address": ("住所", "BRRA 7[7]", Standing.ENTERED),
    "previous_address": ("転入前住所", "BRRA 7[8]", Standing.ENTERED),
    "planned_destination": ("転出先住所（予定）", "STD 1.1.5", Standing.CLOSED_ENTERED),
    "confirmed_destination": ("転出先住所（確定）", "STD 1.1.5", Standing.CLOSED_OTHER),
}
_STANDING_OF_CODES = {
    Standing.ENTERED: Standing.OTHER,
    Standing.CLOSED_ENTERED: Standing.CLOSED_OTHER,
    Standing.CLOSED_OTHER: Standing.CLOSED_OTHER,
}
_MONTH = re.compile(r"[0-9]{4}-(?:0[1-9]|1[0-2])")
_ISO_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def _flag(cell: Cell) -> bool:
    if isinstance(cell, str):
        raise Malformed("item.form", "有無の項目は、ありかなしかで入力してください。")
    return bool(cell)


def _checked(said: Item, cell: str) -> Value:
    return names.checked(cell)


def _code(said: Item, cell: str) -> Value:
    if cell not in CODES[said.codes]:
        choices = "、".join(CODES[said.codes].values())
        raise Malformed("item.code", f"{said.japanese}は、次から選んでください: {choices}")
    return cell


def _number(said: Item, cell: str) -> Value:
    if said.number:
        return said.number(cell)
    if not (cell.isascii() and cell.isalnum()):
        raise Malformed("item.form", f"{said.japanese}は半角の英数字で入力してください。")
    return cell


def _day(said: Item, cell: str) -> Value:
    if not _ISO_DAY.fullmatch(cell):
        raise Malformed("item.form", f"{said.japanese}は 2024-05-01 の形で入力してください。")
    return dates.parse(cell)


def _month(said: Item, cell: str) -> Value:
    if not _MONTH.fullmatch(cell):
        raise Malformed("item.form", f"{said.japanese}は 2024-05 の形で入力してください。")
    return cell


def _count(said: Item, cell: str) -> Value:
    if not (cell.isascii() and cell.isdecimal()):
        raise Malformed("item.form", f"{said.japanese}は0以上の整数で入力してください。")
    return int(cell)


def _uuid(said: Item, cell: str) -> Value:
    try:
        return UUID(cell)
    except ValueError:
        pass
    raise Malformed("item.form", f"{said.japanese}の形が正しくありません。")


_READERS: Mapping[Kind, Callable[[Item, str], Value]] = {
    Kind.ID: _uuid,
    Kind.TEXT: _checked,
    Kind.NAME: _checked,
    Kind.KANA: lambda said, cell: names.katakana(cell),
    Kind.ROMAN: lambda said, cell: names.roman(cell),
    Kind.RELATIONSHIP: lambda said, cell: relationships.parse(cell).text,
    Kind.ADDRESS: _checked,
    Kind.NUMBER: _number,
    Kind.CODE: _code,
    Kind.COUNT: _count,
    Kind.DATE: _day,
    Kind.MONTH: _month,
    Kind.REGISTER_DATE: lambda said, cell: dates.from_cell(cell),
}

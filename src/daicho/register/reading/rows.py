"""移行の1行: from the cells of a line to a judged history row.

Reading a cell costs more than anything else of an import, and most cells of a town repeat (street,
codes, days; of one person nearly all), so each column remembers the last thousand cells it has
read: the value, and the cell as it is stored, as COPY wants it and as the ledger's body tells it.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from itertools import compress, count
from operator import ne
from typing import Any, NamedTuple
from uuid import UUID

from daicho.law import entries, uniqueness
from daicho.law.rule import Finding
from daicho.register import layout
from daicho.register.places.dictionary import wards
from daicho.register.reading import staged
from daicho.register.reading.csv_file import Line
from daicho.terms import dates, names, numbers
from daicho.terms.changes import Imported, reasons
from daicho.terms.malformed import Malformed
from daicho.terms.records import CODES, Cell, Item, Kind, Record

CODES_TOLD_MAX = 10  # more do not fit a sentence
REMEMBERED_MAX = 1_000
REMEMBERED_MAX_OF = {"individual_number": 1}  # no longer than the person's lines last
APART = (
    "remark",
    "suppressions",
    "protected_from_on",
    "protected_until_on",
    "provisionally_protected",
)
FLAG_CELLS: Mapping[str, bool] = {"": False, "1": True}
SUPPRESSED_PROCESSES = ("change", "certificate", "look")
SUPPRESSION_LEVELS = ("error", "alert")
SUPPRESSION_PARTS = 4
_ENCODER = json.JSONEncoder(ensure_ascii=False)


@dataclass(frozen=True, slots=True)
class Fault:
    """A cell or rule that refuses a line: its code, the column, and the sentence of the cell.

    `what` never holds what was typed. It is blank for a finding of the law, whose sentence may tell
    a day of the resident: the report explains its code.
    """

    code: str
    what: str
    column: str = ""


@dataclass(slots=True)
class HistoryRow:
    """One history row, read and judged: `record` is the whole record after the 異動.

    `said` are the cells of the change in COPY's text form (`staged.CHANGE_CELLS`), `copied` those
    of the record (`staged.RECORD_COLUMNS`); `told` are the record's cells that are not blank, as
    pairs of the body's JSON object in COPY's text form.
    """

    line: int
    record: Record
    history_no: int
    residence_no: int
    reason: str
    individual_number: str = field(repr=False)
    cells: Mapping[str, str]  # of the change and the apart columns, as read
    stored: Mapping[str, Cell]  # cells of the record's columns that are not blank
    said: Sequence[str]
    copied: Sequence[str]
    told: Sequence[str]
    alerts: tuple[Finding, ...]

    def change(self) -> Imported:
        """The change that the ledger records."""
        return self._change(self.stored)

    def body(self) -> str:
        """The ledger's body, `change().to_body()`, as a cell of COPY: the record told already."""
        rest = self._change({}).to_body()
        del rest["row"]
        return f'{{"row": {{{", ".join(self.told)}}}, {staged.copied(_ENCODER.encode(rest))[1:]}'

    def _change(self, row: Mapping[str, Cell]) -> Imported:
        cells = self.cells
        apart = {name: cells[name] for name in APART if cells[name]}
        if suppressed := apart.get("suppressions"):
            # in one order, so that the same suppressions always read as the same
            apart["suppressions"] = ";".join(sorted(filter(None, suppressed.split(";"))))
        return Imported(
            history_no=self.history_no,
            residence_no=self.residence_no,
            reason=self.reason,
            occurred_on=cells["occurred_on"],
            history_remark=cells["history_remark"],
            note=cells["note"],
            row=row,
            apart=apart,
        )


class _Remembering:
    """A column, remembering the values of cells that come again."""

    def __init__(self, name: str, read: Callable[[str], Any]) -> None:
        self.name = name
        self._read = read
        self._most = REMEMBERED_MAX_OF.get(name, REMEMBERED_MAX)
        self.known: dict[str, Any] = {}

    def read(self, cell: str) -> Any:
        if len(self.known) >= self._most:
            self.known.clear()
        value = self.known[cell] = self._read(cell)
        return value


class _Read(NamedTuple):
    """A cell that was read: its value, and how it is stored, copied and told in the body."""

    value: Any
    stored: Cell
    copied: str
    told: str


def _item_reader(item: Item) -> Callable[[str], _Read]:
    own = _flag if item.kind is Kind.FLAG else _coded(item) if item.kind is Kind.CODE else None

    def read(cell: str) -> _Read:
        value = own(cell) if own is not None else item.read(cell)
        stored = value if type(value) is str else item.write(value)
        return _Read(value, stored, staged.copied(stored), told(item.column, stored))

    return read


def _change_reader(name: str) -> Callable[[str], _Read]:
    reader = _CHANGE_READERS.get(name, str)

    def read(cell: str) -> _Read:
        value = reader(cell)
        return _Read(value, cell, _said(value, cell), "")

    return read


def _said(value: Any, cell: str) -> str:
    """A cell of the change in COPY's text form, as its column wants it."""
    if isinstance(value, dates.RegisterDate):
        value = value.sort_on
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return staged.copied(cell if isinstance(value, tuple) else value)


def told(name: str, cell: Cell) -> str:
    """本文の対: a cell and its name as a pair of the body's JSON object, in COPY's text form."""
    return staged.copied(f"{_ENCODER.encode(name)}: {_ENCODER.encode(cell)}")


def _flag(cell: str) -> bool:
    if cell not in FLAG_CELLS:
        raise Malformed("item.form", "有無の項目は 1 か空欄で入力してください。")
    return FLAG_CELLS[cell]


def _coded(item: Item) -> Callable[[str], str]:
    """A reader that names the codes: the words that a form offers stand in no file."""
    codes = CODES[item.codes]
    told = "、".join(f"{code}({text})" for code, text in codes.items())
    which = told if len(codes) <= CODES_TOLD_MAX else "docs/reference/import.md の「符号」"
    sentence = f"{item.japanese}は、次の符号で入力してください: {which}"

    def read(cell: str) -> str:
        if cell and cell not in codes:
            raise Malformed("item.code", sentence)
        return cell

    return read


def _whole(cell: str) -> int:
    if not (cell.isascii() and cell.isdecimal()) or len(cell) > 5 or int(cell) < 1:
        raise Malformed("import.number", "1以上の整数で入力してください。")
    return int(cell)


def _day(cell: str) -> date | None:
    return dates.parse(cell) if cell else None


def _register_date(cell: str) -> dates.RegisterDate | None:
    return dates.from_cell(cell) if cell else None


def suppressions(cell: str) -> tuple[tuple[str, str, date, date | None], ...]:
    """抑止: (process, level, from, until) of each suppression in a cell; Malformed otherwise."""
    found = []
    for part in filter(None, cell.split(";")):
        words = part.split(":")
        if (
            len(words) != SUPPRESSION_PARTS
            or words[0] not in SUPPRESSED_PROCESSES
            or words[1] not in SUPPRESSION_LEVELS
            or not words[2]
        ):
            raise Malformed("import.suppression", "抑止は 対象:水準:開始:終了 の形で入力します。")
        found.append((words[0], words[1], dates.parse(words[2]), _day(words[3])))
    return tuple(found)


def _number(cell: str) -> str:
    return numbers.parse_individual_number(cell) if cell else ""


def _words(chars_max: int, cell: str) -> str:
    if len(cell) > chars_max:
        raise Malformed("item.too_long", f"{chars_max}字以内で入力してください。")
    return names.checked(cell)


_CHANGE_READERS: Mapping[str, Callable[[str], Any]] = {
    "address_number": numbers.parse_address_number,
    "history_no": _whole,
    "residence_no": _whole,
    "reason": reasons.parse_reason,
    "occurred_on": _register_date,
    "received_on": _day,
    "basis": reasons.parse_basis,
    "suppressions": suppressions,
    "protected_from_on": _day,
    "protected_until_on": _day,
    "provisionally_protected": _flag,
    "individual_number": _number,
    "office": partial(_words, 10),
    "terminal": partial(_words, 20),
    "history_remark": names.checked,
    "note": names.checked,
    "remark": names.checked,
}
_ITEMS = tuple(column.item for column in layout.ITEM_COLUMNS if column.item is not None)
_CHANGE_NAMES = tuple(column.name for column in layout.CHANGE_COLUMNS)
_FIRST_ITEM = len(_CHANGE_NAMES)
_PLACES = {name: place for place, name in enumerate(staged.RECORD_COLUMNS)}
_ADDRESS_NUMBER, _WARD = _PLACES["address_number"], _PLACES["ward"]
_CHANGE_PLACES = {
    name: staged.CHANGE_CELLS.index("occurred_day" if name == "occurred_on" else name)
    for name in _CHANGE_NAMES
    if name not in ("address_number", "individual_number")
}


class RowReader:
    """行の読取り: reads and judges lines; keep one for a whole file, it remembers cells."""

    def __init__(self, ward: str, on: date) -> None:
        self._ward = ward
        self._wards = tuple(one.municipality_code for one in wards(ward)) or (ward,)
        self._ward_told = told("ward", ward)
        self._on = on
        changes = [_Remembering(name, _change_reader(name)) for name in _CHANGE_NAMES]
        self._changes = [(one, one.known, _CHANGE_PLACES.get(one.name)) for one in changes]
        items = [_Remembering(item.column, _item_reader(item)) for item in _ITEMS]
        self._items = [(one, one.known, _PLACES[one.name]) for one in items]
        # the line before: its cells, and what they gave; most cells of a person's lines are equal
        self._change_cells: Sequence[str | None] = [None] * len(_CHANGE_NAMES)
        self._change_values: dict[str, Any] = {}
        self._said = [staged.NULL] * len(staged.CHANGE_CELLS)
        self._item_cells: Sequence[str | None] = [""] * len(_ITEMS)
        self._values: dict[str, Any] = {}
        self._stored: dict[str, Cell] = {}
        self._told: dict[str, str] = {}
        self._copied = list(staged.BLANKS)

    def read(self, line: Line, record_id: UUID) -> "HistoryRow | tuple[Fault, ...]":
        """The line as a history row, or what refuses it."""
        faults: list[Fault] = []
        self._read_change(line.cells[:_FIRST_ITEM], faults)
        self._read_items(line.cells[_FIRST_ITEM:], faults)
        return tuple(faults) if faults else self._judged(line, record_id)

    def _read_change(self, cells: Sequence[str], faults: list[Fault]) -> None:
        """Read the cells of the change that are not those of the line before."""
        read_cells: list[str | None] = [*cells]
        for i in _differing(cells, self._change_cells):
            cell, (column, known, place) = cells[i], self._changes[i]
            try:
                read = known[cell] if cell in known else column.read(cell)
            except Malformed as malformed:
                faults.append(Fault(malformed.code, malformed.message, column.name))
                read_cells[i] = None  # equal to no cell: it is told of each line anew
                continue
            self._change_values[column.name] = read.value
            if place is not None:
                self._said[place] = read.copied
        self._change_cells = read_cells

    def _read_items(self, cells: Sequence[str], faults: list[Fault]) -> None:
        """Read the cells of the record that are not those of the line before."""
        values, stored, copied, pairs = self._values, self._stored, self._copied, self._told
        read_cells: list[str | None] = [*cells]
        for i in _differing(cells, self._item_cells):
            cell, (column, known, place) = cells[i], self._items[i]
            name = column.name
            values.pop(name, None)
            stored.pop(name, None)
            pairs.pop(name, None)
            copied[place] = staged.BLANKS[place]
            if not cell:
                continue
            try:
                read = known[cell] if cell in known else column.read(cell)
            except Malformed as malformed:
                faults.append(Fault(malformed.code, malformed.message, name))
                read_cells[i] = None  # as above
                continue
            values[name], stored[name], copied[place], pairs[name] = read
        self._item_cells = read_cells

    def _judged(self, line: Line, record_id: UUID) -> "HistoryRow | tuple[Fault, ...]":
        change = self._change_values
        number = change["address_number"]
        values = {"ward": self._ward, **self._values}
        record = Record(record_id=record_id, address_number=number, **values)
        findings = self._findings(record)
        refused = tuple(Fault(one.code, "", one.on_item) for one in findings if one.refuses)
        if refused:
            return refused
        copied = [*self._copied]
        copied[_ADDRESS_NUMBER], copied[_WARD] = number, record.ward
        own = () if "ward" in self._told else (self._ward_told,)
        return HistoryRow(
            line=line.number,
            record=record,
            history_no=change["history_no"],
            residence_no=change["residence_no"],
            reason=change["reason"],
            individual_number=change["individual_number"],
            cells=dict(zip(_CHANGE_NAMES, line.cells, strict=False)),
            stored={"address_number": number, "ward": record.ward, **self._stored},
            said=[*self._said],
            copied=copied,
            told=(told("address_number", number), *own, *self._told.values()),
            alerts=findings,
        )

    def _findings(self, record: Record) -> tuple[Finding, ...]:
        processed_on, ward, on = record.processed_on, record.ward, self._on
        own: list[Finding | None] = []
        if processed_on is None or on < processed_on:
            own.append(uniqueness.imported_day(processed_on, on=on))
        if ward not in self._wards:
            own.append(uniqueness.imported_ward(ward, self._wards, on=on))
        return (
            *(one for one in own if one is not None),
            *entries.judge(record, on=processed_on or on, source="migration"),
        )


def _differing(cells: Sequence[str], before: Sequence[str | None]) -> Iterator[int]:
    return compress(count(), map(ne, cells, before))

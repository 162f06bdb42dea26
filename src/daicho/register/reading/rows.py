"""移行の1行: from the cells of a line to a judged history row.

Reading a cell costs more than anything else of an import, and most cells of a town repeat (street,
codes, days; of one person nearly all), so each column remembers the last few thousand cells it has
read: the value, the cell as it is stored, and the cell as COPY wants it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from itertools import compress
from operator import ne
from typing import Any, NamedTuple
from uuid import UUID

from daicho.law import entries, uniqueness
from daicho.law.rule import Finding
from daicho.register import layout
from daicho.register.reading import staged
from daicho.register.reading.csv_file import Line
from daicho.terms import dates, names, numbers
from daicho.terms.changes import Imported, reasons
from daicho.terms.malformed import Malformed
from daicho.terms.records import Cell, Item, Kind, Record

REMEMBERED_MAX = 4_000
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


@dataclass(frozen=True, slots=True)
class Fault:
    """A cell or rule that refuses a line: the finding's code, its sentence, the column."""

    code: str
    what: str
    column: str = ""


@dataclass(frozen=True, slots=True)
class HistoryRow:
    """One history row, read and judged: `record` is the whole record after the 異動."""

    line: int
    history_no: int
    residence_no: int
    reason: str
    basis: str
    occurred_on: dates.RegisterDate | None
    received_on: date | None
    individual_number: str = field(repr=False)
    cells: Mapping[str, str]  # of the change and the apart columns, as read
    record: Record
    stored: Mapping[str, Cell]  # cells of the record's columns that are not blank
    copied: Sequence[str]  # every column of the record, in COPY's text form
    alerts: tuple[Finding, ...]

    def change(self) -> Imported:
        """The change that the ledger records."""
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
            row=self.stored,
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
    """A cell of an item that was read: its value, and how it is stored and copied."""

    value: Any
    stored: Cell
    copied: str


def _item_reader(item: Item) -> Callable[[str], _Read]:
    def read(cell: str) -> _Read:
        value = _flag(cell) if item.kind is Kind.FLAG else item.read(cell)
        stored = value if type(value) is str else item.write(value)
        return _Read(value, stored, staged.copied(stored))

    return read


def _flag(cell: str) -> bool:
    if cell not in FLAG_CELLS:
        raise Malformed("item.form", "有無の項目は 1 か空欄で入力してください。")
    return FLAG_CELLS[cell]


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
_ITEM_PLACES = range(len(_ITEMS))
_FIRST_ITEM = len(layout.CHANGE_COLUMNS)
_PLACES = {name: place for place, name in enumerate(staged.RECORD_COLUMNS)}


class RowReader:
    """行の読取り: reads and judges lines; keep one for a whole file, it remembers cells."""

    def __init__(self, ward: str, on: date) -> None:
        self._ward = ward
        self._on = on
        self._changes = [
            _Remembering(name, _CHANGE_READERS.get(name, str)) for name in _CHANGE_NAMES
        ]
        columns = [_Remembering(item.column, _item_reader(item)) for item in _ITEMS]
        self._items = [(column, column.known, _PLACES[column.name]) for column in columns]
        # the line before: its cells, and what they gave; most cells of a person's lines are equal
        self._cells: list[str | None] = [""] * len(_ITEMS)
        self._values: dict[str, Any] = {}
        self._stored: dict[str, Cell] = {}
        self._copied = list(staged.BLANKS)

    def read(self, line: Line, record_id: UUID) -> "HistoryRow | tuple[Fault, ...]":
        """The line as a history row, or what refuses it."""
        faults: list[Fault] = []
        said: dict[str, Any] = {}
        for change, cell in zip(self._changes, line.cells, strict=False):
            try:
                said[change.name] = (
                    change.known[cell] if cell in change.known else change.read(cell)
                )
            except Malformed as malformed:
                faults.append(Fault(malformed.code, malformed.message, change.name))
        self._read_items(line.cells[_FIRST_ITEM:], faults)
        if faults:
            return tuple(faults)
        return self._judged(line, record_id, said)

    def _read_items(self, cells: Sequence[str], faults: list[Fault]) -> None:
        """Read the cells that are not those of the line before."""
        values, stored, copied = self._values, self._stored, self._copied
        read_cells: list[str | None] = [*cells]
        for i in compress(_ITEM_PLACES, map(ne, cells, self._cells)):
            cell, (column, known, place) = cells[i], self._items[i]
            values.pop(column.name, None)
            stored.pop(column.name, None)
            copied[place] = staged.BLANKS[place]
            if not cell:
                continue
            try:
                read = known[cell] if cell in known else column.read(cell)
            except Malformed as malformed:
                faults.append(Fault(malformed.code, malformed.message, column.name))
                read_cells[i] = None  # equal to no cell: it is told of each line anew
                continue
            values[column.name], stored[column.name], copied[place] = read
        self._cells = read_cells

    def _judged(
        self, line: Line, record_id: UUID, said: Mapping[str, Any]
    ) -> "HistoryRow | tuple[Fault, ...]":
        number = said["address_number"]
        values = {"ward": self._ward, **self._values}
        record = Record(record_id=record_id, address_number=number, **values)
        stored = {"address_number": number, "ward": record.ward, **self._stored}
        copied = [*self._copied]
        copied[_PLACES["address_number"]], copied[_PLACES["ward"]] = number, record.ward
        findings = self._findings(record)
        refused = tuple(Fault(one.code, one.what, one.on_item) for one in findings if one.refuses)
        if refused:
            return refused
        return HistoryRow(
            line=line.number,
            history_no=said["history_no"],
            residence_no=said["residence_no"],
            reason=said["reason"],
            basis=said["basis"],
            occurred_on=said["occurred_on"],
            received_on=said["received_on"],
            individual_number=said["individual_number"],
            cells=dict(zip(_CHANGE_NAMES, line.cells, strict=False)),
            record=record,
            stored=stored,
            copied=copied,
            alerts=findings,
        )

    def _findings(self, record: Record) -> tuple[Finding, ...]:
        processed_on, ward, on = record.processed_on, record.ward, self._on
        own: list[Finding | None] = []
        if processed_on is None or on < processed_on:
            own.append(uniqueness.imported_day(processed_on, on=on))
        if ward != self._ward:
            own.append(uniqueness.imported_ward(ward, (self._ward,), on=on))
        return (
            *(one for one in own if one is not None),
            *entries.judge(record, on=processed_on or on, source="migration"),
        )

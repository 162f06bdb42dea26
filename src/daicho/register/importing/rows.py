"""移行の1行: from the cells of a line to a judged history row.

Reading a cell costs more than anything else of an import, and most cells of a town repeat (street,
codes, days), so each column remembers the last few thousand cells it has read.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from daicho.law import entries, uniqueness
from daicho.law.rule import Finding
from daicho.register import layout
from daicho.register.importing.csv_file import Line
from daicho.terms import dates, numbers
from daicho.terms.changes import Imported, reasons
from daicho.terms.malformed import Malformed
from daicho.terms.records import Cell, Item, Kind, Record

REMEMBERED_MAX = 4_000
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
    alerts: tuple[Finding, ...]

    def change(self) -> Imported:
        """The change that the ledger records."""
        cells = self.cells
        return Imported(
            history_no=self.history_no,
            residence_no=self.residence_no,
            reason=self.reason,
            occurred_on=cells["occurred_on"],
            history_remark=cells["history_remark"],
            note=cells["note"],
            row=self.stored,
            apart={name: cells[name] for name in APART if cells[name]},
        )


class _Remembering:
    """Read a column's cell, remembering the values of cells that come again."""

    def __init__(self, read: Callable[[str], Any]) -> None:
        self._read = read
        self._known: dict[str, Any] = {}

    def __call__(self, cell: str) -> Any:
        if cell in self._known:
            return self._known[cell]
        if len(self._known) >= REMEMBERED_MAX:
            self._known.clear()
        value = self._known[cell] = self._read(cell)
        return value


def _value_and_cell(item: Item) -> Callable[[str], tuple[Any, Cell]]:
    """Read an item's cell; gives its value and the cell as it is stored."""

    def read(cell: str) -> tuple[Any, Cell]:
        if item.kind is Kind.FLAG:
            flag = _flag(cell)
            return flag, flag
        value = item.read(cell)
        return value, value if type(value) is str else item.write(value)

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
}
_UNREMEMBERED = frozenset({"address_number", "individual_number", "resident_record_code"})


class RowReader:
    """行の読取り: reads and judges lines; keep one for a whole file, it remembers cells."""

    def __init__(self, ward: str, on: date) -> None:
        self._ward = ward
        self._on = on
        self._changes = [
            (i, c.name, self._reader(c.name, _CHANGE_READERS.get(c.name)))
            for i, c in enumerate(layout.CHANGE_COLUMNS)
        ]
        first = len(layout.CHANGE_COLUMNS)
        self._items = [
            (first + i, c.name, self._reader(c.name, _value_and_cell(c.item)))
            for i, c in enumerate(layout.ITEM_COLUMNS)
            if c.item is not None
        ]

    @staticmethod
    def _reader(name: str, read: Callable[[str], Any] | None) -> Callable[[str], Any]:
        if read is None:
            return str
        return read if name in _UNREMEMBERED else _Remembering(read)

    def read(self, line: Line, record_id: UUID) -> "HistoryRow | tuple[Fault, ...]":
        """The line as a history row, or what refuses it."""
        faults: list[Fault] = []
        said: dict[str, Any] = {}
        for i, name, reader in self._changes:
            try:
                said[name] = reader(line.cells[i])
            except Malformed as malformed:
                faults.append(Fault(malformed.code, malformed.message, name))
        values: dict[str, Any] = {}
        stored: dict[str, Cell] = {}
        for i, name, reader in self._items:
            cell = line.cells[i]
            if not cell:
                continue
            try:
                values[name], stored[name] = reader(cell)
            except Malformed as malformed:
                faults.append(Fault(malformed.code, malformed.message, name))
        if faults:
            return tuple(faults)
        return self._judged(line, record_id, said, values, stored)

    def _judged(
        self,
        line: Line,
        record_id: UUID,
        said: Mapping[str, Any],
        values: dict[str, Any],
        stored: dict[str, Cell],
    ) -> "HistoryRow | tuple[Fault, ...]":
        values.setdefault("ward", self._ward)
        number = said["address_number"]
        record = Record(record_id=record_id, address_number=number, **values)
        stored = {"address_number": number, "ward": record.ward, **stored}
        on = record.processed_on or self._on
        findings = (
            *filter(None, (uniqueness.imported_day(record.processed_on, on=self._on),)),
            *filter(None, (uniqueness.imported_ward(record.ward, (self._ward,), on=self._on),)),
            *entries.judge(record, on=on, source="migration"),
        )
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
            alerts=findings,
        )


_CHANGE_NAMES = tuple(column.name for column in layout.CHANGE_COLUMNS)

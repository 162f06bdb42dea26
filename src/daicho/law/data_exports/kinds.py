"""持出しの種類: the closed, dated list of the files in which residents' data may leave."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from daicho.law.citation import Article, printed
from daicho.law.purposes import PURPOSES
from daicho.law.rule import words
from daicho.law.safety.item_classes import classes
from daicho.law.tables import Row, table

_NEVER = frozenset({"record_id", "resident_record_code"})
_ENTRIES = (
    "code",
    "name",
    "use",
    "purpose",
    "columns",
    "by_command",
    "bulk_rows",
    "room",
    "days_most",
    "rows_most",
    "times_most",
)


@dataclass(frozen=True)
class ExportKind:
    """持出しの種類: one row of the table; `columns` are the most that such a file may hold."""

    code: str
    name: str
    use: str
    purpose: str
    columns: tuple[str, ...]
    by_command: bool
    bulk_rows: int
    room: str
    days_most: int
    rows_most: int
    times_most: int
    cites: tuple[Article, ...]
    since: date
    until: date | None

    @property
    def article(self) -> str:
        """The article by which such a file leaves, as it stands in the file."""
        return printed(self.cites)

    def is_bulk(self, rows: int) -> bool:
        """大量か: are so many lines more than leave from any terminal?"""
        return rows >= self.bulk_rows


def _kind(row: Row) -> ExportKind:
    row.only(*_ENTRIES)
    columns = row.texts("columns", frozenset(classes(row.checked_on)))
    by_command = row.flag("by_command")
    if by_command == bool(columns) or not _NEVER.isdisjoint(columns):
        raise row.wrong("a whole register names no columns; any other names some, and no code")
    sees = [one.sees for one in PURPOSES if one.code == row.text("purpose")]
    of = classes(row.checked_on)
    if not sees or not all(of[one] in seen for seen in sees for one in columns):
        raise row.wrong("purpose stands in no table, or does not see every column")
    return ExportKind(
        code=row.text("code"),
        name=row.text("name"),
        use=row.text("use"),
        purpose=row.text("purpose"),
        columns=columns,
        by_command=by_command,
        bulk_rows=row.number("bulk_rows"),
        room=row.text("room"),
        days_most=row.number("days_most"),
        rows_most=row.number("rows_most"),
        times_most=row.number("times_most"),
        cites=row.cites,
        since=row.since,
        until=row.until,
    )


KINDS: tuple[ExportKind, ...] = tuple(_kind(row) for row in table("data_exports").keyed())
"""持出しの種類の一覧: every row of the table, of every day."""

NAMES: Mapping[str, str] = {one.code: one.name for one in KINDS}
"""種類の名: by code, of those too whose row has ended."""

words(one.name for one in KINDS)
words(one.room for one in KINDS)


def kinds_of(on: date) -> tuple[ExportKind, ...]:
    """その日の種類: the rows in force on that day."""
    return tuple(one for one in KINDS if kind_of(one.code, on) is one)


def kind_of(code: str, on: date) -> ExportKind | None:
    """持出しの種類: the row with that code on that day, or None."""
    found = (one for one in KINDS if one.code == code and one.since <= on)
    return next((one for one in found if one.until is None or on <= one.until), None)

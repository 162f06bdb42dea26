"""移行の下書き: the lines of one import in temporary tables, and what only all of them can tell.

A temporary table is seen by no one else and is gone with the connection: until `append` has run
inside the import's one transaction, the register knows nothing of it.
"""

import csv
import io
import json
import tempfile
from collections.abc import Iterator
from types import TracebackType
from typing import Any, Self

from django.db import connection

from daicho.register.importing import checks
from daicho.register.importing.rows import HistoryRow
from daicho.register.models import RECORD_COLUMNS
from daicho.terms.records import Item, Kind
from daicho.vault import numbers

CHANGE_COLUMNS = (
    "line integer",
    "record_id uuid",
    "history_no integer",
    "residence_no integer",
    "reason text",
    "basis text",
    "occurred_day date",
    "received_on date",
    "office text",
    "terminal text",
    "history_remark text",
    "note text",
    "remark text",
    "suppressions text",
    "protected_from_on date",
    "protected_until_on date",
    "provisionally_protected boolean",
    "ciphertext bytea",
    "blind_index bytea",
    "body jsonb",
)
CHANGE_NAMES = tuple(column.split()[0] for column in CHANGE_COLUMNS)
RECORD_NAMES = tuple(item.column for item in RECORD_COLUMNS)

_TYPES = {Kind.FLAG: "boolean", Kind.COUNT: "smallint", Kind.DATE: "date"}
_BUFFER_CHARS = 1 << 18


def _column(name: str, kind: Kind) -> str:
    return f"{name} {_TYPES.get(kind, 'text')}"


def _blank(item: Item) -> bool | None:
    # a COPY without a value is NULL, which no flag is
    return False if item.kind is Kind.FLAG else None


_BLANKS = tuple((item.column, _blank(item)) for item in RECORD_COLUMNS)


def create() -> None:
    """Make the temporary tables, for the running transaction and this import."""
    columns = [*CHANGE_COLUMNS, *(_column(i.column, i.kind) for i in RECORD_COLUMNS)]
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS pg_temp.staged, pg_temp.fault, pg_temp.last")
        cursor.execute(
            f"CREATE TEMPORARY TABLE staged ({', '.join(columns)},"
            " change_id bigint DEFAULT nextval('register_recordedchange_id_seq'),"
            " unchanged boolean DEFAULT false) ON COMMIT DROP"
        )
        cursor.execute(
            "CREATE TEMPORARY TABLE fault (line integer, code text, column_name text,"
            " address_number text, household_number text) ON COMMIT DROP"
        )


class Copying:
    """Lines into `staged` by COPY: `add` buffers, leaving the block ends the copy."""

    def __init__(self) -> None:
        names = [*CHANGE_NAMES, *RECORD_NAMES]
        text = [i.column for i in RECORD_COLUMNS if i.kind not in _TYPES]
        text += ["history_remark", "note", "remark", "suppressions", "office", "terminal"]
        self._statement = (
            f"COPY staged ({', '.join(names)}) FROM STDIN"
            f" (FORMAT csv, FORCE_NOT_NULL ({', '.join(text)}))"
        )
        self._buffer = io.StringIO(newline="")
        self._writer = csv.writer(self._buffer, lineterminator="\n")

    def __enter__(self) -> Self:
        self._cursor = connection.cursor()
        self._entered = self._cursor.copy(self._statement)
        self._copy = self._entered.__enter__()
        return self

    def add(self, row: HistoryRow, sealed: numbers.Sealed | None) -> None:
        """Stage one judged line, with its number where it has one."""
        occurred, cells, get = row.occurred_on, row.cells, row.stored.get
        change: list[Any] = [
            row.line,
            row.record.record_id,
            row.history_no,
            row.residence_no,
            row.reason,
            row.basis,
            occurred.sort_on if occurred else None,
            row.received_on,
            cells["office"],
            cells["terminal"],
            cells["history_remark"],
            cells["note"],
            cells["remark"],
            cells["suppressions"],
            cells["protected_from_on"],
            cells["protected_until_on"],
            cells["provisionally_protected"] or "0",
            rf"\x{sealed.ciphertext.hex()}" if sealed else None,
            rf"\x{sealed.blind_index.hex()}" if sealed else None,
            json.dumps(row.change().to_body(), ensure_ascii=False),
        ]
        change += [get(name, blank) for name, blank in _BLANKS]
        self._writer.writerow(change)
        if self._buffer.tell() > _BUFFER_CHARS:
            self._send()

    def _send(self) -> None:
        self._copy.write(self._buffer.getvalue())
        self._buffer.seek(0)
        self._buffer.truncate()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if exc is None:
            self._send()
        self._entered.__exit__(kind, exc, traceback)
        self._cursor.close()


class Faults:
    """What refuses lines, kept beside until the copy of the others is done: a spool on disk."""

    def __init__(self) -> None:
        spool = tempfile.TemporaryFile("w+", encoding="utf-8", newline="")  # noqa: SIM115  see send
        self._spool = spool
        self._writer = csv.writer(self._spool, lineterminator="\n")

    def add(self, line: int, code: str, column: str, address: str, household: str) -> None:
        """Keep one; `address` and `household` are the numbers as the line says them."""
        self._writer.writerow((line, code, column, address, household))

    def send(self) -> None:
        """Copy them into the table `fault`."""
        self._spool.seek(0)
        options = "FORMAT csv, FORCE_NOT_NULL (column_name, address_number, household_number)"
        with (
            connection.cursor() as cursor,
            cursor.copy(f"COPY fault FROM STDIN ({options})") as copy,
        ):
            while block := self._spool.read(_BUFFER_CHARS):
                copy.write(block)
        self._spool.close()


def check() -> int:
    """Find what only the lines together can tell: doubles, what is already held; gives the
    number of gaps in 履歴番号, which only ask."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE INDEX ON staged (address_number, history_no)")
        cursor.execute("CREATE INDEX ON staged (line)")
        cursor.execute("ANALYZE staged")
        for statement in checks.STATEMENTS:
            cursor.execute(statement)
        cursor.execute(checks.GAPS)
        return int(cursor.fetchone()[0])


def spread() -> None:
    """A refused line refuses its person whole, a refused resident the household whole."""
    with connection.cursor() as cursor:
        for statement in checks.SPREADING:
            cursor.execute(statement)
        cursor.execute("CREATE INDEX ON fault (line)")
        cursor.execute("ANALYZE fault")


def counts() -> tuple[int, int]:
    """Lines accepted and lines unchanged."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FILTER (WHERE NOT unchanged), count(*) FILTER (WHERE unchanged)"
            " FROM staged s WHERE NOT EXISTS (SELECT FROM fault f WHERE f.line = s.line)"
        )
        accepted, unchanged = cursor.fetchone()
    return int(accepted), int(unchanged)


def faults() -> Iterator[tuple[int, str, str]]:
    """What refuses lines, in the order of the file: (line, code, column)."""
    with connection.chunked_cursor() as cursor:
        cursor.execute("SELECT line, code, column_name FROM fault ORDER BY line, code")
        while rows := cursor.fetchmany(10_000):
            yield from rows


def sealed(size: int) -> Iterator[list[numbers.Sealed]]:
    """The numbers of accepted new residents, sealed, in pieces of `size`."""
    with connection.chunked_cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT ON (record_id) record_id, ciphertext, blind_index FROM staged s"
            " WHERE ciphertext IS NOT NULL AND NOT unchanged"
            " AND NOT EXISTS (SELECT FROM fault f WHERE f.line = s.line)"
            " ORDER BY record_id, history_no DESC"
        )
        while rows := cursor.fetchmany(size):
            yield [numbers.Sealed(record_id, bytes(c), bytes(b)) for record_id, c, b in rows]

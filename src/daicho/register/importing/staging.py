"""移行の下書き: the lines of one import in temporary tables, and what only all of them can tell.

A temporary table is seen by no one else and is gone with the connection: until `append` has run
inside the import's one transaction, the register knows nothing of it.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date
from typing import NamedTuple
from uuid import UUID

from django.db import connection
from django.db.backends.utils import CursorWrapper

from daicho.access.permits import Permit
from daicho.register.importing import checks
from daicho.register.reading import staged
from daicho.register.reading.judging import Alert, Judged, RowFault
from daicho.register.search import keeping
from daicho.vault import numbers

RECORD_NAMES = tuple(staged.RECORD_COLUMNS)
# What the checks join, sort and compare; the planner need not know the rest of a wide row.
_ANALYZED = "line, record_id, address_number, history_no, household_number, state, unchanged"
_JUDGED_AT_ONCE = 5_000
_MEMORY = "64MB"  # for each sort of this transaction

_TABLES = (
    "DROP TABLE IF EXISTS pg_temp.staged, pg_temp.sealed, pg_temp.fault, pg_temp.last,"
    f" pg_temp.{keeping.STAGED}",
    keeping.TABLE_OF_STAGED,
    f"CREATE TEMPORARY TABLE staged ({', '.join(f'{n} {t}' for n, t in staged.COLUMNS.items())},"
    " change_id bigint DEFAULT nextval('register_recordedchange_id_seq'),"
    " unchanged boolean DEFAULT false) ON COMMIT DROP",
    "CREATE TEMPORARY TABLE sealed (line integer, record_id uuid, ciphertext bytea,"
    " blind_index bytea) ON COMMIT DROP",
    "CREATE TEMPORARY TABLE fault (line integer, code text, column_name text,"
    " address_number text, household_number text, what text) ON COMMIT DROP",
    f"SET LOCAL work_mem = '{_MEMORY}'",
)
_COPY_ROWS = f"COPY staged ({', '.join(staged.NAMES)}) FROM STDIN"
_COPY_SEALED = "COPY sealed (line, record_id, ciphertext, blind_index) FROM STDIN (FORMAT binary)"
_COPY_FAULTS = (
    "COPY fault (line, code, column_name, address_number, household_number, what) FROM STDIN"
)


class Refusal(NamedTuple):
    """拒んだ理由: what refuses a line. `column` is blank for the whole line; `what` is the sentence
    of a cell that cannot be read, blank for a finding of the law."""

    line: int
    code: str
    column: str
    what: str


def create() -> None:
    """Make the temporary tables, for the running transaction and this import."""
    with connection.cursor() as cursor:
        for statement in _TABLES:
            cursor.execute(statement)


class Stage:
    """下書き: takes judged blocks, in the order of the file."""

    def __init__(self) -> None:
        self._sealed = numbers.Sealed(UUID(int=0), b"", b"")
        self._number = ""

    def add(self, judged: Judged) -> None:
        """Stage the rows of one block, with their keys, their numbers sealed, and its faults."""
        with connection.cursor() as cursor:
            for statement, text in (
                (_COPY_ROWS, judged.rows),
                (keeping.COPY_STAGED, judged.keys),
            ):
                if text:
                    with cursor.copy(statement) as copy:
                        copy.write(text)
            if judged.numbers:
                self._seal(cursor, judged.numbers)
        add_faults(judged.faults)

    def _seal(self, cursor: CursorWrapper, found: Iterable[tuple[int, UUID, str]]) -> None:
        # sealed before the copy begins: the vault may have to ask this connection for its keys
        rows = []
        for line, record_id, number in found:
            # the lines of a person stand together and mostly have one number
            if (record_id, number) != (self._sealed.record_id, self._number):
                self._sealed, self._number = numbers.seal(record_id, number), number
            rows.append((line, record_id, self._sealed.ciphertext, self._sealed.blind_index))
        with cursor.copy(_COPY_SEALED) as copy:
            copy.set_types(["int4", "uuid", "bytea", "bytea"])
            for row in rows:
                copy.write_row(row)


def add_faults(faults: Iterable[RowFault]) -> None:
    """Keep what refuses lines."""
    if not faults:
        return
    with connection.cursor() as cursor, cursor.copy(_COPY_FAULTS) as copy:
        for one in faults:
            copy.write_row(
                (one.line, one.code, one.column, one.address_number, one.household_number, one.what)
            )


def check(on: date) -> Counter[Alert]:
    """Find what only the lines together can tell: doubles, what is already held; alerts counted."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE INDEX ON staged (address_number, history_no)")
        cursor.execute("CREATE INDEX ON staged (line)")
        cursor.execute(f"ANALYZE staged ({_ANALYZED})")
        cursor.execute("CREATE INDEX ON sealed (line)")
        cursor.execute("ANALYZE sealed (line)")
        for statement in checks.PREPARING:
            cursor.execute(statement)
    return sum((_judge(one, on) for one in checks.CHECKS), Counter[Alert]())


def _judge(check: checks.Check, on: date) -> Counter[Alert]:
    """Stage what refuses the lines of a check; gives the counts of what only asks."""
    alerts: Counter[Alert] = Counter()
    with connection.chunked_cursor() as cursor:
        cursor.execute(check.lines)
        while rows := cursor.fetchmany(_JUDGED_AT_ONCE):
            faults: list[RowFault] = []
            for line, address_number, household_number, *values in rows:
                for found in filter(None, check.judge(*values, on=on)):
                    if found.refuses:
                        numbers_of = (address_number, household_number)
                        faults.append(RowFault(line, found.code, found.on_item, *numbers_of))
                    else:
                        alerts[found.code, found.on_item] += 1
            add_faults(faults)
    return alerts


def spread(on: date) -> None:
    """A refused line refuses its person whole, a refused resident the household whole."""
    for one in checks.SPREADING:
        _judge(one, on)
    with connection.cursor() as cursor:
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


def faults() -> Iterator[Refusal]:
    """What refuses lines, in the order of the file."""
    with connection.chunked_cursor() as cursor:
        cursor.execute(
            "SELECT line, code, column_name, what FROM fault ORDER BY line, code, column_name"
        )
        while rows := cursor.fetchmany(10_000):
            yield from map(Refusal._make, rows)


def check_numbers(permit: Permit, size: int) -> None:
    """個人番号の重複: refuse the lines whose number somebody in the register has already."""
    with connection.chunked_cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT n.blind_index FROM sealed n JOIN staged s USING (line)"
            " WHERE NOT s.unchanged"
        )
        while rows := cursor.fetchmany(size):
            known = numbers.held(permit, [bytes(index) for (index,) in rows])
            if known:
                _refuse_numbers(list(known), permit.on)


def _refuse_numbers(blind_indexes: list[bytes], on: date) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT s.line, s.address_number, s.household_number"
            " FROM sealed n JOIN staged s USING (line)"
            " WHERE NOT s.unchanged AND n.blind_index = ANY (%s::bytea[])",
            [blind_indexes],
        )
        lines = cursor.fetchall()
    for found in filter(None, checks.number_twice("individual_number", len(lines), on=on)):
        add_faults(
            RowFault(line, found.code, found.on_item, address_number, household_number)
            for line, address_number, household_number in lines
        )


def sealed(size: int) -> Iterator[list[numbers.Sealed]]:
    """The numbers of accepted new residents, sealed, in pieces of `size`."""
    with connection.chunked_cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT ON (s.record_id) s.record_id, n.ciphertext, n.blind_index"
            " FROM sealed n JOIN staged s USING (line) WHERE NOT s.unchanged"
            " AND NOT EXISTS (SELECT FROM fault f WHERE f.line = s.line)"
            " ORDER BY s.record_id, s.history_no DESC"
        )
        while rows := cursor.fetchmany(size):
            yield [numbers.Sealed(record_id, bytes(c), bytes(b)) for record_id, c, b in rows]

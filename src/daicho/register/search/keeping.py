"""検索キーの保管: brings the projection `SearchKey` up to the versions; nobody else writes it."""

import json
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from daicho.register.search import keys

PIECE_ROWS = 10_000

_COLUMNS = ", ".join(keys.HELD)
_COMPARED = ", ".join("tokens::text" if name == "tokens" else name for name in keys.HELD)
_VERSIONS = f"SELECT {', '.join(keys.COLUMNS)} FROM register_recordversion v"
_ORDER = "ORDER BY record_id, history_no"
_OF_SOME = f"{_VERSIONS} WHERE record_id = ANY(%s::uuid[]) {_ORDER}"
_MISSING = f"""{_VERSIONS}
WHERE record_id IN (SELECT c.record_id FROM register_current c
    WHERE NOT EXISTS (SELECT FROM register_searchkey k WHERE k.record_id = c.record_id)) {_ORDER}"""
# Who is left after an earlier residence went; nobody else, for that would be the whole town.
_LEFT = """SELECT c.record_id FROM register_current c WHERE c.residence_no > 1
    AND NOT EXISTS (SELECT FROM register_searchkey k WHERE k.record_id = c.record_id)"""
_COPY = f"COPY register_searchkey ({_COLUMNS}) FROM STDIN"
_RENEW = f"""INSERT INTO register_searchkey ({_COLUMNS}) SELECT {_COLUMNS}
FROM jsonb_populate_recordset(NULL::register_searchkey, %s::jsonb)
ON CONFLICT (record_id) DO UPDATE
SET {", ".join(f"{name} = EXCLUDED.{name}" for name in keys.HELD if name != "record_id")}"""
_FORGET_OLD = """DELETE FROM register_searchkey k USING register_current c
WHERE c.record_id = k.record_id AND c.history_no <> k.history_no"""

# Keys that were made beside the database: made again from the versions, they would be the same.
STAGED = "staged_key"
TABLE_OF_STAGED = f"CREATE TEMPORARY TABLE {STAGED} (LIKE register_searchkey) ON COMMIT DROP"
COPY_STAGED = f"COPY {STAGED} ({_COLUMNS}) FROM STDIN"
_TAKE_STAGED = f"""INSERT INTO register_searchkey ({_COLUMNS}) SELECT {_COLUMNS} FROM {STAGED} s
WHERE EXISTS (SELECT FROM register_current c
    WHERE c.record_id = s.record_id AND c.history_no = s.history_no) {_ORDER}"""

Line = tuple[Any, ...]


def take_staged() -> None:
    """Take over the staged keys of persons who are in the register at that 履歴番号."""
    with connection.cursor() as cursor:
        cursor.execute(_TAKE_STAGED)


def catch_up() -> None:
    """Make the keys of everybody who has none or old ones, set-based, in one transaction."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_FORGET_OLD)
        for lines in _lines(_MISSING, []):
            _copy(lines)


def make_left() -> None:
    """Make the keys of who has none and lives, or lived, here for a second time, in the running
    transaction: where an earlier residence went, those of the later ones."""
    with connection.cursor() as cursor:
        cursor.execute(_LEFT)
        left = [record_id for (record_id,) in cursor.fetchall()]
    for lines in _lines(_OF_SOME, [left]):
        _copy(lines)


def renew(versions: Sequence[keys.Row]) -> None:
    """Make the keys of these persons anew, of whom these are the newest versions, in the running
    transaction. Who has older versions too is read again with them.
    """
    made = [keys.held([row]) for row in versions if row["history_no"] == 1]
    changed = [row["record_id"] for row in versions if row["history_no"] > 1]
    if changed:
        made += [line for lines in _lines(_OF_SOME, [changed]) for line in lines]
    rows = [dict(zip(keys.HELD, line, strict=True)) for line in made]
    with connection.cursor() as cursor:
        cursor.execute(_RENEW, [json.dumps(rows, ensure_ascii=False, default=str)])


def make_anew() -> None:
    """Throw all keys away and make them from the versions."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM register_searchkey")
        catch_up()


def differing(record_ids: list[UUID]) -> int:
    """How many of these persons have keys that are not those of the versions."""
    expected = {line[0]: line for lines in _lines(_OF_SOME, [record_ids]) for line in lines}
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {_COMPARED} FROM register_searchkey WHERE record_id = ANY(%s)", [record_ids]
        )
        held = {row[0]: tuple(row) for row in cursor.fetchall()}
    return sum(expected.get(one) != held.get(one) for one in {*record_ids, *held})


def strays() -> int:
    """How many keys belong to nobody in the register."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM register_searchkey k WHERE NOT EXISTS"
            " (SELECT FROM register_recordversion v WHERE v.record_id = k.record_id)"
        )
        return int(cursor.fetchone()[0])


def _lines(statement: str, said: list[Any]) -> Iterator[list[Line]]:
    """The rows of the projection, in pieces; a person's versions stand together."""
    with connection.chunked_cursor() as cursor:
        cursor.execute(statement, said)
        made: list[Line] = []
        for _, rows in groupby(_fetched(cursor), key=lambda row: row["record_id"]):
            made.append(keys.held(list(rows)))
            if len(made) == PIECE_ROWS:
                yield made
                made = []
        yield made


def _fetched(cursor: Any) -> Iterator[dict[str, Any]]:
    while rows := cursor.fetchmany(PIECE_ROWS):
        for row in rows:
            yield dict(zip(keys.COLUMNS, row, strict=True))


def _copy(lines: list[Line]) -> None:
    with connection.cursor() as cursor, cursor.copy(_COPY) as copy:
        for line in lines:
            copy.write_row(line)

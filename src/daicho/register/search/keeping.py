"""検索キーの保管: brings the projection `SearchKey` up to the versions; nobody else writes it."""

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from daicho.register.search import keys

PIECE_ROWS = 10_000

_COLUMNS = (
    "record_id, history_no, tokens, kana, kanji, roman, address, building, numbers, born_from,"
    " born_until, sex, state, closing_reason"
)
_VERSIONS = f"SELECT {', '.join(keys.COLUMNS)} FROM register_recordversion v"
_ORDER = "ORDER BY record_id, history_no"
_OF_SOME = f"{_VERSIONS} WHERE record_id = ANY(%s) {_ORDER}"
_MISSING = f"""{_VERSIONS}
WHERE NOT EXISTS (SELECT FROM register_searchkey k WHERE k.record_id = v.record_id) {_ORDER}"""
_COPY = f"COPY register_searchkey ({_COLUMNS}) FROM STDIN"
_FORGET_OLD = """DELETE FROM register_searchkey k USING register_current c
WHERE c.record_id = k.record_id AND c.history_no <> k.history_no"""

Line = tuple[Any, ...]


def catch_up() -> None:
    """Make the keys of everybody who has none or old ones, set-based, in one transaction."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_FORGET_OLD)
        for lines in _lines(_MISSING, []):
            _copy(lines)


def renew(record_ids: Iterable[UUID]) -> None:
    """Make the keys of these persons anew, in the running transaction."""
    wanted = list(record_ids)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM register_searchkey WHERE record_id = ANY(%s)", [wanted])
        for lines in _lines(_OF_SOME, [wanted]):
            _copy(lines)


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
            f"SELECT {_COLUMNS} FROM register_searchkey WHERE record_id = ANY(%s)", [record_ids]
        )
        held = {row[0]: (*row[:2], _array(row[2]), *row[3:]) for row in cursor.fetchall()}
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
        for record_id, rows in groupby(_fetched(cursor), key=lambda row: row["record_id"]):
            made.append(_line(record_id, list(rows)))
            if len(made) == PIECE_ROWS:
                yield made
                made = []
        yield made


def _fetched(cursor: Any) -> Iterator[dict[str, Any]]:
    while rows := cursor.fetchmany(PIECE_ROWS):
        for row in rows:
            yield dict(zip(keys.COLUMNS, row, strict=True))


def _line(record_id: UUID, rows: list[dict[str, Any]]) -> Line:
    made = keys.of(rows)
    return (
        record_id,
        rows[-1]["history_no"],
        _array(made.tokens),
        *(made.texts[field] for field in keys.TEXTS),
        made.numbers,
        made.born_from,
        made.born_until,
        made.sex,
        made.state,
        made.closing_reason,
    )


def _array(tokens: Iterable[int]) -> str:
    return "{" + ",".join(map(str, tokens)) + "}"


def _copy(lines: list[Line]) -> None:
    with connection.cursor() as cursor, cursor.copy(_COPY) as copy:
        for line in lines:
            copy.write_row(line)

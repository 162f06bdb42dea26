"""利用記録を探す: rows by conditions, the newest first, a page at a time.

A page begins below a number (never after so many rows), and the search ends at the number that was
newest when it began: what is written meanwhile, by the look itself too, moves no row. Whom a row
concerns, who did it and what it was are each found by an index; the rest is compared row by row
within the period, from the newest on.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from daicho.access.trail import EVENTS
from daicho.access.trailing import moments
from daicho.access.trailing.conditions import Conditions


@dataclass(frozen=True)
class Row:
    """利用記録の行: as it stands, codes only."""

    id: int
    at: datetime
    event: str
    door: str
    operator_id: int | None
    office: str
    terminal: str
    purpose: str
    job: str
    article: str
    finding: str
    subject_count: int
    number_seen: bool


_COLUMNS = ", ".join(Row.__dataclass_fields__)
# Each row of a person is fetched by its number, whatever a planner expects of so rare a value.
_OF_PERSON = """WITH concerned AS MATERIALIZED (
    SELECT trail_id FROM access_trailsubjects
    WHERE record_ids @> ARRAY[%s]::uuid[] AND NOT record_ids = '{{}}'::uuid[])
SELECT {columns} FROM concerned, LATERAL (
    SELECT {columns} FROM access_trail WHERE id = trail_id AND {where} OFFSET 0) AS theirs
ORDER BY id DESC LIMIT %s"""
_OF_NUMBERS = "SELECT {columns} FROM access_trail WHERE {where} ORDER BY id DESC LIMIT %s"
_NEWEST = "SELECT id FROM access_trail ORDER BY id DESC LIMIT 1"


def newest() -> int:
    """最も新しい番号: that of the last row there is; 0 where there is none."""
    with connection.cursor() as cursor:
        cursor.execute(_NEWEST)
        row = cursor.fetchone()
    return int(row[0]) if row else 0


def page(asked: Conditions, upto: int, before: int | None, most: int) -> tuple[Row, ...]:
    """一ページ: at most so many rows, the newest first, each with a number below `before`."""
    return tuple(Row(*one) for one in _fetched(_COLUMNS, asked, upto, before, most))


def moments_of(asked: Conditions, upto: int, most: int) -> tuple[datetime, ...]:
    """日時だけ: of at most so many rows, the newest first; what a figure is drawn by."""
    return tuple(at for _, at in _fetched("id, at", asked, upto, None, most))


def _fetched(
    columns: str, asked: Conditions, upto: int, before: int | None, most: int
) -> Sequence[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(*statement(columns, asked, upto, before, most))
        found: Sequence[tuple[Any, ...]] = cursor.fetchall()
    return found


def statement(
    columns: str, asked: Conditions, upto: int, before: int | None, most: int
) -> tuple[str, Sequence[Any]]:
    """問合せ: what is asked of the database, and its values."""
    numbers = moments.numbers_of(asked.begins_at, asked.ends_at, upto)
    below = min(numbers.stop, before) if before else numbers.stop
    terms = list(_terms(asked, numbers.start, below))
    where = " AND ".join(term for term, _ in terms)
    said = [one for _, values in terms for one in values]
    if asked.person is not None:
        sql, said = _OF_PERSON, [asked.person, *said]
    else:
        sql = _OF_NUMBERS
    return sql.format(columns=columns, where=where), [*said, most]


def _terms(asked: Conditions, first: int, below: int) -> Iterator[tuple[str, Sequence[Any]]]:
    """Each condition on a row of the trail itself, with its values."""
    yield "id >= %s AND id < %s", [first, below]
    if asked.operator is not None:
        yield "operator_id = %s", [asked.operator]
    if asked.events is not None:
        yield _one_of(asked.events), []
    for column in ("office", "terminal", "purpose"):
        if value := getattr(asked, column):
            yield f"{column} = %s", [value]
    at = {"at >= %s": asked.begins_at, "at < %s": asked.ends_at}
    if within := {term: moment for term, moment in at.items() if moment is not None}:
        # To a planner numbers and moments have nothing to do with each other: it would expect next
        # to no rows, and fetch all of the period instead of the newest.
        yield f"CASE WHEN {' AND '.join(within)} THEN true ELSE false END", [*within.values()]
    if asked.refused:
        yield "finding <> %s", [""]
    if asked.number_seen:
        yield "number_seen", []


def _one_of(events: Sequence[str]) -> str:
    """The events by name, so that the planner knows how rare they are."""
    assert set(events) <= set(EVENTS), "only words of our own table stand in a statement"
    names = ", ".join(f"'{one}'" for one in events)
    return f"event IN ({names})" if names else "false"


_SUBJECTS = "SELECT record_ids FROM access_trailsubjects WHERE trail_id = %s"


def subjects(trail_id: int) -> tuple[UUID, ...] | None:
    """対象者: whom a row concerns; None where that was disposed of."""
    with connection.cursor() as cursor:
        cursor.execute(_SUBJECTS, [trail_id])
        row = cursor.fetchone()
    return tuple(row[0]) if row else None

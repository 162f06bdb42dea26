"""利用を数える: a period of the trail by operator and hour, and by whom it concerns; codes alone.

The rows are found by their numbers (`trailing/moments.py`) and counted by the database in two
statements; nothing of a row itself comes into the program.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection

from daicho.access.acting import FAILED
from daicho.access.analysing.months import midnight
from daicho.access.trail import EVENTS
from daicho.access.trailing import moments
from daicho.access.trailing.kinds import events_of
from daicho.law.purposes import PURPOSES
from daicho.law.safety.watching.ceilings import STOPS

_MINUTES_MOST = 10
_OF_BULK = "data_export_subjects"
USES = tuple(
    code
    for kind in ("operation", "printing")
    for code in events_of(kind, EVENTS)
    if code != _OF_BULK
)
"""利用: the events that are counted as uses of the register or of its records; the rows that name
whom one bulk file is of are parts of one use, which its own row is, and look at nobody."""
SIGN_IN_FAILURES = (*FAILED, "terminal_refused", "terminal_not_registered")
"""サインインの失敗: the events that are counted as such; a terminal comes before a password."""
SEARCH = "search"
_CHECKS = ("audit.", "people.own_record")
CHECKS = tuple(dict.fromkeys(one.code for one in PURPOSES if one.code.startswith(_CHECKS)))
"""点検と本人の記録の登録の事務: who checks the trail of a person, or names a record by its number,
has not looked at the person's record."""
WITHOUT_RECEPTION = tuple(one.code for one in PURPOSES if one.code.startswith("inquiry."))
"""受付のない照会: the purposes whose looks belong to no 受付."""


@dataclass(frozen=True)
class Tally:
    """一時間の利用: what one operator did in an hour of a day in Japan; None: nobody knows who."""

    operator_id: int | None
    office: str
    day: date
    hour: int
    uses: int
    subjects: int
    refused: int
    failures: int
    stopped: int


@dataclass(frozen=True)
class Pace:
    """検索の速さ: the most searches of an operator within any hour that ended on a day in Japan."""

    operator_id: int
    day: date
    searches: int


@dataclass(frozen=True)
class Viewed:
    """見られた者: whose record was opened, and by whom."""

    record_id: UUID
    operators: tuple[int, ...]


@dataclass(frozen=True)
class Again:
    """繰り返し見られた者: by one operator without a 受付, on so many days, the first of them."""

    record_id: UUID
    operator_id: int
    days: int
    first_on: date


WITHIN = "t.id >= %(first)s AND t.id < %(after)s AND t.at >= %(since)s AND t.at < %(until)s"
LOOKED_AT = f"""{WITHIN} AND t.event = ANY(%(uses)s) AND NOT t.purpose = ANY(%(checks)s)
        AND (t.event <> %(search)s OR t.subject_count = 1) AND t.subject_count > 0"""
_TALLIES = f"""
SELECT operator_id, max(office), local::date, extract(hour FROM local)::int,
    sum((event = ANY(%(uses)s))::int),
    coalesce(sum(subject_count) FILTER (WHERE event = ANY(%(uses)s)), 0),
    sum((finding <> '' AND NOT event = ANY(%(failures)s))::int),
    sum((event = ANY(%(failures)s))::int), sum((finding = ANY(%(stops)s))::int)
FROM (SELECT t.*, date_trunc('hour', t.at AT TIME ZONE 'Asia/Tokyo') AS local
    FROM access_trail t WHERE {WITHIN} AND job = '') AS there
WHERE event = ANY(%(uses)s) OR event = ANY(%(failures)s) OR finding <> ''
GROUP BY operator_id, local ORDER BY local, operator_id
"""  # noqa: S608  of constants of this module
_ANY = f"SELECT 1 FROM access_trail t WHERE {WITHIN} LIMIT 1"  # noqa: S608  of constants of this module
# An hour is any sixty minutes: by the hours of the clock, twice as many would pass unseen.
_PACES = f"""
SELECT operator_id, day, max(searches)
FROM (SELECT t.operator_id, (t.at AT TIME ZONE 'Asia/Tokyo')::date AS day,
        count(*) OVER (PARTITION BY t.operator_id ORDER BY t.at
            RANGE BETWEEN interval '59 minutes 59.999999 seconds' PRECEDING AND CURRENT ROW)
            AS searches
    FROM access_trail t
    WHERE {WITHIN} AND t.event = %(search)s AND t.job = '' AND t.operator_id IS NOT NULL) AS paced
GROUP BY operator_id, day HAVING max(searches) >= %(least)s ORDER BY day, operator_id
"""  # noqa: S608  of constants of this module
# A list of hits shows many at once: who looks at one person opens the record, or finds them alone.
_LOOKS = f"""
WITH looks AS (
    SELECT DISTINCT record_id, t.operator_id, (t.at AT TIME ZONE 'Asia/Tokyo')::date AS day,
        t.purpose = ANY(%(without)s) AS is_without
    FROM access_trail t JOIN access_trailsubjects s ON s.trail_id = t.id,
        unnest(s.record_ids) AS record_id
    WHERE {LOOKED_AT} AND t.operator_id IS NOT NULL)
"""  # noqa: S608  of constants of this module
_BY_MANY = f"""{_LOOKS}
SELECT record_id, array_agg(DISTINCT operator_id) FROM looks
GROUP BY record_id HAVING count(DISTINCT operator_id) >= %(least)s ORDER BY record_id
"""  # noqa: S608  of constants of this module
_AGAIN = f"""{_LOOKS}
SELECT record_id, operator_id, count(DISTINCT day), min(day) FROM looks WHERE is_without
GROUP BY record_id, operator_id HAVING count(DISTINCT day) >= %(least)s
ORDER BY record_id, operator_id
"""  # noqa: S608  of constants of this module


@dataclass(frozen=True)
class Period:
    """期間: the days from `first_on` to before `next_on`, up to the number that was newest."""

    first_on: date
    next_on: date
    upto: int

    @property
    def values(self) -> dict[str, Any]:
        """値: what WITHIN and LOOKED_AT ask for."""
        since, until = midnight(self.first_on), midnight(self.next_on)
        numbers = moments.numbers_of(since, until, self.upto)
        return {
            "first": numbers.start,
            "after": numbers.stop,
            "since": since,
            "until": until,
            "uses": list(USES),
            "failures": list(SIGN_IN_FAILURES),
            "stops": list(STOPS),
            "search": SEARCH,
            "checks": list(CHECKS),
            "without": list(WITHOUT_RECEPTION),
        }

    def has_rows(self) -> bool:
        """Was anything trailed in it?"""
        return bool(_all(_ANY, self.values))

    def tallies(self) -> tuple[Tally, ...]:
        """操作者と時間ごと: in the order of time; hours in which nothing was done are left out."""
        return tuple(Tally(*one) for one in _all(_TALLIES, self.values))

    def paces(self, least: int) -> tuple[Pace, ...]:
        """検索の速さ: of each operator and day, where it reached so many in an hour."""
        return tuple(Pace(*one) for one in _all(_PACES, {**self.values, "least": least}))

    def viewed_by(self, least: int) -> tuple[Viewed, ...]:
        """多くの操作者が見た者: by at least so many."""
        found = _all(_BY_MANY, {**self.values, "least": least})
        return tuple(Viewed(record_id, tuple(by)) for record_id, by in found)

    def viewed_again(self, least: int) -> tuple[Again, ...]:
        """受付なしに繰り返し見た者: by one operator on at least so many days."""
        return tuple(Again(*one) for one in _all(_AGAIN, {**self.values, "least": least}))


def patiently() -> None:
    """時間の上限: until the transaction ends; a month takes longer than a clerk may wait."""
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL statement_timeout = '{_MINUTES_MOST}min'")


def _all(statement: str, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found

"""利用記録の点検の速さ: how an auditor's search grows with the trail, beside the bare indexed SQL.

The rows are made up, set by set, by the owner in this throw-away database, spread over a year: the
stamp that says when a row was written rests meanwhile, and indexes and references are put back at
the end, as no row of a real trail has it.
"""

import time
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from itertools import count
from random import Random
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.db import connection, connections, transaction

from daicho.access import clock, staff
from daicho.access.permits import look, system_permit
from daicho.access.trailing import finding
from daicho.access.trailing.conditions import DAYS_MOST, Conditions
from daicho.access.trailing.queries import DRAWN_MOST, PAGE
from daicho.site.bench.measuring import SMALL_TOWN, Figure, figure, in_turn, rounds

ROUNDS = 60
AT_ONCE = 250_000
PEOPLE = 1_000_000
OPERATORS = 200
SMALL_TRAIL = 2_000
RARE = 50_000  # of so many rows one is an error
KNOWN = 20_000  # of so many rows one concerns the person whom everybody knows

_STAFF = """
INSERT INTO access_operator (password, login, name, office_id, post, kind, is_active, is_demo,
    failures, password_is_initial)
SELECT '', 'trail-' || n, 'bench', (SELECT min(id) FROM access_office), 'clerk', 'staff', true,
    true, 0, false
FROM generate_series(1, %s) AS n RETURNING id
"""
_ROWS = """
WITH made AS (
    INSERT INTO access_trail (at, event, door, operator_id, office, terminal, ward, purpose, job,
        article, finding, request_id, subject_count, number_seen, detail, commitment)
    SELECT %(begin)s + n * %(step)s,
        CASE WHEN n %% %(rare)s = 0 THEN 'error' WHEN n %% 10 < 7 THEN 'look' ELSE 'search' END,
        'bench', %(staff)s + (n * 7919 %% %(operators)s), (n * 7919 %% 20)::text,
        'B' || n * 7919 %% %(operators)s, '072036', 'inquiry.change', '', 'BRRA 3(1)', '',
        gen_random_uuid(), CASE WHEN n %% 10 < 7 THEN 1 WHEN n %% 10 < 9 THEN 4 ELSE 0 END, false,
        '{"rows": 1}', '\\x00'::bytea
    FROM generate_series(%(first)s::bigint, %(last)s) AS n
    RETURNING id, subject_count)
INSERT INTO access_trailsubjects (trail_id, record_ids, salt)
SELECT id, ARRAY(SELECT md5((CASE WHEN id %% %(known)s = 0 THEN 0
        ELSE (id * 104729 + k * 15485863) %% %(people)s END)::text)::uuid
    FROM generate_series(1, subject_count) AS k), '\\x00'::bytea
FROM made
"""
_STAMPS = "ALTER TABLE {table} {verb} TRIGGER append_only_stamp"
_TABLES = ("access_trail", "access_trailsubjects")
# indexes and references: how each is taken off, and put back as it was
_ASIDE = """
SELECT format('DROP INDEX %%s', indexrelid::regclass), pg_get_indexdef(indexrelid)
FROM pg_index WHERE indrelid = ANY (%s::text[]::regclass[]) AND NOT indisprimary
UNION ALL
SELECT format('ALTER TABLE %%s DROP CONSTRAINT %%I', conrelid::regclass, conname),
    format('ALTER TABLE %%s ADD CONSTRAINT %%I %%s', conrelid::regclass, conname,
        pg_get_constraintdef(oid))
FROM pg_constraint WHERE conrelid = ANY (%s::text[]::regclass[]) AND contype = 'f'
"""
_FLOORS: Mapping[str, str] = {
    "person": "SELECT trail_id FROM access_trailsubjects WHERE record_ids @> ARRAY[%s]::uuid[]"
    " AND NOT record_ids = '{}'::uuid[] LIMIT %s",
    "operator": "SELECT id FROM access_trail WHERE operator_id = %s ORDER BY id DESC LIMIT %s",
    "event": "SELECT id FROM access_trail WHERE event = %s ORDER BY id DESC LIMIT %s",
}


def figures(rows: int, residents: int) -> Iterator[Figure]:
    """The rows of this chapter, over a trail of so many rows."""
    rows = max(rows, SMALL_TRAIL) if residents >= SMALL_TOWN else SMALL_TRAIL
    began = time.perf_counter()
    clerks = _made(rows)
    said = f"trail of {rows:,}"
    yield figure(f"{said}: made", "s", [time.perf_counter() - began], 0.0)
    often, chance = rounds(ROUNDS, residents), Random(1)  # noqa: S311  who is looked for
    today = clock.today()
    somebody = (clerks + chance.randrange(OPERATORS) for _ in count())
    people = (_person(chance.randrange(1, PEOPLE)) for _ in count())
    for work, floor, ask in (
        ("a person", "person", lambda: Conditions(person=next(people))),
        ("a person known to all", "person", lambda: Conditions(person=_person(0))),
        ("an operator", "operator", lambda: Conditions(operator=next(somebody))),
        (
            "an operator, an old week",
            "operator",
            lambda: Conditions(
                operator=next(somebody),
                since=today - timedelta(days=300),
                until=today - timedelta(days=294),
            ),
        ),
        (
            "errors of a month",
            "event",
            lambda: Conditions(
                kind="error", since=today - timedelta(days=DAYS_MOST - 1), until=today
            ),
        ),
        (
            "a terminal, a month",
            "",
            lambda: Conditions(
                terminal=f"B{chance.randrange(OPERATORS)}",
                since=today - timedelta(days=DAYS_MOST - 1),
                until=today,
            ),
        ),
    ):
        yield _search(f"{said}: {work}", floor, ask, often)
    yield _drawn(f"{said}: times for a figure", clerks, often)
    yield _looked(f"{said}: one more look", often * 5)


def _person(number: int) -> UUID:
    with connection.cursor() as cursor:
        cursor.execute("SELECT md5(%s::text)::uuid", [number])
        (found,) = cursor.fetchone()
    assert isinstance(found, UUID)
    return found


def _made(rows: int) -> int:
    """Make the rows, and tell the planner; gives the first of the made-up operators."""
    place = staff.OfficeRow("999", "計測", "resident_counter", settings.MUNICIPALITY, ())
    staff.ensure_offices((place,))
    owner = connections["owner"]
    with owner.cursor() as cursor:
        cursor.execute(_STAFF, [OPERATORS])
        first_of_staff = min(number for (number,) in cursor.fetchall())
        _stamps(cursor, "DISABLE")
        cursor.execute(_ASIDE, [list(_TABLES)] * 2)
        aside = cursor.fetchall()
        for taken_off, _ in aside:
            cursor.execute(taken_off)
        year = timedelta(days=365)
        said = {
            "begin": clock.now() - year,
            "step": year / rows,
            "staff": first_of_staff,
            "operators": OPERATORS,
            "people": PEOPLE,
            "rare": min(RARE, rows // 10),
            "known": min(KNOWN, rows // 10),
        }
        for first in range(1, rows + 1, AT_ONCE):
            last = min(first + AT_ONCE - 1, rows)
            cursor.execute(_ROWS, {**said, "first": first, "last": last})
        cursor.execute("SET maintenance_work_mem = '1GB'")
        for _, put_back in aside:
            cursor.execute(put_back)
        _stamps(cursor, "ENABLE")
        for table in _TABLES:
            cursor.execute(f"VACUUM ANALYZE {table}")
    owner.close()
    return int(first_of_staff)


def _stamps(cursor: Any, verb: str) -> None:
    for table in _TABLES:
        cursor.execute(_STAMPS.format(table=table, verb=verb))


def _search(work: str, floor: str, ask: Callable[[], Conditions], often: int) -> Figure:
    upto = finding.newest()

    def found() -> None:
        with transaction.atomic():
            finding.page(ask(), upto, None, PAGE + 1)

    def bare() -> None:
        asked = ask()
        values = {"person": asked.person, "operator": asked.operator, "event": asked.kind}
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(_FLOORS[floor], [values[floor], PAGE + 1])
            cursor.fetchall()

    if floor:
        return in_turn(work, found, bare, often)
    return figure(work, "ms", sorted(_milliseconds(found) for _ in range(often)), 0.0)


def _drawn(work: str, operator: int, often: int) -> Figure:
    upto = finding.newest()

    def found() -> None:
        finding.moments_of(Conditions(operator=operator), upto, DRAWN_MOST)

    return figure(work, "ms", sorted(_milliseconds(found) for _ in range(often)), 0.0)


def _looked(work: str, often: int) -> Figure:
    permit = system_permit("rebuild_check", clock.today(), uuid4())
    times = []
    for _ in range(often):
        household = [uuid4() for _ in range(4)]
        with transaction.atomic():
            one = _milliseconds(lambda: look(permit, "look", "bench", record_ids=household))  # noqa: B023  called at once
            times.append(one)
    return figure(work, "ms", sorted(times), 0.0)


def _milliseconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return (time.perf_counter() - began) * 1000

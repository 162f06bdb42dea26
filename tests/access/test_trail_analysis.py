"""利用記録の分析: what stands out in a month as the trail has it, counted by the database."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest

import databases
from daicho.access import clock
from daicho.access.analysing import making
from daicho.access.analysing.counting import WITHOUT_RECEPTION
from daicho.access.analysing.months import Month
from daicho.access.models import Trail, TrailAnalysis, TrailAnalysisFinding
from daicho.access.permits import Permit, system_permit
from daicho.site.serving import timetable
from people import Cast, Player, cast_of

MARCH = Month(date(2026, 3, 1))
APRIL_5 = date(2026, 4, 5)
MONDAYS = [date(2026, 1, 5) + timedelta(weeks=n) for n in range(8)]
PLAIN, CHECK = "inquiry.certificate", "audit.trail"
ROW = """
INSERT INTO access_trail (at, xid, event, door, operator_id, office, terminal, ward, purpose, job,
    article, finding, request_id, subject_count, number_seen, detail, commitment)
VALUES (%s, pg_current_xact_id(), %s, 'test', %s, %s, '', '', %s, '', '', %s, %s, %s, false, '{}',
    '') RETURNING id
"""
SUBJECTS = """
INSERT INTO access_trailsubjects (at, xid, trail_id, record_ids, salt)
VALUES (%s, pg_current_xact_id(), %s, %s, '')
"""


class Past:
    """The trail of months gone by, written as nobody may: with the moments that a test says."""

    def __init__(self, connection: "psycopg.Connection[Any]", cast: Cast) -> None:
        self.connection, self.cast = connection, cast
        self.rows: list[tuple[datetime, tuple[Any, ...], tuple[UUID, ...]]] = []

    def did(
        self,
        player: Player | None,
        on: date,
        hour: int,
        minute: int = 0,
        *,
        event: str = "look",
        count: int = 1,
        whom: tuple[UUID, ...] = (),
        purpose: str = "",
        finding: str = "",
    ) -> None:
        """So many uses in an hour of a day in Japan."""
        office = player.operator.office.code if player and player.operator.office else ""
        began_at = datetime(on.year, on.month, on.day, hour, minute, tzinfo=clock.TOKYO)
        row = (event, player.operator.pk if player else None, office, purpose, finding)
        for n in range(count):
            self.rows.append((began_at + timedelta(seconds=n), row, whom))

    def written(self) -> None:
        """In the order of time, as rows are."""
        self.connection.execute("UPDATE access_trail SET at = '2020-01-01'")
        for at, row, whom in sorted(self.rows, key=lambda one: one[0]):
            said = [at, *row, uuid4(), len(whom)]
            found = self.connection.execute(ROW, said).fetchone()
            assert found is not None
            self.connection.execute(SUBJECTS, [at, found[0], list(whom)])
        self.rows.clear()


@pytest.fixture
def past(durable: str) -> Iterator[Past]:
    cast = cast_of()
    url = databases.the_server().url(durable, "superuser")
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("SET session_replication_role = replica")
        yield Past(connection, cast)


def machine(on: date = APRIL_5) -> Permit:
    return system_permit(making.JOB, on, uuid4())


def analysed() -> set[tuple[str, tuple[int, ...], date, int, int]]:
    """What stood out in March: code, whose, when, how much, on how many days."""
    assert making.make(machine(), MARCH) is not None
    rows = TrailAnalysisFinding.objects.filter(analysis__month=MARCH.first_on)
    return {(one.code, tuple(one.operators), one.day, one.count, one.days) for one in rows}


def test_each_analysis_finds_what_it_is_for_and_no_more(past: Past) -> None:
    cast, day = past.cast, date(2026, 3, 10)  # a Tuesday
    past.did(cast.clerk, day, 10, count=20)  # an ordinary day
    past.did(cast.clerk, day, 22, count=2)
    past.did(cast.clerk, day, 23, count=1)
    past.did(cast.supervisor, date(2026, 3, 20), 10)  # 春分の日
    past.did(None, day, 9, event="sign_in_failed", count=6)
    past.did(None, day, 10, event="terminal_not_registered", count=4)  # by another name
    past.did(cast.clerk_of_another_office, day, 9, event="sign_in_failed", count=9)
    past.did(cast.clerk_of_another_division, day, 9, event="not_permitted", finding="x", count=10)
    past.did(cast.auditor, day, 9, event="not_permitted", finding="watching.ceiling_hour")
    many = (uuid4(),) * 20
    past.did(cast.security_manager, day, 11, event="search", count=60, whom=many)
    # what lies before and after the month is not of it
    past.did(cast.supervisor, date(2026, 2, 28), 23)
    past.did(cast.supervisor, date(2026, 4, 1), 0)
    past.written()
    ids = {name: (getattr(cast, name).operator.pk,) for name in cast.__dataclass_fields__}
    assert analysed() == {
        ("watching.night", ids["clerk"], day, 3, 1),
        ("watching.closed_day", ids["supervisor"], date(2026, 3, 20), 1, 1),
        ("watching.sign_in_failures", (), day, 10, 1),
        ("watching.refusals", ids["clerk_of_another_division"], day, 10, 1),
        ("watching.stopped", ids["auditor"], day, 1, 1),
        ("watching.mass_search", ids["security_manager"], day, 60, 1),
        ("watching.mass_subjects", ids["security_manager"], day, 1200, 1),
    }


def test_who_always_does_little_stands_out_on_the_day_of_much(past: Past) -> None:
    clerk, steady = past.cast.clerk, past.cast.supervisor
    for monday in MONDAYS:
        past.did(clerk, monday, 10, count=10)
        past.did(steady, monday, 10, count=40)
    past.did(clerk, date(2026, 3, 2), 10, count=40)
    past.did(steady, date(2026, 3, 2), 10, count=41)
    past.written()
    own = (clerk.operator.pk,)
    assert analysed() == {
        ("watching.habit", own, date(2026, 3, 2), 40, 1),
        ("watching.above_own_past", own, date(2026, 3, 1), 40, 1),
    }


def test_who_does_much_more_than_the_office_stands_out(past: Past) -> None:
    cast, day = past.cast, date(2026, 3, 3)
    for player, count in ((cast.supervisor, 10), (cast.security_manager, 10), (cast.clerk, 50)):
        past.did(player, day, 10, count=count)
    past.written()
    mine = (cast.clerk.operator.pk,)
    assert analysed() == {("watching.above_office", mine, date(2026, 3, 1), 50, 1)}


def test_one_person_looked_at_by_many_or_again_without_a_reception(past: Past) -> None:
    cast, known, again = past.cast, uuid4(), uuid4()
    everybody = [getattr(cast, name) for name in cast.__dataclass_fields__][:8]
    for player in everybody:
        past.did(player, date(2026, 3, 4), 10, whom=(known,), purpose="change.moved_in")
    for n in range(4):
        on = date(2026, 3, 9) + timedelta(days=n)
        past.did(cast.clerk, on, 10, whom=(again,), purpose=WITHOUT_RECEPTION[0], count=2)
        past.did(cast.supervisor, on, 10, whom=(again,), purpose="change.moved_in")
        # a list of hits shows many; who is found alone has been looked at
        hits = (again, uuid4())
        past.did(cast.supervisor, on, 10, event="search", whom=hits, purpose="inquiry.change")
        past.did(cast.clerk_of_another_office, on, 10, event="search", whom=(again,), purpose=PLAIN)
        # who checks the trail has not opened the record
        past.did(cast.auditor, on, 10, event="trail_shown", whom=(again, known), purpose=CHECK)
    past.written()
    pks = tuple(sorted(one.operator.pk for one in everybody))
    alone = cast.clerk_of_another_office.operator.pk
    assert analysed() == {
        ("watching.person_by_many", pks, date(2026, 3, 1), 8, 1),
        ("watching.person_again", (cast.clerk.operator.pk,), date(2026, 3, 9), 4, 4),
        ("watching.person_again", (alone,), date(2026, 3, 9), 4, 4),
    }
    rows = TrailAnalysisFinding.objects.all()
    assert {one.code: one.record_id for one in rows} == {
        "watching.person_by_many": known,
        "watching.person_again": again,
    }


def test_the_counts_of_the_month_are_those_of_its_days_and_hours(past: Past) -> None:
    past.did(past.cast.clerk, date(2026, 3, 2), 9, count=5)
    past.did(past.cast.clerk, date(2026, 3, 31), 17, count=7)
    past.did(past.cast.clerk, date(2026, 2, 27), 17, count=9)
    past.did(None, date(2026, 3, 31), 17, event="sign_in_failed", count=3)
    past.written()
    analysed()
    row = TrailAnalysis.objects.get(month=MARCH.first_on)
    assert [n for n, count in enumerate(row.uses_by_day, start=1) if count] == [2, 31]
    assert (row.uses_by_hour[9], row.uses_by_hour[17], sum(row.uses_by_hour)) == (5, 7, 12)
    assert len(row.uses_by_day) == 31


def test_each_month_that_was_missed_is_made_once_and_no_empty_one(past: Past) -> None:
    past.did(past.cast.clerk, date(2026, 1, 30), 10)
    past.did(past.cast.clerk, date(2026, 3, 30), 10)
    past.did(past.cast.clerk, date(2026, 4, 2), 10)
    past.written()
    timetable.analyse_due(APRIL_5)
    made = TrailAnalysis.objects.order_by("id").values_list("month", flat=True)
    assert list(made) == [date(2026, 1, 1), date(2026, 3, 1)]
    assert making.make_due(machine()) == ()
    told = Trail.objects.filter(event="analysis_made")
    assert [(one.job, one.operator_id) for one in told] == [(making.JOB, None)] * 2


@pytest.mark.parametrize("day", [date(2026, 3, 31), date(2026, 4, 1)])
def test_a_month_that_has_not_ended_or_not_settled_is_not_analysed(past: Past, day: date) -> None:
    past.did(past.cast.clerk, date(2026, 3, 30), 10)
    past.written()
    with pytest.raises(AssertionError):
        making.make(machine(day), MARCH)
    assert making.make_due(machine(day)) == ()
    assert making.make_due(machine(date(2026, 4, 2))) == (MARCH.first_on,)


def test_searches_split_by_the_clock_are_those_of_one_hour(past: Past) -> None:
    clerk, day = past.cast.clerk, date(2026, 3, 10)
    past.did(clerk, day, 9, 50, event="search", count=35)
    past.did(clerk, day, 10, 20, event="search", count=35)
    past.did(past.cast.supervisor, day, 9, 10, event="search", count=35)
    past.did(past.cast.supervisor, day, 10, 20, event="search", count=35)
    # begun before the month, ended in it
    past.did(past.cast.auditor, date(2026, 2, 28), 23, 50, event="search", count=35)
    past.did(past.cast.auditor, date(2026, 3, 1), 0, 5, event="search", count=35)
    past.written()
    mass = {one for one in analysed() if one[0] == "watching.mass_search"}
    assert mass == {
        ("watching.mass_search", (clerk.operator.pk,), day, 70, 1),
        ("watching.mass_search", (past.cast.auditor.operator.pk,), date(2026, 3, 1), 70, 1),
    }
    kept = TrailAnalysisFinding.objects.filter(code="watching.mass_search")
    assert list(kept.values_list("figures", flat=True)) == [{"searches_hour": 60}] * 2


def test_a_month_that_nobody_analysed_is_told_of(past: Past) -> None:
    past.did(past.cast.clerk, date(2026, 3, 30), 10)
    past.written()
    assert making.missing(date(2026, 4, 3)) == ()
    (found,) = making.missing(date(2026, 4, 4))
    assert found.code == "watching.not_made"
    assert "令和8年3月1日" in found.what
    assert making.make(machine(), MARCH) is not None
    assert making.missing(date(2026, 4, 4)) == ()

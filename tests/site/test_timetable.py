"""The daily closing runs by itself: when, once at a time, and whatever happens to the database."""

import os
import select
import socket
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from gunicorn.app.wsgiapp import WSGIApplication

import databases
import town
from daicho.access import clock
from daicho.access.permits import permit
from daicho.recording import ClosedDue
from daicho.register import importing, locks
from daicho.site import serving
from daicho.site.serving import timetable
from daicho.site.serving.workers import THREADS
from daicho.terms.changes import MovedOut
from people import cast_of
from processes import WAIT_SECONDS_MAX
from register.counter import Clerk, on_day, place, record_id, rows


@pytest.mark.parametrize(
    ("now", "expected", "because"),
    [
        ("2026-11-20T14:59:30", "2026-11-20T15:01:00", "midnight in Japan: the day has just begun"),
        ("2026-11-20T15:01:00", "2026-11-20T16:01:00", "the run of that minute has been"),
        ("2026-11-20T15:00:59.9", "2026-11-20T15:01:00", "a moment before"),
        ("2026-12-31T23:30:00", "2027-01-01T00:01:00", "over the end of a year"),
    ],
)
def test_it_runs_a_minute_past_each_hour(now: str, expected: str, because: str) -> None:
    found = timetable.next_run(datetime.fromisoformat(now).replace(tzinfo=UTC))
    assert found == datetime.fromisoformat(expected).replace(tzinfo=UTC), because


def test_a_gunicorn_of_ones_own_is_not_held_up_by_one_long_request(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """By default it would end, after thirty seconds, a worker that makes a large file."""
    words = ["gunicorn", "--config", "python:daicho.site.serving.timetable", "daicho.site.wsgi"]
    monkeypatch.setattr("sys.argv", words)
    found = WSGIApplication().cfg
    assert (found.worker_class_str, found.threads) == ("gthread", THREADS)


def test_after_a_failure_it_tries_again_in_a_minute() -> None:
    now = datetime(2026, 11, 20, 15, 1, 0, 5, UTC)
    assert timetable.next_run(now, failed=True) == now + timedelta(minutes=1)


def _leaves(folder: Path) -> Clerk:
    """A town of two in which 花子 moves out today."""
    stage = cast_of()
    today = clock.today()
    migrating = permit(stage.system_operator.acting(), "data.migration", today)
    lines = town.write(folder, [town.hanako(), town.taro()])
    importing.run(migrating, lines, ward=town.WARD, trial=False, keep_refusals=lambda _: None)
    clerk = Clerk(permit(stage.clerk.acting(), "change.ex_officio", today))
    change = MovedOut(
        abroad=False,
        destination=place("planned_destination"),
        record_ids=(record_id("000000000000108"),),
    )
    clerk.record(change, occurred_on=today, basis="ex_officio")
    return clerk


@pytest.fixture
def leaving(durable: str, tmp_path: Path) -> Clerk:
    return _leaves(tmp_path)


def test_a_run_closes_whose_day_has_come_and_the_next_nobody(leaving: Clerk) -> None:
    with on_day(clock.today() - timedelta(days=1)):
        assert timetable.close_due(clock.today()) == ClosedDue(0, ())
    assert timetable.close_due(clock.today()) == ClosedDue(1, ())
    assert timetable.close_due(clock.today()) == ClosedDue(0, ())
    assert not leaving.see(record_id("000000000000108")).record.is_living


def test_while_another_worker_is_at_it_nothing_is_done_twice(leaving: Clerk, durable: str) -> None:
    with psycopg.connect(databases.the_server().url(durable, "app")) as another:
        another.execute("SELECT pg_advisory_lock(%s)", [timetable.LOCK])
        assert timetable.close_due(clock.today()) is None
        another.execute("SELECT pg_advisory_unlock(%s)", [timetable.LOCK])
    assert timetable.close_due(clock.today()) == ClosedDue(1, ())


def test_a_lost_database_ends_the_run_and_not_the_timetable(leaving: Clerk) -> None:
    with databases.within("gone_" + "0" * 8):
        assert not timetable.attempt()
    assert timetable.attempt()
    assert not leaving.see(record_id("000000000000108")).record.is_living


def test_while_an_import_holds_the_register_it_waits_once_and_is_tried_again_soon(
    leaving: Clerk, durable: str
) -> None:
    other = MovedOut(
        abroad=False,
        destination=place("planned_destination"),
        record_ids=(record_id("000000000000116"),),
    )
    leaving.record(other, occurred_on=clock.today(), basis="ex_officio")
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = '100ms'")
    with psycopg.connect(databases.the_server().url(durable, "app")) as importing_one:
        importing_one.execute("SELECT pg_advisory_xact_lock(%s)", [locks.WHOLE_REGISTER])
        assert timetable.close_due(clock.today()) == ClosedDue(0, (), 0, waits=True)
        assert not timetable.attempt(), "so that it does not wait for the next hour"
    assert timetable.attempt()
    assert not leaving.see(record_id("000000000000108")).record.is_living
    assert not leaving.see(record_id("000000000000116")).record.is_living


@pytest.mark.django_db
def test_sessions_that_have_run_out_are_forgotten() -> None:
    now = clock.now()
    for key, ends_at in (("over", now - timedelta(seconds=1)), ("open", now + timedelta(hours=1))):
        Session.objects.create(session_key=key, session_data="", expire_date=ends_at)
    assert timetable.attempt()
    assert list(Session.objects.values_list("session_key", flat=True)) == ["open"]


@pytest.fixture
def told(tmp_path: Path) -> Iterator[int]:
    """A handle on which the log of a web server arrives."""
    os.mkfifo(tmp_path / "web.log")
    handle = os.open(tmp_path / "web.log", os.O_RDONLY | os.O_NONBLOCK)
    yield handle
    os.close(handle)


def _read_until(handle: int, word: str) -> str:
    said = ""
    while word not in said:
        assert select.select([handle], [], [], WAIT_SECONDS_MAX)[0], said
        said += os.read(handle, 65_536).decode()
    return said


def test_whoever_serves_people_keeps_the_timetable_and_ends_at_once(
    leaving: Clerk, durable: str, own_keys: Mapping[str, str], tmp_path: Path, told: int
) -> None:
    environment = {
        **os.environ,
        "DATABASE_URL": databases.the_server().url(durable, "app"),
        "DAICHO_ROLE": "municipality",
        **own_keys,
        "DJANGO_SETTINGS_MODULE": "daicho.site.settings",
    }
    with (
        socket.create_server(("127.0.0.1", 0)) as listener,
        serving.web(listener, environment, tmp_path / "web.log") as web,
    ):
        said = _read_until(told, '"daily_closing"')
        assert "000000000000108" not in said
        web.terminate()
        assert web.wait(serving.STOP_SECONDS_MAX / 3) == 0
    assert rows("SELECT count(*) FROM register_recordedchange WHERE kind = 'moved_out_closed'") == [
        (1,)
    ]

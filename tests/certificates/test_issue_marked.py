"""抑止と交付が重なるとき: a mark is there before a certificate is looked at again, or after it."""

import threading
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID

import psycopg
import pytest
from django.db import connection

import databases
from certificates.counter import HANAKO, asked_for, issued, open_counter, order, rows, signing, who
from daicho.access.refusals import Refused
from daicho.certificates import setting
from daicho.certificates.issuing import Order
from daicho.register import locks
from people import Cast, cast_of

pytestmark = pytest.mark.durable

SECONDS_MOST = 30
WAITS = "SELECT set_config('lock_timeout', '200ms', false)"
AWAITED = """SELECT 1 FROM pg_stat_activity
WHERE datname = current_database() AND wait_event_type = 'Lock'"""
# What keeps the marks of one person, and those that an import brings, apart from an issue.
ONE = ("SELECT FROM register_current WHERE record_id = %s FOR UPDATE", "one person is marked")
ALL = (f"SELECT pg_advisory_xact_lock({locks.WHOLE_REGISTER}), %s::uuid", "an import marks")
EXCLUSIVE = [pytest.param(sql, id=name) for sql, name in (ONE, ALL)]
MARK = (
    "INSERT INTO register_protectivemeasure (record_id, provisional, from_on)"
    " VALUES (%s, false, '2020-01-01')"
)


@pytest.fixture
def cast_here(durable: str, tmp_path: Path) -> Iterator[Cast]:
    with signing(tmp_path / "key"):
        cast = cast_of()
        open_counter(cast, tmp_path)
        yield cast


@contextmanager
def another(durable: str, which: str = "app") -> Iterator[psycopg.Connection]:
    """A second connection, that waits for no lock for long."""
    with psycopg.connect(databases.the_server().url(durable, which), autocommit=True) as other:
        other.execute(WAITS)
        yield other


def send(cast: Cast, wanted: Order) -> str:
    try:
        issued(cast.clerk, wanted)
    except Refused as refused:
        return refused.findings[0].code
    finally:
        connection.close()
    return "issued"


def until_awaited(sent: "Future[str]") -> None:
    until = time.monotonic() + SECONDS_MOST
    while not rows(AWAITED):
        assert not sent.done(), f"{sent.result()}: it waited for nobody"
        assert time.monotonic() < until, "it waits for something else"
        threading.Event().wait(0.01)


def until_judged() -> None:
    until = time.monotonic() + SECONDS_MOST
    while not rows("SELECT last FROM certificates_serial"):
        assert time.monotonic() < until, "nothing was ever judged"
        threading.Event().wait(0.01)


@pytest.mark.parametrize("exclusive", EXCLUSIVE)
def test_who_is_being_marked_gets_no_certificate_of_before(
    cast_here: Cast, durable: str, exclusive: str
) -> None:
    wanted, hanako = order(asked_for(cast_here.clerk), HANAKO), who(HANAKO)
    with ThreadPoolExecutor(1) as clerk, another(durable) as marking:
        with setting._ALONE:  # judged before the mark, and not yet on paper
            sent = clerk.submit(send, cast_here, wanted)
            until_judged()
            marking.execute("BEGIN")
            marking.execute(exclusive, [hanako])
            marking.execute(MARK, [hanako])
        until_awaited(sent)
        marking.execute("COMMIT")
        assert sent.result(SECONDS_MOST) == "std5-1.withheld"
    assert rows("SELECT count(*) FROM certificates_issue") == [(0,)]


@pytest.mark.parametrize("exclusive", EXCLUSIVE)
def test_nobody_is_marked_between_the_last_look_and_the_certificate(
    cast_here: Cast, durable: str, exclusive: str
) -> None:
    wanted, hanako = order(asked_for(cast_here.clerk), HANAKO), who(HANAKO)
    with (
        ThreadPoolExecutor(1) as clerk,
        another(durable) as marking,
        another(durable, "superuser") as holding,
    ):
        holding.execute("BEGIN")
        holding.execute("LOCK TABLE certificates_issue IN SHARE MODE")  # its row comes after
        sent = clerk.submit(send, cast_here, wanted)
        until_awaited(sent)
        with pytest.raises(psycopg.errors.LockNotAvailable):
            _mark(marking, exclusive, hanako)
        holding.execute("COMMIT")
        assert sent.result(SECONDS_MOST) == "issued"
        _mark(marking, exclusive, hanako)
    marks = rows("SELECT count(*) FROM register_protectivemeasure WHERE record_id = %s", hanako)
    assert marks == [(1,)]


def _mark(marking: psycopg.Connection, exclusive: str, person: UUID) -> None:
    with marking.transaction():
        marking.execute(exclusive, [person])
        marking.execute(MARK, [person])

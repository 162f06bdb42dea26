"""利用記録の行: each of the seven kinds says what 標準仕様書 10.2 asks, and an error no more."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import pytest
from django.core.exceptions import SuspiciousOperation
from django.db import DataError, OperationalError, connection, transaction
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import get_resolver, path, reverse
from psycopg import errors as psycopg_errors

from certificates.counter import HANAKO, TARO, asked_for, open_counter, rows, signing, who
from daicho.access import clock, permits, trail
from daicho.access.models import Trail
from daicho.access.refusals import NotPermitted
from daicho.access.trail import EVENTS
from daicho.access.trailing import failing
from daicho.access.trailing.kinds import KINDS, OWN
from daicho.site.serving import timetable
from daicho.web import errors
from people import Cast
from web.certifying import at, send
from web.directories import Provider

pytestmark = pytest.mark.django_db
ComeIn = Callable[..., Client]

MARKER = "山田花子0001"
_FULL = OperationalError(MARKER)
_FULL.__cause__ = psycopg_errors.DiskFull(MARKER)
FAILURES: dict[str, Exception] = {
    "broken": RuntimeError(MARKER),
    "data": DataError(MARKER),
    "away": OperationalError(MARKER),
    "full": _FULL,
    "suspicious": SuspiciousOperation(MARKER),
}
FAILURES["data"].__cause__ = psycopg_errors.InvalidTextRepresentation(MARKER)


def failing_view(_: HttpRequest, what: str) -> HttpResponse:
    with transaction.atomic():
        trail.write("shell", request_id=uuid4(), door="halfway")
        raise FAILURES[what]


urlpatterns = [
    path("fail/<str:what>", failing_view, name="fail"),
    *get_resolver("daicho.site.urls").url_patterns,
]
handler400, handler500 = errors.bad_request, errors.broken


def newest() -> Trail:
    return Trail.objects.latest("id")


def says_what_its_kind_asks(row: Trail) -> bool:
    """Whether each thing that 10.2 asks stands in one of the places that say it."""
    asked = KINDS[EVENTS[row.event]["kind"]].asks
    return all(any(_said(row, place) for place in places) for places in asked.values())


def _said(row: Trail, place: str) -> bool:
    if place.startswith(OWN):
        return place.removeprefix(OWN) in row.detail
    return getattr(row, place) not in (None, "")


# -- エラー ----------------------------------------------------------------------------------------


@pytest.mark.urls(__name__)
@pytest.mark.parametrize(
    ("what", "code"), [("broken", "RuntimeError"), ("data", "DataError 22P02")]
)
def test_what_nobody_expected_is_trailed_by_its_kind_alone(
    cast: Cast, come_in: ComeIn, what: str, code: str
) -> None:
    client = come_in(cast.clerk)
    number = str(uuid4())
    typed = {"name": MARKER, "request_id": number}
    assert client.post(f"/fail/{what}", typed).status_code in (500, 503)
    row = newest()
    assert (row.event, row.detail, row.door) == ("error", {"code": code}, "fail")
    assert (row.operator_id, row.terminal) == (cast.clerk.operator.pk, "C001")
    assert str(row.request_id) == number, "as the page tells it"
    assert says_what_its_kind_asks(row)
    assert not Trail.objects.filter(door="halfway").exists(), "what was begun is rolled back"
    ((everything,),) = rows("SELECT to_jsonb(t)::text FROM access_trail t ORDER BY id DESC LIMIT 1")
    assert MARKER not in everything


@pytest.mark.urls(__name__)
@pytest.mark.parametrize("what", ["away", "full", "suspicious"])
def test_a_database_that_cannot_take_a_row_is_not_asked_to(
    cast: Cast, browser: Client, what: str
) -> None:
    before = newest().pk
    assert browser.get(f"/fail/{what}").status_code in (400, 503)
    assert newest().pk == before


def test_an_error_that_cannot_be_trailed_makes_no_second_one(cast: Cast) -> None:
    before = newest().pk
    with refusing(""):
        failing.failed("made.up", RuntimeError(MARKER), uuid4())
    assert newest().pk == before


def test_a_job_that_fails_is_trailed(cast: Cast) -> None:
    with refusing("pg_try_advisory_lock"):
        assert not timetable.attempt()
    row = newest()
    assert (row.event, row.job, row.detail) == ("error", "daily_closing", {"code": "DataError"})
    assert says_what_its_kind_asks(row)


@contextmanager
def refusing(named: str) -> Iterator[None]:
    """A database that answers nothing in which that is named."""

    def refuse(execute: Callable[..., object], sql: str, *rest: object) -> object:
        if named in sql:
            raise DataError(MARKER)
        return execute(sql, *rest)

    with connection.execute_wrapper(refuse):
        yield


# -- イベント、通信 --------------------------------------------------------------------------------


def test_the_program_tells_when_it_begins_and_ends(cast: Cast) -> None:
    failing.serving("serving_started")
    row = newest()
    assert (row.event, row.door, list(row.detail)) == ("serving_started", "serving", ["version"])
    assert says_what_its_kind_asks(row)


def test_a_directory_that_is_away_is_a_failure_of_the_connection(
    cast: Cast, browser: Client, provider: Provider
) -> None:
    provider.configured["settings"]["server_url"] = "http://127.0.0.1:9"
    assert browser.get(reverse("entry:directory")).status_code == 422
    row = newest()
    assert (row.event, row.detail) == ("connection_failed", {"peer": "directory"})
    assert says_what_its_kind_asks(row)


# -- 操作、認証、設定変更 --------------------------------------------------------------------------


def test_signing_in_and_the_looks_after_it_say_who_where_and_whom(
    two_live_here: None, cast: Cast, come_in: ComeIn
) -> None:
    come_in(cast.clerk).get(reverse("counter:person", args=["change", who(HANAKO)]))
    found = {one.event: one for one in Trail.objects.filter(operator=cast.clerk.operator)}
    look, sign_in = found["look"], found["sign_in"]
    assert (look.terminal, look.subject_count, look.number_seen) == ("C001", 1, False)
    assert says_what_its_kind_asks(look)
    assert EVENTS[sign_in.event]["kind"] == "authentication"
    assert sign_in.operator_id == cast.clerk.operator.pk


# -- 印刷 ------------------------------------------------------------------------------------------


@pytest.fixture
def printer(few_live_here: None, cast: Cast, tmp_path: Path) -> Iterator[None]:
    with signing(tmp_path / "key"):
        open_counter(cast, tmp_path)
        yield


def test_what_is_printed_says_sheets_seal_number_and_issue_number(
    printer: None, cast: Cast, come_in: ComeIn
) -> None:
    client, reception = come_in(cast.clerk), asked_for(cast.clerk)
    send(client, "print", reception, HANAKO, TARO)
    ((issue_id, number, pages),) = rows(
        "SELECT issue_id, number, page_count FROM certificates_issue"
    )
    printed = {
        "form": "household_copy",
        "pages": pages,
        "seal": 1,
        "issue_number": number,
        "reception": str(reception),
    }
    made = Trail.objects.get(event="issue")
    assert made.detail == {**printed, "copy": 1, "capacity": "principal"}
    assert (made.number_seen, made.subject_count) == (False, 2)
    assert says_what_its_kind_asks(made)
    client.post(at("spoil", reception, HANAKO, issue_id), {"reason": "misprint"})
    spoiled = Trail.objects.get(event="issue_spoiled")
    assert spoiled.detail == {**printed, "reason": "misprint", "capacity": "principal"}
    assert says_what_its_kind_asks(spoiled)


def test_the_auditor_reads_of_a_paper_what_was_printed(
    printer: None, cast: Cast, come_in: ComeIn
) -> None:
    send(come_in(cast.clerk), "print", asked_for(cast.clerk), HANAKO)
    made = Trail.objects.get(event="issue")
    page = come_in(cast.auditor, Client()).get(reverse("console:trail", args=[made.pk]))
    told = page.content.decode()
    for text in ("発行番号", made.detail["issue_number"], "公印", "あり", "住民票の写し", "枚数"):
        assert text in told


def test_a_refusal_of_the_permit_says_for_what(cast: Cast) -> None:
    with pytest.raises(NotPermitted):
        permits.permit(cast.clerk.acting(), "audit.trail", clock.today())
    row = newest()
    assert row.event == "not_permitted"
    assert says_what_its_kind_asks(row)

"""読んだ後の変化: no paper is made of what was read before somebody else recorded more."""

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID

import pytest
from django.db import connection

from certificates.counter import HANAKO, TARO, asked_for, issued, open_counter, order, rows, signing
from certificates.counter import who as who_is
from daicho.access import clock
from daicho.access.permits import permit
from daicho.access.refusals import Refused
from daicho.certificates import setting
from daicho.certificates.issuing import Order
from daicho.terms.changes import DeclaredMissing
from people import Cast, cast_of
from register.counter import Clerk

pytestmark = pytest.mark.durable

SECONDS_MOST = 30


@pytest.fixture
def cast_here(durable: str, tmp_path: Path) -> Iterator[Cast]:
    with signing(tmp_path / "key"):
        cast = cast_of()
        open_counter(cast, tmp_path)
        yield cast


@contextmanager
def being_issued(cast: Cast, wanted: Order, outcome: list[str]) -> Iterator[None]:
    """The order was judged and its number drawn; the pages are set when the block ends."""

    def send() -> None:
        try:
            issued(cast.clerk, wanted)
            outcome.append("issued")
        except Refused as refused:
            outcome.extend(one.code for one in refused.findings)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as other:
        with setting._ALONE:  # what every paper waits for
            sent = other.submit(send)
            until = time.monotonic() + SECONDS_MOST
            while not rows("SELECT last FROM certificates_serial") and not sent.done():
                assert time.monotonic() < until, "nothing was ever judged"
                threading.Event().wait(0.01)
            yield
        sent.result(SECONDS_MOST)


def _missing(cast: Cast, person: UUID) -> None:
    clerk = Clerk(permit(cast.clerk.acting(), "change.ex_officio", clock.today()))
    clerk.record(DeclaredMissing(record_ids=(person,)), basis="ex_officio")


def _protected(cast: Cast, person: UUID) -> None:
    rows(
        "INSERT INTO register_protectivemeasure (record_id, provisional, from_on)"
        " VALUES (%s, false, '2020-01-01') RETURNING id",
        person,
    )


def _held_back(cast: Cast, person: UUID) -> None:
    rows(
        "INSERT INTO register_suppression (record_id, process, level, from_on)"
        " VALUES (%s, 'certificate', 'alert', '2020-01-01') RETURNING id",
        person,
    )


@pytest.mark.parametrize(
    ("happens", "code"),
    [
        (_missing, "std10-3.changed_since"),
        (_protected, "std5-1.withheld"),
        (_held_back, "std10-3.changed_since"),
    ],
)
def test_what_was_recorded_in_between_refuses_the_paper(
    cast_here: Cast, happens: Callable[[Cast, UUID], None], code: str
) -> None:
    outcome: list[str] = []
    with being_issued(cast_here, order(asked_for(cast_here.clerk), HANAKO, TARO), outcome):
        happens(cast_here, who_is(TARO))
    assert outcome == [code]
    assert rows("SELECT count(*) FROM certificates_issue") == [(0,)]
    refused = rows("SELECT finding, subject_count FROM access_trail WHERE event = 'issue_refused'")
    assert refused == [(code, 2)]


def test_what_was_recorded_of_others_does_not(cast_here: Cast) -> None:
    outcome: list[str] = []
    with being_issued(cast_here, order(asked_for(cast_here.clerk), HANAKO), outcome):
        _missing(cast_here, who_is(TARO))
    assert outcome == ["issued"]

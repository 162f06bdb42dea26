"""廃棄された除票の画面: nobody finds what is gone, and every page says so instead of failing."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

import beginnings
from access.conftest import apart  # noqa: F401  its fixture, by name
from access.conftest import stage as alone  # noqa: F401  its fixture, by name
from daicho.access import clock
from daicho.access.disposing import carrying_out
from daicho.access.permits import permit
from daicho.register import queries
from daicho.register.search import conditions
from old_town import MARKER, old_town
from people import Cast
from retention import approved, worker
from web.desk import received

ComeIn = Callable[..., Client]


@pytest.fixture
def durable(alone: str) -> str:  # noqa: F811  the fixture
    """A database on a server apart: in the run's own, whatever another worker has open would keep
    a table from being written anew."""
    return alone


@pytest.fixture
def stage(durable: str) -> Cast:
    return beginnings.cast_again()


@pytest.mark.durable
def test_who_came_back_is_found_and_shown_without_the_residence_that_went(
    stage: Cast, tmp_path: Path, come_in: ComeIn
) -> None:
    records = old_town(stage, tmp_path)
    looking = permit(stage.clerk.acting(), "inquiry.change", clock.today())
    by_old, by_new = (conditions.read({"kanji": name}) for name in (MARKER, "戻"))
    assert records["back"] in {one.record_id for one in queries.search(looking, by_old).hits}
    carrying_out.carry_out(worker(stage), approved(stage))
    assert records["back"] not in {one.record_id for one in queries.search(looking, by_old).hits}
    (hit,) = queries.search(looking, by_new).hits
    assert hit.record_id == records["back"]
    client = come_in(stage.clerk)
    under = received(stage.clerk, "moved_within")
    page = _page(client, "history", under, records["back"])
    assert "国内転入" in page
    assert MARKER not in page
    for screen in ("person", "household", "as_of"):
        assert "架空" in _page(client, screen, under, records["back"])
    for screen in ("person", "history", "household"):
        said = _page(client, screen, under, records["old"], status=404)
        assert "保存期間の過ぎた記録として廃棄されています" in said


def _page(client: Client, screen: str, *args: object, status: int = 200) -> str:
    response = client.get(reverse(f"counter:{screen}", args=args))
    assert response.status_code == status, screen
    return response.content.decode()

"""消除できなかった転出予定者の画面: the first screen tells of them, the list says what to do."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

import town
from daicho.access import clock
from daicho.access.permits import permit
from daicho.register import importing
from people import Cast

pytestmark = pytest.mark.django_db

ComeIn = Callable[..., Client]


@pytest.fixture
def waiting(cast: Cast, tmp_path: Path) -> None:
    """花子's plan came from an old system, of a day before she came; 太郎 waits for the job."""
    moving = permit(cast.system_operator.acting(), "data.migration", clock.today())
    her = town.hanako(closing_reason="moved_out", closing_event_on="2019-04-01")
    his = town.taro(closing_reason="moved_out", closing_event_on="2021-04-01")
    file = town.write(tmp_path, [her, his])
    importing.run(moving, file, ward=town.WARD, trial=False, keep_refusals=lambda _: None)


def _page(client: Client, name: str) -> str:
    response = client.get(reverse(f"counter:{name}"))
    assert response.status_code == 200, response.status_code
    return response.content.decode()


def test_the_first_screen_counts_them_and_names_nobody(
    cast: Cast, come_in: ComeIn, waiting: None
) -> None:
    text = _page(come_in(cast.clerk), "home")
    assert "消除できなかった転出予定者が2人います。" in text
    assert reverse("counter:overdue") in text
    assert "花子" not in text


def test_the_list_tells_the_reason_and_what_to_do(
    cast: Cast, come_in: ComeIn, waiting: None
) -> None:
    text = _page(come_in(cast.clerk), "overdue")
    assert "平成31年4月1日" in text
    assert "架空　花子" in text
    assert "000000000000108" in text
    assert "住民となった年月日" in text, "what refuses her closing"
    assert "消除を妨げる記載はありません。" in text, "太郎 waits for the next run"


def test_where_everybody_was_closed_nothing_is_told(cast: Cast, come_in: ComeIn) -> None:
    client = come_in(cast.clerk)
    assert "消除できなかった" not in _page(client, "home")
    assert "消除されずに残っている転出予定者はいません。" in _page(client, "overdue")


def test_who_serves_no_movers_does_not_open_the_list(
    cast: Cast, come_in: ComeIn, waiting: None
) -> None:
    client = come_in(cast.auditor)
    assert client.get(reverse("counter:overdue")).status_code == 403
    assert "消除できなかった" not in _page(client, "home")

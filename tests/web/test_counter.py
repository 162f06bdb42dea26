"""窓口の今日."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from daicho.access import acting, clock, trail
from daicho.law import purposes
from people import Cast
from web.conftest import SignIn

pytestmark = pytest.mark.django_db

ComeIn = Callable[..., Client]


def home(client: Client, **query: str) -> str:
    response = client.get(reverse("counter:home"), query)
    assert response.status_code == 200
    return response.content.decode()


def test_the_business_day_is_japans(cast: Cast, come_in: ComeIn) -> None:
    client = come_in(cast.clerk)
    with clock.fixed(datetime(2027, 3, 31, 15, 0, tzinfo=UTC)):
        client = come_in(cast.clerk, Client())
        assert "令和9年4月1日(木)" in home(client)


def test_a_clerk_sees_the_affairs_of_the_post_with_their_articles(
    cast: Cast, come_in: ComeIn
) -> None:
    text = home(come_in(cast.clerk))
    assert "転入の受付・記載" in text
    assert "住民基本台帳法第22条第1項" in text
    assert "利用記録の点検" not in text


def test_an_auditor_sees_other_affairs_than_a_clerk(cast: Cast, come_in: ComeIn) -> None:
    text = home(come_in(cast.auditor))
    assert "利用記録の点検" in text
    assert "転入の受付・記載" not in text


def test_failures_since_the_last_sign_in_are_told(
    cast: Cast, come_in: ComeIn, try_sign_in: SignIn
) -> None:
    come_in(cast.clerk, Client())
    try_sign_in(cast.clerk.login, "wrong-wrong-wrong", Client())
    try_sign_in(cast.clerk.login, "wrong-wrong-wrong", Client())
    text = home(come_in(cast.clerk))
    assert "2回" in text
    assert "覚えがないとき" in text


def test_the_first_sign_in_has_none_before_it(cast: Cast, come_in: ComeIn) -> None:
    assert "今回が初めて" in home(come_in(cast.clerk))


def test_own_use_shows_own_rows_only_newest_first(cast: Cast, come_in: ComeIn) -> None:
    come_in(cast.supervisor, Client())
    client = come_in(cast.clerk)
    rows, has_more = acting.own_use(cast.clerk.acting(), clock.today(), 1)
    assert [row.event for row in rows] == ["terminal_chosen", "sign_in", "password_accepted"]
    assert not has_more
    text = home(client)
    assert text.index("端末の選択</td>") < text.index("サインイン</td>")


def test_own_use_is_paged_by_fifty(cast: Cast, come_in: ComeIn) -> None:
    who = cast.clerk.acting()
    with transaction.atomic():
        for _ in range(60):
            trail.write("terminal_chosen", request_id=who.request_id, actor=who)
    client = come_in(cast.clerk)
    assert home(client).count("<time") == 50
    second = home(client, page="2")
    assert second.count("<time") == 13
    assert "新しい50件" in second
    assert "このページに記録はありません" in home(client, page="999999")


@pytest.mark.parametrize("page", ["0", "-1", "x", "二", "9" * 30, "", "1\x00"])
def test_a_page_that_is_no_number_is_the_first(cast: Cast, come_in: ComeIn, page: str) -> None:
    assert "1ページ" not in home(come_in(cast.clerk), page=page)


def test_every_affair_on_the_screen_is_of_the_table(cast: Cast, come_in: ComeIn) -> None:
    text = home(come_in(cast.clerk))
    held = purposes.purposes_for("resident_counter", ["clerk"], on=clock.today())
    assert held
    assert all(one.name in text for one in held)

"""消除できなかった転出予定者: told on the first screen, with the reason, and led to the person."""

import pytest

import town
from journeys.conftest import Clerk

pytestmark = [pytest.mark.browser, pytest.mark.durable]


@pytest.fixture
def lines() -> list[town.Line]:
    """花子's plan is of a day before she came, her grown son's of a day that has come."""
    hers = town.hanako(closing_reason="moved_out", closing_event_on="2019-04-01")
    his = town.taro(born_on="2005-10-10", closing_reason="moved_out", closing_event_on="2021-04-01")
    return [hers, his]


def test_who_could_not_be_closed_is_told_with_what_to_do(at_the_counter: Clerk) -> None:
    clerk = at_the_counter
    assert "消除できなかった転出予定者が2人います。" in clerk.reads()
    clerk.is_sound("home-with-overdue")
    clerk.tab_to('a[href="/reception/overdue"]')
    clerk.press_and_wait("Enter")
    assert clerk.focus_is_on("h1")
    assert "平成31年4月1日" in clerk.reads()
    assert "消除を妨げる記載はありません。" in clerk.reads()
    clerk.is_sound("overdue")
    clerk.press("2", "1")
    assert clerk.focus_is_on("tr:first-child [data-hit]")
    clerk.press_and_wait("Enter")
    assert "架空　花子" in clerk.page.inner_text("h1")
    clerk.press_and_wait("F2")
    assert "窓口の今日" in clerk.reads()


@pytest.mark.parametrize("lines", [[town.hanako()]])
def test_where_nobody_is_left_the_list_says_so(
    at_the_counter: Clerk, lines: list[town.Line]
) -> None:
    clerk = at_the_counter
    assert "消除できなかった" not in clerk.reads()
    clerk.open("/reception/overdue")
    assert "消除されずに残っている転出予定者はいません。" in clerk.reads()
    clerk.is_sound("overdue-nobody")

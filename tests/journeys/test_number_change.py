"""個人番号の変更: the person brings the paper, and another number is asked for; none is typed."""

import pytest

from journeys.conftest import Clerk
from journeys.counter import fill, find, open_form, receive, record, say_who, to_sheet

pytestmark = [pytest.mark.browser, pytest.mark.durable]


def test_who_fears_misuse_asks_for_another_number(at_the_counter: Clerk) -> None:
    clerk = at_the_counter
    receive(clerk, "14", "個人番号の変更")
    say_who(clerk)
    open_form(clerk, "カクウ タロウ", "個人番号の変更")
    clerk.is_sound("number-change")
    clerk.press_and_wait("F8")
    assert "変更の事由を選んでください" in clerk.reads()
    fill(clerk, occurred_on="R8.5.1", circumstance="1")
    clerk.tab_to("[name=in_writing]")
    clerk.press("Space")
    to_sheet(clerk, "個人番号の変更")
    clerk.is_sound("number-change-sheet")
    record(clerk)
    receive(clerk, "14", "個人番号の変更")
    say_who(clerk)
    find(clerk, "カクウ タロウ")
    assert "変更を求めています" in clerk.reads()

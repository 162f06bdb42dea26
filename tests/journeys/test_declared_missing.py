"""失踪宣告: the notice comes in, and who is deemed dead is closed, as of the day that it says."""

import pytest

from journeys.conftest import Clerk
from journeys.counter import fill, open_form, receive, record, say_which_notice, to_sheet

pytestmark = [pytest.mark.browser, pytest.mark.durable]


def test_who_was_declared_missing_is_closed_on_the_notice(at_the_counter: Clerk) -> None:
    clerk = at_the_counter
    receive(clerk, "11", "失踪宣告")
    say_which_notice(clerk)
    open_form(clerk, "カクウ タロウ", "失踪宣告による消除")
    clerk.is_sound("declared-missing")
    clerk.press_and_wait("F8")
    assert "死亡とみなされる年月日" in clerk.reads()
    fill(clerk, occurred_on="R6.3.31")
    to_sheet(clerk, "失踪宣告による消除")
    clerk.is_sound("declared-missing-sheet")
    record(clerk)
    assert clerk.page.inner_text(".who-state").strip() == "この世帯から除かれた人(失踪)"

"""修正と取消し: a name is put right in every row that shows it, and a change is taken back."""

import pytest

from journeys.conftest import Clerk
from journeys.counter import day, fill, open_form, receive, record, say_why_ex_officio, to_sheet

pytestmark = [pytest.mark.browser, pytest.mark.durable]


def _correct_the_name(clerk: Clerk) -> None:
    receive(clerk, "8", "記載の修正")
    say_why_ex_officio(clerk)
    open_form(clerk, "カクウ ハナコ", "修正")
    assert clerk.page.input_value("[name=given_name]") == "花子"
    assert clerk.page.locator("[name=address_postal_code]").count() == 1
    clerk.is_sound("corrected")
    clerk.press_and_wait("F8")
    assert "修正の事由の生じた年月日を入力してください。" in clerk.reads()
    fill(clerk, occurred_on=day(-2), why="1", family_name="髙空")
    to_sheet(clerk, "修正")
    clerk.is_sound("corrected-sheet")
    record(clerk)


def _take_it_back(clerk: Clerk) -> None:
    receive(clerk, "9", "異動の取消し")
    say_why_ex_officio(clerk)
    open_form(clerk, "ハナコ", "異動の取消し")
    clerk.is_sound("cancelled")
    to_sheet(clerk, "異動の取消し")
    clerk.is_sound("cancelled-sheet")
    record(clerk)


def test_a_name_is_corrected_for_the_household_and_the_correction_taken_back(
    at_the_counter: Clerk,
) -> None:
    clerk = at_the_counter
    _correct_the_name(clerk)
    assert "髙空　花子" in clerk.reads()
    clerk.tab_to("tr:nth-child(2) [data-hit]")
    clerk.press_and_wait("Enter")
    assert "架空　太郎" in clerk.reads()
    assert "髙空　花子" in clerk.reads(), "his 世帯主 is written in his row"
    _take_it_back(clerk)
    clerk.press_and_wait("F10")
    assert "架空" in clerk.page.inner_text("h1")
    clerk.is_sound("history-with-cancelled")

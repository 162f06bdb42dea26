"""転入: a family comes, by keyboard alone; what is wrong is told, and nothing typed is lost."""

import pytest

from journeys.conftest import Clerk
from journeys.counter import (
    MOTHER,
    code,
    day,
    fill,
    find,
    of_person,
    receive,
    record,
    rows,
    say_where,
    say_who,
    to_sheet,
)

pytestmark = [pytest.mark.browser, pytest.mark.durable]

CHILD = of_person(
    1,
    given_name="実",
    given_name_kana="ミノル",
    born_on="R2.4.1",
    sex="1",
    relationship="子",
    resident_record_code=code("3456789012"),
)


def _say_whence(clerk: Clerk) -> None:
    """A postal code of two municipalities: the second is chosen with the arrows."""
    fill(clerk, **of_person(0, previous_address_postal_code="4980000"))
    clerk.press("Enter")
    assert clerk.focus_is_on("[data-choice]")
    clerk.is_sound("moved-in-candidates")
    clerk.press("ArrowDown", "Enter")
    assert clerk.focus_is_on('[name="person-0-previous_address_town"]')
    assert clerk.page.input_value('[name="person-0-previous_address_municipality"]') == (
        "桑名郡木曽岬町"
    )


def test_a_moving_in_by_keyboard_alone(at_the_counter: Clerk) -> None:
    clerk = at_the_counter
    receive(clerk, "1", "転入")
    say_who(clerk)
    assert clerk.focus_is_on("[name=occurred_on]")
    clerk.is_sound("moved-in")
    fill(clerk, occurred_on=day(-30))
    clerk.press("Enter")
    assert clerk.focus_is_on("[name=whence]")
    fill(clerk, whence="1", evidence="1")
    say_where(clerk)
    fill(clerk, **MOTHER)
    _say_whence(clerk)
    to_sheet(clerk, "転入")
    clerk.is_sound("moved-in-sheet")
    clerk.press_and_wait("F8")
    assert "まだ登録していません" in clerk.reads()
    assert clerk.focus_is_on("#accept-1")
    clerk.is_sound("moved-in-asked")
    record(clerk)
    clerk.is_sound("recorded")
    clerk.press_and_wait("F7")
    assert "通知の送信の状況" in clerk.reads()
    assert "転入通知(前住所地の市区町村長へ)" in clerk.reads()
    clerk.is_sound("person-with-messages", at_end=True)


def test_people_are_added_and_removed_and_what_is_wrong_loses_nothing(
    at_the_counter: Clerk,
) -> None:
    clerk = at_the_counter
    receive(clerk, "1", "転入")
    say_who(clerk)
    fill(clerk, occurred_on=day(-3), whence="1", evidence="1")
    say_where(clerk)
    fill(clerk, **MOTHER)
    clerk.press_and_wait("F9")
    assert clerk.focus_is_on('[name="person-1-given_name"]')
    assert clerk.page.input_value('[name="person-1-family_name"]') == "新入"
    clerk.is_sound("moved-in-second-person")
    fill(clerk, **{**CHILD, "person-1-born_on": "R2.13.1"})
    clerk.press_and_wait("F9")
    assert "3人目" in clerk.reads()
    clerk.tab_to('[value="remove:2"]')
    clerk.press_and_wait("Enter")
    assert "3人目" not in clerk.reads()
    clerk.press_and_wait("F8")
    assert clerk.focus_is_on(".wrong")
    wrong = clerk.page.inner_text(".wrong")
    assert "2人目 新入" in wrong, "who it is about"
    assert "生年月日" in wrong
    assert clerk.page.input_value('[name="person-1-given_name"]') == "実"
    clerk.is_sound("moved-in-wrong")
    clerk.press("Tab")
    clerk.press("Enter")
    assert clerk.focus_is_on('[name="person-1-born_on"]')
    clerk.press("Control+a")
    clerk.type("R2.3.1")
    to_sheet(clerk, "転入")
    record(clerk)
    assert rows("SELECT count(*) FROM register_current WHERE state = 'living'") == [(4,)]


def test_a_newcomer_joins_the_household_from_whose_page_the_form_was_opened(
    at_the_counter: Clerk,
) -> None:
    clerk = at_the_counter
    receive(clerk, "1", "転入")
    say_who(clerk)
    clerk.tab_to(".purpose a[href*='/reception/']", "Shift+Tab")
    clerk.press_and_wait("Enter")
    clerk.press_and_wait("F6")
    find(clerk, "カクウ ハナコ")
    clerk.press_and_wait("Shift+F8")
    assert clerk.page.input_value("[name=address_lot]") == "１番１号"
    clerk.is_sound("moved-in-joining")
    fill(clerk, occurred_on=day(-3), whence="1", evidence="1")
    fill(clerk, **{**MOTHER, "person-0-relationship": "同居人"})
    to_sheet(clerk, "転入")
    assert "続柄" in clerk.reads()
    record(clerk)
    for name in ("架空　花子", "架空　太郎", "新入　花"):
        assert name in clerk.reads()

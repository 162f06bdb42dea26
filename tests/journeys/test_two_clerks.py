"""二人の操作者: nobody overwrites what another wrote, and one goes on where another stopped."""

import pytest

from journeys.conftest import Clerk
from journeys.counter import (
    code,
    confirm,
    day,
    fill,
    find,
    of_person,
    open_form,
    receive,
    record,
    rows,
    say_who,
    say_why_ex_officio,
    to_sheet,
)

pytestmark = [pytest.mark.browser, pytest.mark.durable]


def _half_an_hour_goes_by() -> None:
    # The web server is a process of its own: the day of the lease is moved, not its clock.
    rows("UPDATE register_editlease SET until_at = until_at - interval '30 minutes'")


def test_the_second_waits_for_the_first_and_the_first_overwrites_nothing(
    at_the_counter: Clerk, colleague: Clerk
) -> None:
    first, second = at_the_counter, colleague
    receive(first, "2", "転居")
    say_who(first)
    open_form(first, "カクウ タロウ", "転居")
    first.is_sound("moved-within")
    fill(first, occurred_on=day(-3), into="2", address_town="朝日一丁目", address_lot="２３番７号")
    to_sheet(first, "転居")
    first.is_sound("moved-within-sheet")

    second.sit_down(second.live.cast.supervisor)
    receive(second, "8", "記載の修正")
    say_why_ex_officio(second)
    find(second, "カクウ タロウ")
    second.press_and_wait("Shift+F8")
    assert "窓口 花" in second.reads()
    assert "まで使っています" in second.reads()
    second.is_sound("change-held")
    _half_an_hour_goes_by()
    second.press_and_wait("F8")
    fill(second, occurred_on=day(-3), why="2", given_name="太朗")
    to_sheet(second, "修正")
    record(second)

    confirm(first)
    first.press_and_wait("F8")
    assert "ほかの操作者がこの住民の記載を変えました" in first.reads()
    assert first.page.input_value("[name=address_lot]") == "２３番７号"
    first.is_sound("changed-meanwhile")


def test_what_the_first_typed_stays_while_the_second_types(
    at_the_counter: Clerk, colleague: Clerk
) -> None:
    first, second = at_the_counter, colleague
    receive(first, "2", "転居")
    say_who(first)
    open_form(first, "カクウ タロウ", "転居")
    fill(first, occurred_on=day(-3), into="2", address_town="朝日一丁目", address_lot="２３番７号")
    _half_an_hour_goes_by()
    second.sit_down(second.live.cast.supervisor)
    receive(second, "8", "記載の修正")
    say_why_ex_officio(second)
    find(second, "カクウ タロウ")
    second.press_and_wait("Shift+F8")
    first.press_and_wait("F8")
    assert first.focus_is_on(".wrong")
    assert "審査 太郎" in first.page.inner_text(".wrong")
    assert first.page.input_value("[name=address_lot]") == "２３番７号"
    first.is_sound("change-held-typed")
    _half_an_hour_goes_by()
    first.press_and_wait("F8")
    assert "転居の確認" in first.reads()


def test_a_draft_is_kept_and_another_clerk_records_it(
    at_the_counter: Clerk, colleague: Clerk
) -> None:
    clerk, supervisor = at_the_counter, colleague
    rows("INSERT INTO register_recordcode (code) VALUES (%s)", code("2472705960"))
    receive(clerk, "6", "出生")
    say_why_ex_officio(clerk)
    open_form(clerk, "カクウ ハナコ", "出生")
    fill(clerk, **of_person(0, given_name="実", given_name_kana="ミノル", sex="1"))
    clerk.press_and_wait("Shift+F8")
    assert "窓口の今日" in clerk.reads()
    assert "仮登録" in clerk.page.inner_text(".told")
    clerk.is_sound("home-after-draft")

    supervisor.sit_down(supervisor.live.cast.supervisor)
    supervisor.press_and_wait("F9")
    assert "窓口 花" in supervisor.reads()
    supervisor.press("1")
    supervisor.press_and_wait("Enter")
    assert "仮登録" in supervisor.page.inner_text(".who-state")
    supervisor.press_and_wait("F6")
    find(supervisor, "カクウ ハナコ")
    supervisor.press_and_wait("Shift+F8")
    assert "仮登録した内容を開きました。" in supervisor.reads()
    assert supervisor.focus_is_on("[name=occurred_on]")
    supervisor.is_sound("draft-opened")
    fill(supervisor, occurred_on=day(-3))
    to_sheet(supervisor, "出生")
    record(supervisor)
    assert "架空　実" in supervisor.reads()
    assert rows("SELECT count(*) FROM register_draft") == [(0,)]

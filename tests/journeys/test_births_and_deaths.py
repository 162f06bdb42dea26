"""出生と死亡: a child comes into the household, and the household loses who stood at its head."""

import pytest

import town
from journeys.conftest import Clerk
from journeys.counter import (
    code,
    day,
    fill,
    of_person,
    open_form,
    receive,
    record,
    rows,
    say_who,
    say_why_ex_officio,
    to_sheet,
    who,
)

pytestmark = [pytest.mark.browser, pytest.mark.durable]

TARO, JIRO = "000000000000116", "000000000000124"


@pytest.fixture
def lines() -> list[town.Line]:
    """花子 with two grown-up sons."""
    jiro = town.taro(
        address_number=JIRO,
        given_name="次郎",
        given_name_kana="ジロウ",
        born_on="2006-11-11",
        position="3",
        individual_number="",
        individual_number_state="none",
        resident_record_code=code("3456789012"),
    )
    return [town.hanako(), town.taro(born_on="2005-10-10"), jiro]


def test_a_child_is_born_with_what_the_family_shares(at_the_counter: Clerk) -> None:
    clerk = at_the_counter
    rows("INSERT INTO register_recordcode (code) VALUES (%s)", code("2472705960"))
    receive(clerk, "6", "出生")
    say_why_ex_officio(clerk)
    open_form(clerk, "カクウ ハナコ", "出生")
    assert clerk.page.input_value('[name="person-0-family_name"]') == "架空"
    clerk.is_sound("born")
    fill(clerk, occurred_on=day(-5))
    fill(clerk, **of_person(0, given_name="実", given_name_kana="ミノル", sex="1"))
    to_sheet(clerk, "出生")
    assert "登録の時に付番します" in clerk.reads()
    clerk.is_sound("born-sheet")
    record(clerk)
    assert "架空　実" in clerk.reads()


def _head_dies(clerk: Clerk) -> None:
    receive(clerk, "7", "死亡")
    say_why_ex_officio(clerk)
    open_form(clerk, "カクウ ハナコ", "死亡")
    clerk.is_sound("died")
    fill(clerk, occurred_on=day(-2))
    to_sheet(clerk, "死亡")
    assert clerk.focus_is_on("#accept-1")
    clerk.is_sound("died-sheet")
    record(clerk)


def _son_becomes_head(clerk: Clerk) -> None:
    receive(clerk, "5", "世帯変更")
    say_who(clerk)
    open_form(clerk, "カクウ タロウ", "世帯主変更")
    clerk.is_sound("householder-changed")
    relationships = {f"as-{who(TARO)}": "世帯主", f"as-{who(JIRO)}": "弟"}
    fill(clerk, occurred_on=day(-2), **relationships)
    to_sheet(clerk, "世帯主変更")
    clerk.is_sound("householder-changed-sheet")
    record(clerk)


def test_a_household_without_its_head_is_marked_until_it_has_another(
    at_the_counter: Clerk,
) -> None:
    clerk = at_the_counter
    _head_dies(clerk)
    clerk.is_sound("household-without-head")
    assert "世帯主未設定" in clerk.reads()
    assert clerk.page.inner_text(".who-state").strip() == "この世帯から除かれた人(死亡)"
    _son_becomes_head(clerk)
    assert "世帯主未設定" not in clerk.reads()
    assert "弟" in clerk.reads()

"""再転入: who left the town comes back under the old number, found by the code or by 3情報."""

import pytest

import town
from journeys.conftest import Clerk
from journeys.counter import (
    code,
    day,
    fill,
    of_person,
    receive,
    record,
    rows,
    say_who,
    to_sheet,
    wait_to_read,
    who,
)

pytestmark = [pytest.mark.browser, pytest.mark.durable]

TARO, HIS_CODE = "000000000000116", "98765432103"
HE = of_person(
    0,
    family_name="架空",
    given_name="太郎",
    family_name_kana="カクウ",
    given_name_kana="タロウ",
    born_on="H17.10.10",
    sex="1",
    registered_domicile="三重県桑名郡架空一丁目１番地",
    family_register_head="架空　太郎",
)
WHENCE = of_person(
    0,
    previous_address_prefecture="栃木県",
    previous_address_municipality="宇都宮市",
    previous_address_town="架空一丁目",
)


@pytest.fixture
def lines(request: pytest.FixtureRequest) -> list[town.Line]:
    """花子 lives here; 太郎 has moved out, and his 除票 has the code that the test says."""
    left = town.taro(
        resident_record_code=request.param,
        born_on="2005-10-10",
        reason="国内転出",
        state="moved_out",
        closing_reason="moved_out",
        closing_event_on="2022-03-31",
        closed_on="2022-03-31",
        planned_destination_prefecture="栃木県",
        planned_destination_municipality="宇都宮市",
        planned_destination_town="架空一丁目",
    )
    return [town.hanako(), left]


def _comes(clerk: Clerk, his_code: str) -> None:
    """A moving-in is typed as that of somebody new."""
    receive(clerk, "1", "転入")
    say_who(clerk)
    fill(clerk, occurred_on=day(-3), whence="1", evidence="1", address_postal_code="9638601")
    clerk.press("Enter")
    wait_to_read(clerk, "[data-postal-told]", "朝日")
    fill(clerk, address_lot="２３番７号")
    fill(clerk, **HE, **of_person(0, resident_record_code=his_code), **WHENCE)
    clerk.press_and_wait("F8")


def _is_taken_for_him(clerk: Clerk, told: str) -> None:
    """His 除票 stands there; the clerk chooses it."""
    assert told in clerk.reads(), clerk.reads()
    clerk.tab_to(f'button[value="rejoin:0:{who(TARO)}"]')
    clerk.press_and_wait("Enter")
    assert f"再転入・宛名番号 {TARO}" in clerk.reads()
    assert clerk.page.input_value('[name="person-0-given_name"]') == "太郎"
    assert clerk.page.input_value('[name="person-0-previous_address_town"]') == "架空一丁目"


def _is_here_again() -> bool:
    residences = rows("SELECT residence_no FROM register_current WHERE address_number = %s", TARO)
    return residences == [(2,)]


@pytest.mark.parametrize("lines", [HIS_CODE], indirect=True)
def test_who_is_found_by_the_code_is_entered_as_returning_or_not_at_all(
    at_the_counter: Clerk,
) -> None:
    clerk = at_the_counter
    _comes(clerk, HIS_CODE)
    assert "転入の入力" in clerk.reads(), "as somebody new he is refused"
    assert "新たな住民としては記載できません" in clerk.reads()
    clerk.is_sound("coming-back-by-code")
    _is_taken_for_him(clerk, "番号が同じ人です")
    clerk.is_sound("coming-back-form")
    to_sheet(clerk, "転入")
    record(clerk)
    assert _is_here_again()


@pytest.mark.parametrize("lines", [""], indirect=True)
def test_who_is_found_by_name_sex_and_birth_is_offered_as_returning(
    at_the_counter: Clerk,
) -> None:
    clerk = at_the_counter
    _comes(clerk, code("2472705960"))
    assert "転入の確認" in clerk.reads(), "he may be somebody else: nothing refuses"
    clerk.is_sound("coming-back-by-three-items")
    clerk.press_and_wait("F9")
    fill(clerk, **of_person(0, family_register_head="架空　次郎"))
    clerk.press_and_wait("F8")
    _is_taken_for_him(clerk, "除票に同じ人と思われる記録があります")
    assert "除票で異なる項目" in clerk.reads()
    assert clerk.page.input_value('[name="person-0-family_register_head"]') == "架空　次郎"
    clerk.is_sound("coming-back-differs")
    fill(clerk, **of_person(0, resident_record_code=code("2472705960")))
    to_sheet(clerk, "転入")
    record(clerk)
    assert _is_here_again()

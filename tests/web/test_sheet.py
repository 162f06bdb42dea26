"""入力確認: the sheet shows every household that the change touches, as it will be."""

import re

import pytest

from web.desk import HANAKO, MOVER, NEW_ADDRESS, TARO, Opened, who

pytestmark = pytest.mark.django_db


def households(page: str) -> list[tuple[str, str]]:
    """The caption and the text of every household on the sheet."""
    tables = re.findall(r'<table class="after"><caption>(.*?)</caption>(.*?)</table>', page, re.S)
    return [tuple(re.sub(r"<[^>]+>|\s+", " ", one) for one in found) for found in tables]  # type: ignore[misc]  # two of each


JOINING = {name: text for name, text in MOVER.items() if not name.startswith("address_")} | {
    "person-0-relationship": "同居人"
}
LEAVING = {
    "occurred_on": "R8.12.20",
    "where": "domestic",
    "planned_destination_prefecture": "栃木県",
    "planned_destination_municipality": "宇都宮市",
}


def test_who_joins_a_household_is_shown_among_its_members(desk: Opened) -> None:
    page, _ = desk("moved_in", who(HANAKO)).to_sheet(**JOINING)
    ((caption, members),) = households(page)
    assert "000000000000205" in caption
    assert all(name in members for name in ("世帯主", "花子", "太郎", "同居人"))


def test_a_moving_within_of_a_part_shows_both_households(desk: Opened) -> None:
    taro = who(TARO)
    typed = {**NEW_ADDRESS, "occurred_on": "R8.11.10", "into": "new", f"as-{taro}": "世帯主"}
    page, _ = desk("moved_within", taro).to_sheet(**typed)
    (_, new), (caption, old) = households(page)
    assert "太郎" in new
    assert "000000000000205" in caption
    assert "花子" in old
    assert "太郎" not in old


def test_the_household_of_now_and_of_the_planned_day_are_shown(desk: Opened) -> None:
    page, _ = desk("moved_out", who(HANAKO)).to_sheet(**LEAVING)
    (_, now), (caption, later) = households(page)
    assert "転出予定 令和8年12月20日" in now
    assert "転出の予定日から" in caption
    assert "花子" not in later
    assert "世帯主" in later, "who stays alone becomes 世帯主 ex officio"
    assert "std4-0-4" not in page


def test_a_householder_who_leaves_two_behind_is_asked_about(desk: Opened) -> None:
    assert desk("moved_in", who(HANAKO)).record(**JOINING).status_code == 302
    page, sheet = desk("moved_out", who(HANAKO)).to_sheet(**LEAVING)
    assert "std4-0-4.householder_leaves" in sheet.ticks
    assert "残る世帯員2人が世帯主未設定になります" in page
    (now, _), (later, _) = households(page)
    assert ("世帯主未設定" in now, "世帯主未設定" in later) == (False, True)


def test_who_has_said_before_that_they_leave_is_not_left_behind(desk: Opened) -> None:
    assert desk("moved_in", who(HANAKO)).record(**JOINING).status_code == 302
    assert desk("moved_out", who(TARO)).record(**LEAVING).status_code == 302
    page, sheet = desk("moved_out", who(HANAKO)).to_sheet(**LEAVING)
    assert "std4-0-4.householder_leaves" not in sheet.ticks
    _, (_, later) = households(page)
    assert "太郎" not in later


def test_a_late_moving_out_says_how_it_is_recorded_ex_officio(desk: Opened) -> None:
    late = LEAVING | {"occurred_on": "R8.11.1"}
    page, sheet = desk("moved_out", who(TARO)).to_sheet(**late)
    assert "brra24.ex_officio" in sheet.ticks
    assert "転出を職権で受け付け直して" in page
    assert "std1-1-5.planned_day_passed" not in sheet.ticks, "it is only being said"
    at = desk("moved_out", who(TARO), "ex_officio")
    _, again = at.to_sheet(**late)
    assert "brra24.ex_officio" not in again.ticks
    assert at.send(again, "record", accept=again.ticks).status_code == 302


def test_the_households_stand_above_the_persons(desk: Opened) -> None:
    page, _ = desk("died", who(TARO), "ex_officio").to_sheet(occurred_on="R8.11.1")
    assert page.index('class="after"') < page.index('class="step"')

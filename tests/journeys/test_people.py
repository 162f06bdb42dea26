"""人と権限: operators, terminals, responsibles, designations and reviews, by keyboard alone."""

import pytest

from conftest import Live
from journeys.conftest import Clerk

pytestmark = [pytest.mark.browser, pytest.mark.durable]


@pytest.fixture
def administrator(clerk: Clerk) -> Clerk:
    """Who administers the rights, on the first screen of the console."""
    clerk.sit_down(clerk.live.cast.administrator)
    clerk.press_and_wait("F4")
    assert "人と権限" in clerk.reads()
    return clerk


@pytest.fixture
def manager(colleague: Clerk) -> Clerk:
    """情報セキュリティ管理者, on the first screen of the console."""
    colleague.sit_down(colleague.live.cast.security_manager)
    colleague.press_and_wait("F4")
    return colleague


def follow(clerk: Clerk, number: int) -> None:
    """Take the way with that number."""
    clerk.press(*str(number))
    clerk.press_and_wait("Enter")


def fill(clerk: Clerk, *typed: str) -> None:
    """Type into one field after the other; ↓ chooses the next of a list."""
    for place, text in enumerate(typed):
        if place:
            clerk.press("Tab")
        if set(text) == {"↓"}:
            clerk.press(*["ArrowDown"] * len(text))
        elif text:
            clerk.press("Control+a")
            clerk.type(text)


def test_a_new_operator_gets_a_right_and_leaves(administrator: Clerk) -> None:
    clerk = administrator
    clerk.is_sound("console-people")
    follow(clerk, 1)
    assert "窓口 花" in clerk.reads()
    clerk.is_sound("people")
    clerk.press_and_wait("F7")
    assert clerk.focus_is_on("#id_login")
    fill(clerk, "shin", "新任 明", "↓", "↓↓", "", "R9.3.31")
    clerk.is_sound("people-new")
    clerk.press_and_wait("F8")
    assert "二度と表示できません" in clerk.reads()
    assert clerk.page.inner_text("code.once")
    clerk.is_sound("people-initial-password")
    clerk.press_and_wait("F8")
    clerk.open("/console/people/?text=shin")
    follow(clerk, 1)
    assert "操作権限はありません。" in clerk.reads()
    follow(clerk, 1)
    assert clerk.focus_is_on("#id_post")
    fill(clerk, "↓")
    clerk.press_and_wait("F8")
    assert "登録しました。" in clerk.reads()
    assert "窓口担当" in clerk.reads()
    clerk.is_sound("people-one")
    _leave(clerk)


def _leave(clerk: Clerk) -> None:
    acts = clerk.page.locator("[data-hits] [data-hit]").all_inner_texts()
    (number,) = [place for place, text in enumerate(acts, 1) if "終わらせる" in text]
    follow(clerk, number)
    clerk.press_and_wait("F8")
    assert "確かめたら印を付けてください" in clerk.reads()
    clerk.is_sound("people-leaving-wrong")
    clerk.tab_to("#id_sure")
    clerk.press("Space")
    clerk.press_and_wait("F8")
    assert "終わり" in clerk.page.inner_text(".who-state")


def test_what_the_law_refuses_is_told_with_its_article(administrator: Clerk) -> None:
    clerk = administrator
    person = clerk.live.cast.clerk.operator.pk
    clerk.open(f"/console/people/{person}/do/give")
    fill(clerk, "↓", "", "R8.1.5")
    clerk.press_and_wait("F8")
    assert "さかのぼって与えることはできません" in clerk.reads()
    assert "標準仕様書 10.3" in clerk.reads()
    clerk.is_sound("people-right-refused")
    clerk.press_and_wait("F9")
    assert clerk.page.url.endswith(f"/console/people/{person}/")


def test_a_terminal_gets_a_code_for_its_browser(administrator: Clerk) -> None:
    clerk = administrator
    follow(clerk, 2)
    assert "窓口1番" in clerk.reads()
    clerk.is_sound("terminals")
    clerk.tab_to("[href$='/C001/code']")
    clerk.press_and_wait("Enter")
    clerk.press_and_wait("F8")
    assert clerk.page.inner_text("code.once")
    clerk.is_sound("terminals-code")
    clerk.press_and_wait("F8")
    assert "登録番号を発行中" in clerk.reads()


def test_the_two_trees_stand_side_by_side_and_a_holder_changes(administrator: Clerk) -> None:
    clerk = administrator
    follow(clerk, 3)
    assert "空席" in clerk.reads()
    clerk.is_sound("responsibles")
    clerk.tab_to("[href*='/responsibles/positions/']")
    clerk.press_and_wait("Enter")
    assert clerk.focus_is_on("#id_operator")
    names = clerk.page.locator("#id_operator option").all_inner_texts()
    (place,) = [place for place, name in enumerate(names) if name.startswith("審査 太郎")]
    fill(clerk, "↓" * place, "R9.4.1", "人事第1号")
    clerk.is_sound("responsibles-hold")
    clerk.press_and_wait("F8")
    assert "審査 太郎 令和9年4月1日から" in clerk.reads()
    assert "予定" in clerk.reads()


def test_a_manager_designates_and_reviews(manager: Clerk, live: Live) -> None:
    clerk = manager
    clerk.is_sound("console-for-safety")
    clerk.open(f"/console/people/{live.cast.clerk.operator.pk}/")
    follow(clerk, 1)
    assert clerk.focus_is_on("#id_tree")
    fill(clerk, "↓", "", "", "指定第1号")
    clerk.press_and_wait("F8")
    clerk.open("/console/designations/")
    assert "窓口 花" in clerk.reads()
    clerk.is_sound("designations")
    _review(clerk)


def _review(clerk: Clerk) -> None:
    clerk.open("/console/reviews/")
    clerk.is_sound("reviews")
    clerk.tab_to("form[action$='/open/101'] button")
    clerk.press_and_wait("Enter")
    rows = clerk.page.locator("select[name^=decision]").count()
    for place in range(rows):
        clerk.tab_to(f"tr:nth-child({place + 1}) select")
        clerk.press("ArrowDown")
    clerk.is_sound("review")
    clerk.tab_to("#id_sure")
    clerk.press("Space")
    clerk.press_and_wait("F10")
    assert "署名済み" in clerk.reads()
    clerk.is_sound("review-signed")


def test_an_office_gets_a_right_and_one_of_it_is_left_out(administrator: Clerk) -> None:
    clerk = administrator
    ways = clerk.page.locator("[data-hits] [data-hit]").all_inner_texts()
    (number,) = [place for place, text in enumerate(ways, 1) if "所属の権限" in text]
    follow(clerk, number)
    assert "一人ずつ与える担当" in clerk.reads()
    clerk.is_sound("offices")
    follow(clerk, 1)
    assert "所属の全員に与えた操作権限はありません。" in clerk.reads()
    clerk.press_and_wait("F7")
    assert clerk.focus_is_on("#id_post")
    fill(clerk, "↓", "R8.1.5")
    clerk.press_and_wait("F8")
    assert "さかのぼって与えることはできません" in clerk.reads()
    clerk.is_sound("office-right-refused")
    clerk.tab_to("#id_since")
    fill(clerk, "R9.4.1")
    clerk.press_and_wait("F8")
    assert "登録しました。" in clerk.reads()
    assert "予定" in clerk.reads()
    _exclude(clerk)


def _exclude(clerk: Clerk) -> None:
    clerk.tab_to("[href$='/exclude']")
    clerk.press_and_wait("Enter")
    assert clerk.focus_is_on("#id_operator")
    names = clerk.page.locator("#id_operator option").all_inner_texts()
    (place,) = [place for place, name in enumerate(names) if name.startswith("窓口 花")]
    fill(clerk, "↓" * place, "R9.4.1")
    clerk.is_sound("office-exclude")
    clerk.press_and_wait("F8")
    assert "除かれた者" in clerk.reads()
    clerk.is_sound("office")
    person = clerk.live.cast.clerk.operator.pk
    clerk.open(f"/console/people/{person}/")
    assert "所属から受けるもの" in clerk.reads()
    clerk.is_sound("people-by-office")
    clerk.press_and_wait("F7")
    assert "ここでの担当" in clerk.reads()
    clerk.is_sound("standing-by-office")


def test_the_rules_are_read_and_asked_of_one_person(administrator: Clerk) -> None:
    clerk = administrator
    ways = clerk.page.locator("[data-hits] [data-hit]").all_inner_texts()
    (number,) = [place for place, text in enumerate(ways, 1) if "利用の決まり" in text]
    follow(clerk, number)
    assert "purposes:change.moved_in@1967-11-10" in clerk.reads()
    clerk.is_sound("policy")
    clerk.open("/console/people/?text=clerk")
    follow(clerk, 1)
    clerk.press_and_wait("F7")
    assert "利用できない" in clerk.reads()
    clerk.is_sound("standing")
    clerk.press_and_wait("F8")
    assert "利用の決まり" in clerk.reads()

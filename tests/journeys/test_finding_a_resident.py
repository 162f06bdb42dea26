"""住民を探す: from the purpose to the person, the household, the history and a day long past."""

from pathlib import Path

import pytest

import town
from daicho.access import clock
from daicho.access.permits import permit
from daicho.register import importing
from journeys.conftest import Clerk
from people import given

pytestmark = [pytest.mark.browser, pytest.mark.durable]


@pytest.fixture
def few(clerk: Clerk, tmp_path: Path) -> None:
    """A town with a few residents."""
    moving = permit(clerk.live.cast.system_operator.acting(), "data.migration", clock.today())
    file = town.write(tmp_path, town.few())
    importing.run(moving, file, ward=town.WARD, trial=False, keep_refusals=lambda _: None)


@pytest.fixture
def at_the_counter(clerk: Clerk, few: None) -> Clerk:
    """A clerk who sits at its counter."""
    clerk.sit_down(clerk.live.cast.clerk)
    return clerk


def _search(clerk: Clerk, **typed: str) -> None:
    """Fill the form's fields in their order and press Enter in the last."""
    assert clerk.focus_is_on("#id_kana")
    for name, text in typed.items():
        clerk.tab_to(f"#id_{name}")
        clerk.type(text)
    clerk.press_and_wait("Enter")


def test_a_clerk_finds_a_person_and_looks_back(at_the_counter: Clerk) -> None:
    clerk = at_the_counter
    assert "異動のための照会" in clerk.reads()
    clerk.press_and_wait("F6")
    assert "利用目的 異動のための照会" in clerk.reads()
    clerk.is_sound("search")
    _search(clerk, kana="かくう", born_from="S60")
    assert "検索結果 1人" in clerk.reads()
    assert clerk.focus_is_on("[data-hit]")
    clerk.press_and_wait("Enter")
    assert "昭和60年5月5日" in clerk.reads()
    assert "1985年" not in clerk.reads()
    clerk.is_sound("person")
    clerk.press_and_wait("F9")
    assert "今の世帯員" in clerk.reads()
    clerk.is_sound("household")
    clerk.press_and_wait("F8")
    assert "この世帯から除かれた人はいません。" in clerk.reads()
    clerk.press_and_wait("F10")
    assert "転居" in clerk.reads()
    assert "変更 架空" in clerk.reads()
    clerk.is_sound("history")


def test_a_clerk_asks_what_was_so_on_a_day(at_the_counter: Clerk) -> None:
    clerk = at_the_counter
    clerk.press_and_wait("F6")
    _search(clerk, address_number="108")
    assert clerk.focus_is_on("tr:nth-child(1) [data-hit]")
    clerk.press_and_wait("Enter")
    clerk.press_and_wait("Shift+F7")
    assert clerk.focus_is_on("#id_day")
    clerk.press_and_wait("F8")
    assert "時点の日を入力してください。" in clerk.reads()
    clerk.is_sound("as-of-wrong")
    clerk.tab_to("#id_day")
    clerk.type("R3.1.1")
    clerk.press_and_wait("Enter")
    assert "令和3年1月1日の記載" in clerk.reads()
    assert "前姓" in clerk.reads()
    assert "(35歳)" in clerk.reads()
    assert "１番１号" in clerk.reads()
    assert clerk.focus_is_on("#id_day")
    clerk.is_sound("as-of")
    clerk.press("Tab")
    clerk.type("R3.1.2")
    clerk.press_and_wait("Enter")
    assert "この時点では当システムに記録がありません" in clerk.reads()
    clerk.is_sound("as-of-not-known-here")


def test_hits_are_picked_by_arrow_and_by_number_and_back_needs_no_sending(
    at_the_counter: Clerk,
) -> None:
    clerk = at_the_counter
    clerk.press_and_wait("F6")
    _search(clerk, kana="カクウ")
    assert "検索結果 4人" in clerk.reads()
    clerk.is_sound("search-found")
    assert clerk.focus_is_on("tr:nth-child(1) [data-hit]")
    clerk.press("ArrowDown")
    assert clerk.focus_is_on("tr:nth-child(2) [data-hit]")
    clerk.press("4")
    assert clerk.focus_is_on("tr:nth-child(4) [data-hit]")
    assert "4番を選んでいます。" in clerk.reads()
    clerk.press("ArrowUp")
    assert clerk.focus_is_on("tr:nth-child(3) [data-hit]")
    clerk.press_and_wait("Enter")
    assert "昭和25年" in clerk.reads()
    clerk.go_back()
    assert "検索結果 4人" in clerk.reads()
    clerk.press_and_wait("F8")
    assert clerk.page.input_value("#id_kana") == "カクウ"
    assert "氏名のフリガナ: カクウ" in clerk.reads()
    clerk.is_sound("search-again")


def test_marks_are_words_and_what_is_held_back_is_not_shown(at_the_counter: Clerk) -> None:
    clerk = at_the_counter
    clerk.press_and_wait("F7")
    assert "利用目的 証明のための照会" in clerk.reads()
    _search(clerk, kanji="渡辺")
    assert "支援措置期間中" in clerk.reads()
    clerk.is_sound("search-found-marked")
    clerk.press_and_wait("Enter")
    assert "支援措置期間中" in clerk.reads()
    assert "この事務では表示しません" in clerk.reads()
    assert "F10" not in clerk.reads()
    clerk.is_sound("person-marked")
    clerk.press_and_wait("F6")
    _search(clerk, roman="mary")
    assert clerk.focus_is_on("tr:nth-child(1) [data-hit]")
    clerk.press_and_wait("Enter")
    assert "照会が抑止されています。" in clerk.reads()
    assert "1993" not in clerk.reads()
    clerk.is_sound("person-withheld")


def test_who_is_protected_is_found_with_when_from_and_until(clerk: Clerk, few: None) -> None:
    officer = given(clerk.live.cast.supervisor, "protection_officer")
    clerk.sit_down(officer)
    clerk.tab_to("a[href='/inquiry/protection-flag/']")
    clerk.press_and_wait("Enter")
    assert "利用目的 支援対象者の照会" in clerk.reads()
    _search(clerk, kana="ワタナベ メグミ")
    assert "検索結果 1人" in clerk.reads()
    assert "支援措置期間中" in clerk.reads()
    clerk.press_and_wait("Enter")
    assert "支援措置の期間" in clerk.reads()
    (row,) = clerk.page.locator("section[aria-labelledby=protection-title] tbody tr").all()
    assert row.locator("th, td").all_inner_texts() == [
        "支援措置",
        "令和6年4月1日",
        "定めなし",
        "期間中",
    ]
    clerk.is_sound("protection-flag")


def test_a_search_that_says_nothing_is_told_what_to_add(at_the_counter: Clerk) -> None:
    clerk = at_the_counter
    clerk.press_and_wait("F6")
    _search(clerk, kana="%")
    assert "「%」は検索に使えません" in clerk.reads()
    assert clerk.focus_is_on(".wrong")
    clerk.is_sound("search-wrong")
    clerk.open("/inquiry/change/")
    _search(clerk, kana="ナイナイ")
    assert "該当する人はいません" in clerk.reads()
    clerk.is_sound("search-nobody")

"""The index of law: found however people write an article, and clear where there is nothing."""

import pytest

from daicho.law import index
from daicho.law.citation import article
from daicho.law.rule import FINDINGS, RULES
from law.runner import rows_by_rule

TESTS = rows_by_rule()


@pytest.mark.parametrize(
    "text",
    [
        "22",
        "22条",
        "第22条",
        "２２",
        "BRRA 22",
        "brra22",
        "住民基本台帳法22",
        "住民基本台帳法第22条",
        "住基法 22条",
        "第二十二条",
        "住民基本台帳法第二十二条",
    ],
)
def test_an_article_is_found_however_it_is_written(text: str) -> None:
    answer = index.find(text, TESTS)
    assert answer.asked == (article("BRRA 22"),)
    rules = {rule.name for entry in answer.entries for rule in entry.rules}
    assert "notifications.moved_in_late" in rules
    assert answer.message == "住民基本台帳法第22条"


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("22(1)", "BRRA 22(1)"),
        ("22条1項", "BRRA 22(1)"),
        ("住民基本台帳法第22条第1項", "BRRA 22(1)"),
        ("第二十二条第一項", "BRRA 22(1)"),
        ("12-4", "BRRA 12-4"),
        ("十二条の四", "BRRA 12-4"),
        ("第30条の46", "BRRA 30-46"),
        ("三十条の四十六", "BRRA 30-46"),
        ("第7条第8号の2", "BRRA 7[8-2]"),
        ("7[8-2]", "BRRA 7[8-2]"),
        ("附則第3条", "BRRA SUPP 3"),
        ("民法140", "CC 140"),
        ("番号法第７条第２項", "MNA 7(2)"),
        ("住民基本台帳法施行令第23条", "BRRO 23"),
        ("4.0.3", "STD 4.0.3"),
        ("４．０．３", "STD 4.0.3"),
        ("標準仕様書 4.1.3.0.1", "STD 4.1.3.0.1"),
        ("技術的基準第九の三", "TS15 9.3"),
    ],
)
def test_a_place_is_read_from_tolerant_text(text: str, place: str) -> None:
    assert index.read(text) == (article(place),)


@pytest.mark.parametrize("text", ["", "転入", "条", "BRRA", "22条22条", "民法 4.0.3", "0", "0条の"])
def test_what_names_no_place_is_answered_with_an_example(text: str) -> None:
    answer = index.find(text, TESTS)
    assert answer.asked == ()
    assert answer.entries == ()
    assert "条項を読み取れませんでした" in answer.message


def test_a_paragraph_is_found_with_the_article_that_holds_it() -> None:
    places = {str(entry.article) for entry in index.find("23条1項", TESTS).entries}
    assert "BRRA 23" in places


def test_an_article_without_rules_shows_the_gaps_that_match() -> None:
    answer = index.find("11", TESTS)
    assert [gap.code for gap in answer.gaps] == ["inspection"]
    assert answer.message == (
        "住民基本台帳法第11条 を根拠とする規則はありません。書いていない理由が次にあります。"
    )


def test_an_article_nobody_wrote_about_is_said_to_be_so() -> None:
    answer = index.find("BRRA 41", TESTS)
    assert (answer.entries, answer.gaps) == ((), ())
    assert "規則はなく、書いていない理由の記録もありません" in answer.message


def test_the_index_holds_every_rule_and_finding_with_its_tests() -> None:
    entries = index.entries(TESTS)
    assert {rule.name for entry in entries for rule in entry.rules} == set(RULES)
    assert {kind.code for entry in entries for kind in entry.findings} == set(FINDINGS)
    assert [entry.article for entry in entries] == sorted({entry.article for entry in entries})
    (moved_in,) = (one for one in entries if one.article == article("BRRA 22(1)"))
    assert any("14日目の翌日は期限後である" in test for test in moved_in.tests)


def test_the_reverse_gives_each_rule_its_articles_and_tests() -> None:
    reverse = index.by_rule(TESTS)
    rule, tests = reverse["notifications.moved_in_late"]
    assert rule.cites == index.articles_of("notifications.moved_in_late")
    assert len(tests) == len(TESTS["notifications.moved_in_late"])
    assert all(tests for _, tests in reverse.values())
    assert index.articles_of("no.such_rule") == ()

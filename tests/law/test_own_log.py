"""本人に示す利用記録の言葉: nothing that can stand on the list is without its words."""

import pytest

from daicho.law import purposes
from daicho.law.own_log import wording, words
from daicho.law.own_log.withheld import REASONS

_TOUCHING = [one.code for one in purposes.PURPOSES if "resident" in one.sees]


@pytest.mark.parametrize("purpose", _TOUCHING)
def test_every_work_that_sees_residents_has_its_words_in_each_language(purpose: str) -> None:
    assert purpose in wording.PURPOSES, f"{purpose}: a row of own_log_words.toml is missing"


def test_a_look_says_what_it_was_for_in_each_language() -> None:
    said = words("look", "inquiry.resident_tax")
    assert "住民税" in said.plain
    assert "住民税(じゅうみんぜい)" in said.easy
    assert "resident tax" in said.english
    assert "{" not in said.plain + said.easy + said.english


def test_a_paper_says_from_which_side_it_was_asked_for_and_not_by_whom() -> None:
    said = words("issue", "certificate.copy", "specified_business")
    assert "第三者からの請求です" in said.plain
    assert "third party" in said.english
    assert "請求です" not in words("issue", "certificate.copy").plain


def test_every_reason_for_holding_a_use_back_has_its_article_and_its_grounds() -> None:
    assert all(one.cited and one.because for one in REASONS.values())
    assert {one.code for one in REASONS.values() if one.spreads} == {
        "refused_request",
        "official_request",
    }

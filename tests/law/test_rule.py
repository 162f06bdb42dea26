"""Rules and findings: what must not pass import, and how a version is chosen."""

from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daicho.law.citation import MalformedCitation
from daicho.law.rule import (
    FINDINGS,
    RULES,
    FindingKind,
    MalformedRule,
    NoLawOnThatDay,
    Rule,
    finding,
    rule,
    rules_of,
    versions,
)

AMENDED_ON = date(2030, 4, 1)
BOOK: dict[str, Rule] = {}


@rule(cites=["BRRA 22(1)"], since=date(1967, 11, 10), until=date(2030, 3, 31), into=BOOK)
def term_1967_11_10(*, on: date) -> int:
    """転入をした者は、14日以内に届け出る。

    A person who moved in notifies within 14 days.
    """
    return 14


@rule(cites=["BRRA 22(1)"], since=AMENDED_ON, into=BOOK)
def term_2030_04_01(*, on: date) -> int:
    """転入をした者は、20日以内に届け出る（架空の改正）。

    A person who moved in notifies within 20 days (an amendment made up for this test).
    """
    return 20


term = versions(term_1967_11_10, term_2030_04_01)


@pytest.mark.parametrize(
    ("on", "days"),
    [
        (date(1967, 11, 10), 14),
        (date(2030, 3, 31), 14),
        (AMENDED_ON, 20),
        (date(2099, 1, 1), 20),
    ],
)
def test_the_law_of_the_day_is_asked(on: date, days: int) -> None:
    assert term(on=on) == days


def test_a_day_before_the_first_version_is_a_clear_error() -> None:
    with pytest.raises(NoLawOnThatDay, match=r"no version on 1967-11-09; there are .*term_1967"):
        term(on=date(1967, 11, 9))


def test_a_single_version_holds_only_in_its_days() -> None:
    with pytest.raises(NoLawOnThatDay, match="from 1967-11-10 to 2030-03-31, not on 2030-04-01"):
        term_1967_11_10(on=AMENDED_ON)


def test_versions_know_their_rules() -> None:
    names = [entry.name for entry in rules_of(term)]
    assert [name.partition(".")[2] for name in names] == ["term_1967_11_10", "term_2030_04_01"]
    assert not set(BOOK) & set(RULES)


def _declare(function: Callable[..., object], **changed: object) -> None:
    declared: dict[str, object] = {"cites": ["BRRA 22(1)"], "since": date(1967, 11, 10)}
    rule(**(declared | changed), into={})(function)  # type: ignore[arg-type]  # wrong on purpose


def _good(*, on: date) -> None:
    """届け出る。

    A person notifies.
    """


def _no_docstring(*, on: date) -> None: ...


def _english_only(*, on: date) -> None:
    """A person notifies.

    And no Japanese.
    """


def _japanese_only(*, on: date) -> None:
    """届け出る。"""


def _japanese_twice(*, on: date) -> None:
    """届け出る。

    英語がない。
    """


def _no_day() -> None:
    """届け出る。

    A person notifies.
    """


def test_a_whole_rule_passes() -> None:
    _declare(_good)


@pytest.mark.parametrize(
    "function", [_no_docstring, _english_only, _japanese_only, _japanese_twice, _no_day]
)
def test_a_rule_without_its_article_in_words_or_its_day_is_refused(
    function: Callable[..., object],
) -> None:
    with pytest.raises(MalformedRule):
        _declare(function)


@pytest.mark.parametrize("cites", [[], "BRRA 22", ["BRRA"], ["22"]])
def test_a_rule_without_a_citation_is_refused(cites: object) -> None:
    with pytest.raises(MalformedCitation):
        _declare(_good, cites=cites)


def test_a_rule_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(MalformedRule):
        _declare(_good, until=date(1967, 11, 9))


def test_two_versions_for_one_day_are_refused() -> None:
    with pytest.raises(MalformedRule, match="in force on one day"):
        versions(term_1967_11_10, term_1967_11_10)
    with pytest.raises(MalformedRule, match="is not a rule"):
        versions(_good)


def test_a_name_stands_for_one_rule() -> None:
    with pytest.raises(MalformedRule, match="of this name already"):
        rule(cites=["BRRA 22"], since=AMENDED_ON, into=BOOK)(term_2030_04_01)


KIND = FindingKind("test.kind", False, "{day}から{count}日、{word}です。", (), "直す。", "")


def test_a_finding_speaks_of_days_counts_and_our_own_words() -> None:
    found = KIND(day=date(2024, 5, 1), count=14, word="データ移行")
    assert found.what == "令和6年5月1日から14日、データ移行です。"
    assert (found.code, found.severity) == ("test.kind", "アラート")


@given(name=st.text().map("架空　{}".format))
def test_no_name_of_a_person_gets_into_a_finding(name: str) -> None:
    with pytest.raises(AssertionError) as refused:
        KIND(day=date(2024, 5, 1), count=14, word=name)
    assert str(refused.value) == "test.kind: word is no word of our tables"


@given(number=st.integers(min_value=10_000))
def test_no_number_of_a_person_gets_into_a_finding(number: int) -> None:
    with pytest.raises(AssertionError):
        KIND(day=date(2024, 5, 1), count=number, word="データ移行")


def test_a_finding_takes_exactly_its_arguments() -> None:
    with pytest.raises(AssertionError, match="takes"):
        KIND(day=date(2024, 5, 1))
    with pytest.raises(AssertionError, match="takes"):
        KIND(day=date(2024, 5, 1), count=1, word="データ移行", name="データ移行")


@pytest.mark.parametrize(
    ("code", "what"),
    [
        ("brra22.late", "遅い。"),
        ("Late", "遅い。"),
        ("late", "遅い。"),
        ("test.half", "遅い"),
        ("test.longer_than_what_the_trail_keeps_of_it", "遅い。"),
    ],
)
def test_a_code_has_one_meaning_and_whole_sentences(code: str, what: str) -> None:
    before = dict(FINDINGS)
    with pytest.raises(MalformedRule):
        finding(code, refuses=False, cites=["BRRA 22"], what=what, remedy="直す。")
    assert before == FINDINGS

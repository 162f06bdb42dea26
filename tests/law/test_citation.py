"""Citations: written one way, printed as documents print them, refused when they name nothing."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daicho.law.citation import (
    STATUTES,
    Article,
    MalformedCitation,
    article,
    articles,
    printed,
)

NUMBERS = st.lists(st.integers(1, 999), min_size=1, max_size=3).map(tuple)


@pytest.mark.parametrize(
    ("text", "japanese"),
    [
        ("BRRA 22(1)", "住民基本台帳法第22条第1項"),
        ("BRRA 12-4", "住民基本台帳法第12条の4"),
        ("BRRA 30-46", "住民基本台帳法第30条の46"),
        ("BRRA 7[8-2]", "住民基本台帳法第7条第8号の2"),
        ("BRRO 24(1)", "住民基本台帳法施行令第24条第1項"),
        ("CC 140", "民法第140条"),
        ("FRA 43(1)", "戸籍法第43条第1項"),
        ("LAA 4-2(2)[1]", "地方自治法第4条の2第2項第1号"),
        ("MNA SUPP 3(2)", "番号法附則第3条第2項"),
        ("STD 4.0.3", "標準仕様書 4.0.3"),
        ("TS15 9.3", "技術的基準（昭和61年自治省告示第15号）第9の3"),
    ],
)
def test_a_citation_is_printed_as_in_documents(text: str, japanese: str) -> None:
    assert article(text).japanese == japanese
    assert str(article(text)) == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "22(1)",
        "BRRA",
        "BRRA ",
        "XYZ 22",
        "brra 22",
        "BRRA  22",
        "BRRA 0",
        "BRRA 022",
        "BRRA 22(0)",
        "BRRA 22(1",
        "BRRA 22(1)(2)",
        "BRRA 22[1](1)",
        "BRRA 12-",
        "BRRA 4.0.3",
        "BRRA 22 ",
        "BRRA ２２",
        "STD 4-0-3",
        "STD 4.",
        "STD 4.0.3(1)",
        "住民基本台帳法22",
    ],
)
def test_text_that_names_no_place_is_refused(text: str) -> None:
    with pytest.raises(MalformedCitation):
        article(text)


@given(
    supplement=st.booleans(),
    place=NUMBERS,
    paragraph=st.integers(0, 30),
    item=st.one_of(st.just(()), NUMBERS),
)
def test_an_article_reads_back_as_it_is_written(
    supplement: bool, place: tuple[int, ...], paragraph: int, item: tuple[int, ...]
) -> None:
    one = Article("BRRA", supplement, place, paragraph, item)
    assert article(str(one)) == one


@given(place=st.lists(st.integers(0, 30), min_size=1, max_size=5).map(tuple))
def test_a_section_reads_back_as_it_is_written(place: tuple[int, ...]) -> None:
    one = Article("STD", supplement=False, place=place)
    assert article(str(one)) == one


def test_citations_cannot_be_left_out_or_doubled() -> None:
    for wrong in ([], "BRRA 22", ["BRRA 22", "BRRA 22"]):
        with pytest.raises(MalformedCitation):
            articles(wrong)
    assert printed(articles(["BRRA 23", "CC 140"])) == "住民基本台帳法第23条、民法第140条"


@pytest.mark.parametrize(
    ("outer", "inner", "covers"),
    [
        ("BRRA 22", "BRRA 22(1)", True),
        ("BRRA 22(1)", "BRRA 22", False),
        ("BRRA 22(1)", "BRRA 22(2)", False),
        ("BRRA 12", "BRRA 12-4", False),
        ("BRRA 7", "BRRA 7[8-2]", True),
        ("BRRA 3", "BRRA SUPP 3", False),
        ("BRRA 140", "CC 140", False),
        ("STD 4.1", "STD 4.1.0.2", True),
        ("STD 4.1", "STD 4.10", False),
    ],
)
def test_a_place_covers_what_lies_inside_it(outer: str, inner: str, covers: bool) -> None:
    assert article(outer).covers(article(inner)) is covers


def test_every_statute_is_dated_and_named_once() -> None:
    names = [name for statute in STATUTES.values() for name in set(statute.names)]
    assert len(names) == len(set(names))
    assert all(statute.checked_on > date(2026, 1, 1) for statute in STATUTES.values())
    assert all(statute.title and statute.english for statute in STATUTES.values())


def test_a_link_is_given_only_where_the_id_is_certain() -> None:
    assert STATUTES["BRRA"].url == "https://laws.e-gov.go.jp/law/342AC0000000081"
    assert STATUTES["STD"].url == ""

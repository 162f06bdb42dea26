"""What a clerk types into the search: what it means, and what is told when it means nothing."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daicho.register.search import conditions
from daicho.register.search.conditions import Unclear


@pytest.mark.parametrize(
    ("typed", "field", "words", "because"),
    [
        ({}, "", "条件が足りません", "nothing at all"),
        ({"kana": "　 "}, "", "条件が足りません", "blanks"),
        ({"kana": "ア"}, "", "条件が足りません", "one kana of half the town"),
        ({"sex": "1"}, "", "条件が足りません", "the sex alone"),
        ({"state": "living"}, "", "条件が足りません", "all residents"),
        ({"born_from": "1950", "born_until": "1990"}, "", "条件が足りません", "forty years"),
        ({"address": "1-2-3"}, "", "条件が足りません", "a lot that every town has"),
        ({"kana": "%"}, "kana", "「%」は検索に使えません", "a sign of the database"),
        ({"kanji": "＊架空"}, "kanji", "「＊」は検索に使えません", "a sign of other systems"),
        ({"kanji": "<b>架空</b>"}, "kanji", "「<」は検索に使えません", "HTML"),
        ({"kanji": "架\u0007空"}, "kanji", "U+0007", "a control character"),
        ({"kanji": "架" * 10_000}, "kanji", "100文字以内", "ten thousand characters"),
        ({"kana": "架空"}, "kana", "カタカナかひらがな", "kanji in the field of kana"),
        ({"roman": "架空"}, "roman", "アルファベット", "kanji in the alphabet"),
        ({"born_from": "60.5.5"}, "born_from", "元号がありません", "a year without an era"),
        ({"born_from": "S60.2.30"}, "born_from", "暦にない日", "no such day"),
        ({"born_until": "S60"}, "born_from", "始まりの日", "an end without a beginning"),
        ({"born_from": "1990", "born_until": "1980"}, "born_until", "終わりが始まり", "backwards"),
        ({"address_number": "1a"}, "address_number", "数字だけ", "letters in a number"),
        ({"resident_record_code": "12345678901"}, "resident_record_code", "検査数字", "a slip"),
        ({"individual_number": "1"}, "individual_number", "12桁", "too short"),
        ({"card_number": "1"}, "card_number", "12字", "too short"),
        ({"sex": "3"}, "sex", "一覧から", "no such choice"),
        ({"relationship": "妻"}, "", "条件が足りません", "every second household has one"),
        ({"blank": "building"}, "", "条件が足りません", "most have none"),
        ({"ward": "072036"}, "", "条件が足りません", "a whole ward"),
        ({"relationship": "妻", "blank": "sex", "ward": "072036"}, "", "足りません", "all three"),
        ({"blank": "building,nothing"}, "blank", "一覧から", "no such field"),
        ({"ward": "072035"}, "ward", "検査数字", "a slip in a code"),
        ({"address_code": "0720"}, "address_code", "11桁", "a part of a code"),
    ],
)
def test_what_says_nothing_is_told_what_to_add(
    typed: dict[str, str], field: str, words: str, because: str
) -> None:
    with pytest.raises(Unclear) as told:
        conditions.read(typed)
    assert words in told.value.problems[field], because


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("S60", date(1985, 1, 1), date(1985, 12, 31)),
        ("昭和64年", date(1989, 1, 1), date(1989, 1, 7)),
        ("平成元年", date(1989, 1, 8), date(1989, 12, 31)),
        ("1985年2月", date(1985, 2, 1), date(1985, 2, 28)),
        ("Ｓ６０．５．５", date(1985, 5, 5), date(1985, 5, 5)),
    ],
)
def test_a_birth_is_a_day_a_month_or_a_year(text: str, first: date, last: date) -> None:
    assert conditions.read({"born_from": text}).born == (first, last)


def test_what_was_typed_is_told_in_words() -> None:
    assert conditions.worded("blank", "building,card_number") == "方書、在留カード等の番号"
    assert conditions.worded("sex", "1") == "男"
    assert conditions.worded("kana", "カクウ") == "カクウ"


@given(st.dictionaries(st.sampled_from(list(conditions.FIELDS)), st.text(max_size=30)))
def test_whatever_is_typed_is_read_or_told(typed: dict[str, str]) -> None:
    found, problems = _read(typed)
    assert bool(found) != bool(problems)
    assert problems <= {"", *conditions.FIELDS}


def _read(typed: dict[str, str]) -> tuple[tuple[str, ...], set[str]]:
    """The fields that were read, or those with a problem."""
    try:
        return conditions.read(typed).used, set()
    except Unclear as unclear:
        return (), set(unclear.problems)

"""氏名: kept code point for code point; what cannot stand in a name is refused and named."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daicho.terms import names
from daicho.terms.malformed import Malformed
from daicho.terms.names import (
    AddedName,
    ForeignName,
    Name,
    Reading,
    checked,
    katakana,
    printed_characters,
    roman,
)

KEPT = [
    ("渡邉󠄀", "an IVS chooses the glyph of the 戸籍"),
    ("神", "NFC would make U+FA19 another character"),
    ("𠮷野", "beyond the basic plane"),
    ("髙﨑", "not JIS X 0208"),
    ("\ue000田", "外字 in private use: registered even if no glyph exists"),
    ("か\u3099", "a combining mark is not composed"),
    (" 山　田 ", "spaces stay, also at the ends"),
    ("", "a newborn not yet named"),
]

REFUSED = [
    ("山\n田", "U+000A", "a line end"),
    ("山\x00田", "U+0000", "a control character"),
    ("\ud842", "U+D842", "half of a surrogate pair"),
    ("山\u200b田", "U+200B", "invisible: two names would look alike"),
    ("\ufeff山田", "U+FEFF", "a byte order mark of an import file"),
    ("\u202e山田", "U+202E", "turns the direction of what follows"),
    ("山\u2028田", "U+2028", "a line separator"),
    ("山\uffff", "U+FFFF", "never a character"),
    ("\U000e0100辺", "U+E0100", "a selector with nothing to select"),
    ("辺\U000e0100\U000e0101", "U+E0101", "two selectors on one base"),
    ("　\U000e0100", "U+E0100", "a space has no variants"),
]


@pytest.mark.parametrize(("text", "because"), KEPT)
def test_a_name_is_kept_code_point_for_code_point(text: str, because: str) -> None:
    assert checked(text) == text, because
    assert Name(family=text).family == text, because


@pytest.mark.parametrize(("text", "named", "because"), REFUSED)
def test_what_cannot_stand_in_a_name_is_named_by_its_code_point(
    text: str, named: str, because: str
) -> None:
    with pytest.raises(Malformed) as refusal:
        Name(given=text)
    assert refusal.value.code == "name.forbidden_character", because
    assert f"（{named}、" in refusal.value.message, because
    assert "山" not in refusal.value.message, "the message never holds what was typed"


@given(st.text())
def test_checking_never_changes_a_name(text: str) -> None:
    with contextlib.suppress(Malformed):
        assert checked(text) == text


@pytest.mark.parametrize(
    ("family", "given", "joined"),
    [("住民", "太郎", "住民　太郎"), ("住民", "", "住民"), ("", "太郎", "太郎"), ("", "", "")],
)
def test_family_and_given_name_join_with_one_wide_space(
    family: str, given: str, joined: str
) -> None:
    assert Name(family, given).joined == joined


def test_a_foreign_name_puts_the_alphabet_first() -> None:
    assert ForeignName("ZHANG YULIN", "張　玉蓮").joined == "ZHANG YULIN　張　玉蓮"


@pytest.mark.parametrize(
    "text", ["", "ジュウミン", "チャン　ユウリン", "ヴィクトール", "ジョン・スミス"]
)
def test_full_width_katakana_is_a_reading(text: str) -> None:
    assert katakana(text) == text


@pytest.mark.parametrize(
    ("text", "because"),
    [
        ("じゅうみん", "hiragana"),
        ("ｼﾞｭｳﾐﾝ", "half width"),
        ("住民", "kanji"),
        ("ジュウミン タロウ", "half-width space"),
        ("ジュウミン　", "a space with nothing after it"),
        ("カ\u3099", "a mark apart from its letter"),
    ],
)
def test_what_is_not_full_width_katakana_is_no_reading(text: str, because: str) -> None:
    for attempt in (lambda: Reading(family=text), lambda: AddedName("旧氏", Reading(given=text))):
        with pytest.raises(Malformed) as refusal:
            attempt()
        assert refusal.value.code == "name.not_katakana", because


def test_a_half_width_space_in_a_reading_is_named() -> None:
    with pytest.raises(Malformed, match="半角の空白が入っています"):
        katakana("ジュウミン タロウ")


@pytest.mark.parametrize("text", ["O'BRIEN-SMITH JOSÉ", "ＺＨＡＮＧ　ＹＵＬＩ", "ŁUKASZ (JR.)", ""])
def test_latin_letters_with_their_signs_are_an_alphabet_name(text: str) -> None:
    assert roman(text) == text


@pytest.mark.parametrize("text", ["張", "ジョン", "ИВАН", "JOHN 2", "A\tB"])
def test_other_letters_and_figures_are_no_alphabet_name(text: str) -> None:
    with pytest.raises(Malformed):
        roman(text)


def test_a_selector_and_marks_print_with_their_base() -> None:
    assert printed_characters("渡邉󠄀か\u3099　𠮷") == ("渡", "邉󠄀", "か\u3099", "　", "𠮷")


@given(st.text())
def test_printed_characters_joined_are_the_text(text: str) -> None:
    assert "".join(printed_characters(text)) == text


def test_ordinary_letters_are_what_the_look_at_each_would_keep() -> None:
    ordinary = [chr(n) for n in range(0x110000) if names._ORDINARY.fullmatch(chr(n))]
    assert len(ordinary) > 20_000
    assert not [one for one in ordinary if names._refused_as(one, "")]

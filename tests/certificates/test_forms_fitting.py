"""Letters shrink, then break, then are refused; what has no glyph is refused with its character."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from certificates.households import PAPER, allowed, person
from daicho.certificates import font
from daicho.certificates.forms import Fit, Sheets, Unprintable, fit, household_copy
from daicho.certificates.forms.fitting import broken, room_em
from daicho.terms.names import printed_characters

ON = PAPER.issued_on
UNKNOWN = "近\U000e0199"  # a base that the font draws, with a selector that it does not know


class Squares:
    """A font in which every character is one em wide and 〓 alone is missing."""

    def advance(self, text: str) -> float:
        return float(len(printed_characters(text)))

    def missing(self, text: str) -> tuple[str, ...]:
        return ("〓",) if "〓" in text else ()


def _sheets(**cells: Any) -> Sheets:
    one = person(**cells)
    asked = frozenset({"residence_status", "nationality", "relationship"}) if one.is_foreign else ()
    return household_copy([one], allowed([one], asked=frozenset(asked)), PAPER, {})


def _fitted(**cells: Any) -> Fit:
    return fit(_sheets(**cells), font.face(), ON)


def _name_box(fitted: Fit) -> tuple[float, list[str]]:
    boxes = fitted.body["pages"][0]["grids"][1]["boxes"]
    at = next(n for n, box in enumerate(boxes) if box["lines"] == ["氏名"])
    return boxes[at + 1]["size_pt"], boxes[at + 1]["lines"]


def test_an_ordinary_name_stands_in_the_largest_letters_on_one_line() -> None:
    size, lines = _name_box(_fitted(family_name="架空", given_name="花子"))
    assert (size, lines) == (9.5, ["架空　花子"])


def test_a_long_name_shrinks_by_steps_before_it_breaks() -> None:
    size, lines = _name_box(_fitted(given_name="子" * 20))
    assert 5.5 <= size < 9.5
    assert len(lines) == 1
    size, lines = _name_box(_fitted(given_name="子" * 40))
    assert len(lines) == 2
    assert "".join(lines) == person(given_name="子" * 40).name.joined


def test_a_name_without_room_is_refused_and_listed() -> None:
    record = person(roman_name="A" * 100, kanji_name="漢" * 100, resident_class="foreign")
    fitted = fit(household_copy([record], allowed([record]), PAPER, {}), font.face(), ON)
    assert fitted.unprintable == (Unprintable(record.record_id, "name"),)
    assert [one.code for one in fitted.findings] == ["std5-8.overflow"]


def test_an_address_without_room_is_refused() -> None:
    fitted = _fitted(address_building="架" * 300)
    assert [(one.code, one.refuses) for one in fitted.findings] == [("std5-8.overflow", True)]


@pytest.mark.parametrize("character", [UNKNOWN, "\ue000", "\U0002fa1f", "😀"])
def test_a_character_without_a_glyph_is_refused_with_the_character(character: str) -> None:
    fitted = _fitted(given_name=f"花{character}子")
    assert [one.code for one in fitted.findings] == ["std5-8.no_glyph"]
    (unprintable,) = fitted.unprintable
    assert (unprintable.item, unprintable.characters) == ("name", (character,))
    _, lines = _name_box(fitted)
    assert character not in "".join(lines)


def test_what_the_municipality_prints_as_far_as_possible_asks_and_marks_the_place() -> None:
    foreign: dict[str, Any] = {"resident_class": "foreign", "nationality": f"架空{UNKNOWN}国"}
    fitted = _fitted(**foreign)
    assert [(one.code, one.refuses) for one in fitted.findings] == [
        ("std5-8.glyph_replaced", False)
    ]
    lines = [box["lines"] for box in fitted.body["pages"][0]["grids"][1]["boxes"]]
    assert ["架空〓国"] in lines


def test_a_line_end_in_a_text_is_refused() -> None:
    paper = replace(PAPER, issuer_name="架空\n太郎")
    sheets = household_copy([person()], allowed([person()]), paper, {})
    assert [one.code for one in fit(sheets, font.face(), ON).findings] == ["std5-8.no_glyph"]


@given(st.text(alphabet="亜い（）」。、Ａ邉\U000e010f", max_size=80), st.integers(2, 30))
def test_broken_lines_keep_the_text_and_the_width(text: str, room: int) -> None:
    lines = broken(Squares(), text, float(room))
    assert "".join(lines) == text
    assert all(Squares().advance(line) <= room for line in lines)
    assert not any(line.startswith("\U000e010f") for line in lines[1:])


def test_a_closing_bracket_does_not_begin_a_line() -> None:
    assert broken(Squares(), "ああああ」い", 4.0) == ("あああ", "あ」い")


def test_a_box_holds_what_its_width_says() -> None:
    assert room_em(25.4 + 2.0, 7.15) == pytest.approx(10.0)

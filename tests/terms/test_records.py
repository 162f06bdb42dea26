"""管理項目: the list is whole, each item is told of, and a record and its row are the same."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daicho.terms import dates, numbers
from daicho.terms.malformed import Malformed
from daicho.terms.records import (
    CODES,
    ITEMS,
    Blank,
    Cell,
    Item,
    Kind,
    Record,
    blank_items,
    code_text,
    difference,
    from_row,
    item_of,
    laid_on,
    problems,
    to_row,
)

ID = UUID("6f1c0a52-7d0e-4c57-9f0d-3b1d0a3c5e11")


def test_every_code_of_a_list_has_its_wording() -> None:
    for codes, rows in CODES.items():
        assert len(set(rows.values())) == len(rows), codes
        assert all(code_text(codes, code) for code in rows), codes
    assert code_text("sex", "2") == "女"
    assert code_text("sex", "") == ""


def cells_of(one: Item) -> st.SearchStrategy[Cell]:
    """Cells that the item can hold, blank among them."""
    cells = _CELLS[one.kind](one)
    if one.kind is Kind.FLAG:
        return cells
    return cells | (st.none() if one.read("") is None else st.just(""))


def _numbers(one: Item) -> st.SearchStrategy[Cell]:
    if one.number is numbers.parse_resident_record_code:
        bodies = st.text("0123456789", min_size=10, max_size=10).filter(lambda b: len(set(b)) > 1)
        return bodies.map(lambda b: b + numbers.resident_record_code_check_digit(b))
    if one.number is numbers.parse_local_government_code:
        return st.sampled_from(["131016", "011002"])
    if one.chars_max == 12:
        return st.from_regex("[A-Z]{2}[0-9]{8}[A-Z]{2}", fullmatch=True)
    return st.text("0123456789", min_size=one.chars_max, max_size=one.chars_max)


_NAMES = st.text("渡邉髙﨑𠮷山田　", min_size=1, max_size=4)
_CELLS: Mapping[Kind, Callable[[Item], st.SearchStrategy[Cell]]] = {
    Kind.TEXT: lambda one: _NAMES,
    Kind.NAME: lambda one: _NAMES,
    Kind.ADDRESS: lambda one: _NAMES,
    Kind.KANA: lambda one: st.text("アイウヴャー", min_size=1, max_size=9),
    Kind.ROMAN: lambda one: st.text("ABCZ '-", min_size=1, max_size=30),
    Kind.RELATIONSHIP: lambda one: st.sampled_from(["世帯主", "妻（未届）の子", "同居人"]),
    Kind.NUMBER: _numbers,
    Kind.CODE: lambda one: st.sampled_from(sorted(CODES[one.codes])),
    Kind.FLAG: lambda one: st.booleans(),
    Kind.COUNT: lambda one: st.integers(0, 99999).map(str),
    Kind.DATE: lambda one: st.dates(date(1873, 1, 1), date(2100, 1, 1)).map(date.isoformat),
    Kind.MONTH: lambda one: st.sampled_from(["2024-05", "1999-12"]),
    Kind.REGISTER_DATE: lambda one: st.sampled_from(
        ["2024-05-01", "unknown", "about_year:S35", "exact:M45-07-30", "unknown@1950-01-01"]
    ),
    Kind.ID: lambda one: st.uuids().map(str),
}


def a_cell(cell: Cell) -> Cell:
    """Widens the type of a drawn text to that of a cell."""
    return cell


rows_drawn = st.fixed_dictionaries(
    {"record_id": st.uuids().map(str).map(a_cell)},
    optional={
        one.column: cells_of(one)
        for one in ITEMS
        if one.kind is not Kind.ID and not one.column.endswith("_free_text")
    },
)


@given(rows_drawn)
def test_a_row_read_and_written_is_the_same_row(row: dict[str, Cell]) -> None:
    written = to_row(from_row(row))
    assert written == to_row(Record(record_id=UUID(str(row["record_id"])))) | row
    assert from_row(written) == from_row(row)
    assert list(written) == [one.column for one in ITEMS]


@given(rows_drawn, rows_drawn)
def test_cells_laid_on_a_record_are_laid_on_its_row(
    row: dict[str, Cell], cells: dict[str, Cell]
) -> None:
    before = from_row(row)
    assert laid_on(before, cells) == from_row({**to_row(before), **cells})
    assert laid_on(before, {}) == before


@given(rows_drawn, rows_drawn)
def test_the_difference_is_what_makes_one_record_the_other(
    row: dict[str, Cell], other: dict[str, Cell]
) -> None:
    before, after = from_row(row), from_row({**row, **other})
    old, new = to_row(before), to_row(after)
    assert difference(before, after) == {c: new[c] for c in new if new[c] != old[c]}
    assert laid_on(before, difference(before, after)) == after


def test_an_address_is_never_laid_on_its_other_form() -> None:
    in_parts: dict[str, Cell] = {"address_town": "松町"}
    as_text: dict[str, Cell] = {"address_free_text": "米国"}
    for record, cells in ((HANAKO, as_text), (YULIN, in_parts)):
        with pytest.raises(Malformed) as refusal:
            laid_on(record, cells)
        assert refusal.value.code == "address.both_forms"
    blank: dict[str, Cell] = {"address_prefecture": "", "address_lot": ""}
    assert laid_on(HANAKO, {**blank, **as_text}).address.text == "米国"


@given(rows_drawn)
def test_each_cell_fits_its_column(row: dict[str, Cell]) -> None:
    for column, cell in to_row(from_row(row)).items():
        assert cell is None or isinstance(cell, bool | str)
        assert not isinstance(cell, str) or len(cell) <= item_of(column).chars_max


REFUSED: list[tuple[dict[str, Cell], str, str, str]] = [
    ({"family_name": "山" * 51}, "family_name", "item.too_long", "longer than its column"),
    ({"family_name": "山\n田"}, "family_name", "name.forbidden_character", "a line end"),
    ({"given_name_kana": "たろう"}, "given_name_kana", "name.not_katakana", "hiragana"),
    ({"roman_name": "張"}, "roman_name", "name.not_roman", "kanji in the alphabet"),
    ({"relationship": "孫"}, "relationship", "relationship.forbidden_word", "outside 1.1.11"),
    ({"sex": "男"}, "sex", "item.code", "a wording where a code belongs"),
    ({"electoral_roll": "1"}, "electoral_roll", "item.form", "a flag is true or false"),
    ({"family_name": True}, "family_name", "item.form", "a name is no flag"),
    ({"notified_on": "2023-02-29"}, "notified_on", "date.not_in_calendar", "not in the calendar"),
    ({"notified_on": "令和6年5月1日"}, "notified_on", "item.form", "cells are ISO"),
    ({"born_on": "いつか"}, "born_on", "date.cell", "no cell of a date"),
    ({"child_allowance_from_month": "2024-13"}, "child_allowance_from_month", "item.form", "month"),
    ({"position": "-1"}, "position", "item.form", "a place is counted from 0"),
    ({"resident_record_code": "12345678901"}, "resident_record_code", "number.check_digit", "CD"),
    ({"nationality_code": "米"}, "nationality_code", "item.form", "letters and figures"),
    ({"record_id": "山田"}, "record_id", "item.form", "no id"),
    ({"record_id": None}, "record_id", "record.no_id", "a record has its key"),
    ({"individual_number": "1"}, "individual_number", "record.column", "never in the record"),
    (
        {"address_free_text": "米国", "address_town": "松町"},
        "address_free_text",
        "address.both_forms",
        "parts or free text",
    ),
]


@pytest.mark.parametrize(("cells", "column", "code", "because"), REFUSED)
def test_a_cell_that_cannot_be_is_refused_and_named(
    cells: dict[str, Cell], column: str, code: str, because: str
) -> None:
    row: dict[str, Cell] = {"record_id": str(ID), **cells}
    assert [(name, reason.code) for name, reason in problems(row)] == [(column, code)], because
    with pytest.raises(Malformed) as refusal:
        from_row(row)
    assert refusal.value.code == code, because


def test_all_problems_of_a_row_are_told_at_once() -> None:
    row: dict[str, Cell] = {"record_id": str(ID), "sex": "9", "address_postal_code": "12"}
    assert [column for column, _ in problems(row)] == ["sex", "address_postal_code"]


HANAKO = Record(
    record_id=ID,
    address_number="1",
    household_number="1",
    resident_class="japanese",
    state="living",
    family_name="住民",
    given_name="花子",
    born_on=dates.certain(date(1990, 1, 2)),
    registered_domicile="東京都日野市神明１番地",
    family_register_head="住民　花子",
    resident_since_on=dates.certain(date(2020, 4, 1)),
    address_prefecture="東京都",
    address_lot="１番地",
    resident_record_code="12345678903",
)
YULIN = Record(
    record_id=ID,
    address_number="2",
    household_number="1",
    resident_class="foreign",
    state="living",
    roman_name="ZHANG YULIN",
    kanji_name="張　玉蓮",
    foreign_name_kana="チャン　ユウリン",
    born_on=dates.certain(date(1990, 1, 2)),
    foreign_class="mid_to_long_term",
    foreign_resident_since_on=dates.certain(date(2020, 4, 1)),
    address_free_text="日野市神明１番地",
    resident_record_code="12345678903",
    residence_card_number="AB12345678CD",
)

NEVER_BLANK: list[tuple[Record, dict[str, object], list[str], str]] = [
    (HANAKO, {}, [], "all that 1.1.6 asks"),
    (YULIN, {}, [], "all that 1.1.6 asks of a 中長期在留者; 戸籍 is not hers to have"),
    (HANAKO, {"given_name": "", "sex": "", "notified_on": None}, [], "その他の項目は空欄を許容"),
    (HANAKO, {"address_number": "", "born_on": None}, ["address_number", "born_on"], "in order"),
    (
        HANAKO,
        {"family_register_head": ""},
        ["family_register_head"],
        "戸籍の表示 (なし is no blank)",
    ),
    (
        HANAKO,
        {"address_prefecture": "", "address_lot": ""},
        ["address_prefecture"],
        "住所 as a whole",
    ),
    (HANAKO, {"address_prefecture": ""}, [], "a part of an address may be blank"),
    (HANAKO, {"resident_record_code": ""}, ["resident_record_code"], "while living"),
    (HANAKO, {"resident_record_code": "", "state": "died"}, [], "除票の場合を除く"),
    (YULIN, {"foreign_resident_since_on": None}, ["foreign_resident_since_on"], "1.1.6"),
    (YULIN, {"residence_card_number": ""}, ["residence_card_number"], "later issue: law decides"),
    (YULIN, {"residence_card_number": "", "state": "moved_out"}, [], "除票の場合を除く"),
    (YULIN, {"foreign_class": "transitional_by_birth", "residence_card_number": ""}, [], "no card"),
    (YULIN, {"foreign_class": "temporary_refuge"}, ["landing_period"], "上陸期間 of the class"),
    (
        YULIN,
        {"foreign_class": "provisional_stay", "state": "closed"},
        ["provisional_stay_period"],
        "仮滞在期間 on the 除票 too",
    ),
    (
        YULIN,
        {"foreign_class": "special_permanent"},
        ["special_permanent_resident_certificate_number"],
        "the certificate's number",
    ),
    (YULIN, {"foreign_class": ""}, ["foreign_class"], "the statement of the class itself"),
]


@pytest.mark.parametrize(("record", "changed", "expected", "because"), NEVER_BLANK)
def test_blank_items_are_those_the_standard_forbids_to_be_blank(
    record: Record, changed: dict[str, object], expected: list[str], because: str
) -> None:
    found = blank_items(replace(record, **changed))  # type: ignore[arg-type]  # columns of Record
    assert [one.column for one in found] == expected, because


def test_a_blank_card_number_only_asks_for_an_alert() -> None:
    assert item_of("residence_card_number").blank is Blank.ALERT_WHILE_LIVING


def test_a_record_composes_its_values() -> None:
    assert HANAKO.name.joined == "住民　花子"
    assert HANAKO.address.written == "東京都１番地"
    assert HANAKO.is_living
    assert replace(HANAKO, relationship="子の妻").member.relationship is not None
    assert YULIN.name.joined == "ZHANG YULIN　張　玉蓮"
    assert YULIN.name_kana.joined == "チャン　ユウリン"
    assert YULIN.relation is None
    assert not replace(YULIN, state="remade").is_living


def test_one_heads_the_register_that_bears_ones_name() -> None:
    assert HANAKO.member.heads_family_register
    assert not replace(HANAKO, given_name="一郎").member.heads_family_register
    assert not YULIN.member.heads_family_register
    assert YULIN.member.family == ""


def test_members_of_one_family_register_are_one_family() -> None:
    brother = replace(HANAKO, given_name="一郎")
    assert brother.member.family == HANAKO.member.family != ""
    assert replace(HANAKO, registered_domicile="なし").member.family != HANAKO.member.family

"""不詳日: every pattern of standard 1.1.8, text to value to the same text, and the cell."""

from contextlib import suppress
from datetime import date, timedelta

import pytest
from hypothesis import given, reject
from hypothesis import strategies as st

from daicho.terms.dates import (
    CELL_LENGTH,
    TEXT_LENGTH,
    RegisterDate,
    allows,
    certain,
    certainly_before,
    display,
    from_cell,
    is_uncertain,
    parse_register_date,
    to_cell,
)
from daicho.terms.dates.patterns import PATTERNS, SEASONS, THIRDS, Pattern
from daicho.terms.eras import ERAS, GREGORIAN_FROM
from daicho.terms.malformed import Malformed

# text, pattern, cell, sort_on
WRITTEN = [
    ("令和6年頃", "about_year", "about_year:R6", "2024-01-01"),
    ("令和6年5月頃", "about_month", "about_month:R6-05", "2024-05-01"),
    ("令和6年5月10日頃", "about_day", "about_day:R6-05-10", "2024-05-10"),
    ("推定令和6年5月10日", "presumed_day", "presumed_day:R6-05-10", "2024-05-10"),
    ("推定令和6年5月", "presumed_month", "presumed_month:R6-05", "2024-05-01"),
    ("令和6年春", "season", "season:R6-spring", "2024-03-01"),
    ("令和6年夏", "season", "season:R6-summer", "2024-06-01"),
    ("令和6年秋", "season", "season:R6-autumn", "2024-09-01"),
    ("令和6年冬", "season", "season:R6-winter", "2024-01-01"),
    ("令和6年5月上旬", "third", "third:R6-05-early", "2024-05-01"),
    ("令和6年5月中旬", "third", "third:R6-05-middle", "2024-05-11"),
    ("令和6年2月下旬", "third", "third:R6-02-late", "2024-02-21"),
    ("令和6年5月中旬頃", "about_third", "about_third:R6-05-middle", "2024-05-11"),
    ("年月日不詳", "unknown", "unknown", "1873-01-01"),
    ("昭和35年 月日不詳", "year_only", "year_only:S35", "1960-01-01"),
    ("昭和35年2月 日不詳", "month_only", "month_only:S35-02", "1960-02-01"),
    (
        "令和6年5月28日から6月3日頃までの間",
        "between_about_end",
        "between_about_end:R6-05-28/06-03",
        "2024-05-28",
    ),
    (
        "令和6年5月推定3日から8日までの間",
        "between_presumed",
        "between_presumed:R6-05-03/08",
        "2024-05-03",
    ),
    (
        "令和6年5月3日頃から8日頃までの間",
        "between_about_both",
        "between_about_both:R6-05-03/08",
        "2024-05-03",
    ),
    ("平成31年2月29日", "not_in_calendar", "not_in_calendar:H31-02-29", "2019-02-28"),
    ("令和6年4月31日", "not_in_calendar", "not_in_calendar:R6-04-31", "2024-04-30"),
    ("明治45年7月30日", "exact", "exact:M45-07-30", "1912-07-30"),
    ("大正元年7月30日", "exact", "1912-07-30", "1912-07-30"),
    ("大正15年12月25日", "exact", "exact:T15-12-25", "1926-12-25"),
    ("令和6年5月1日", "exact", "2024-05-01", "2024-05-01"),
    ("1960年頃", "about_year", "about_year:1960", "1960-01-01"),
    ("1960年 月日不詳", "year_only", "year_only:1960", "1960-01-01"),
    ("昭和64年 月日不詳", "year_only", "year_only:S64", "1989-01-01"),
    ("平成元年 月日不詳", "year_only", "year_only:H1", "1989-01-08"),
    ("令和元年春", "season", "season:R1-spring", "2019-05-01"),
]

TYPED = [
    ("昭和35年月日不詳", "昭和35年 月日不詳", "the blank need not be typed"),
    ("昭和３５年　月日不詳", "昭和35年 月日不詳", "full-width figures and blank"),
    ("S35年ごろ", "昭和35年頃", "letter, and 頃 in kana"),
    ("西暦1960年ころ", "1960年頃", "西暦 is not part of the text"),
    ("推定 令和元年5月", "推定令和元年5月", "元 in a pattern"),
]

REFUSED = [
    ("昭和65年頃", "date.era_year", "昭和 ended in its year 64"),
    ("昭和64年2月頃", "date.era_day", "昭和 ended in January"),
    ("平成31年5月3日頃", "date.era_day", "令和 began on the 1st"),
    ("令和6年13月頃", "date.not_in_calendar", "no thirteenth month"),
    ("令和6年0月頃", "date.not_in_calendar", "no month zero"),
    ("平成31年2月29日頃", "date.not_in_calendar", "a pattern names days of the calendar"),
    ("令和6年5月32日", "date.not_in_calendar", "no month ever had a 32nd"),
    ("令和6年5月推定8日から3日までの間", "date.range_order", "ends before it begins"),
    ("令和6年5月推定3日から32日までの間", "date.not_in_calendar", "ends on no day"),
    ("明治5年頃", "date.before_gregorian", "the old calendar"),
    ("6年頃", "date.era_missing", "no era"),
    ("令和6年5月中頃", "date.form", "not in the standard's list"),
    ("昭和35年9月 日", "date.form", "half a pattern"),
]


@pytest.mark.parametrize(("text", "pattern", "cell", "sort_on"), WRITTEN)
def test_the_patterns_of_the_standard(text: str, pattern: str, cell: str, sort_on: str) -> None:
    value = parse_register_date(text)
    assert (value.text, value.pattern) == (text, pattern)
    assert to_cell(value) == cell
    assert from_cell(cell) == value
    assert value.sort_on.isoformat() == sort_on


@pytest.mark.parametrize(("typed", "text", "because"), TYPED)
def test_a_clerk_may_type(typed: str, text: str, because: str) -> None:
    assert parse_register_date(typed).text == text, because


@pytest.mark.parametrize(("text", "code", "because"), REFUSED)
def test_refuses(text: str, code: str, because: str) -> None:
    with pytest.raises(Malformed) as refusal:
        parse_register_date(text)
    assert refusal.value.code == code, because


def test_every_pattern_of_the_table_is_shown_above() -> None:
    assert {pattern for _, pattern, _, _ in WRITTEN} == set(PATTERNS)
    assert {cell.split("-")[-1] for _, pattern, cell, _ in WRITTEN if pattern == "season"} == set(
        SEASONS
    )


def test_every_row_of_the_table_says_why_and_where() -> None:
    assert all(row.because and row.cite and row.checked_on for row in PATTERNS.values())


# --- every value there can be ------------------------------------------------------------------


@st.composite
def register_dates(draw: st.DrawFn) -> RegisterDate:
    pattern = PATTERNS[draw(st.sampled_from(sorted(PATTERNS)))]
    places = pattern.places
    era = draw(st.sampled_from([row.letter for row in ERAS] + [""])) if "year" in places else ""
    years = st.integers(1873, 2100) if era == "" else st.integers(1, 64)
    try:
        return RegisterDate(
            pattern.code,
            era,
            draw(years) if "year" in places else 0,
            draw(st.integers(1, 12)) if "month" in places else 0,
            draw(_day_of(pattern)) if "day" in places else 0,
            draw(st.integers(1, 12)) if "to_month" in places else 0,
            draw(st.integers(1, 31)) if "to_day" in places else 0,
            draw(_word_of(pattern)),
        )
    except Malformed:
        reject()


def _day_of(pattern: Pattern) -> st.SearchStrategy[int]:
    return st.integers(1, 31) if pattern.in_calendar else st.integers(29, 31)


def _word_of(pattern: Pattern) -> st.SearchStrategy[str]:
    if "season" in pattern.places:
        return st.sampled_from(sorted(SEASONS))
    return st.sampled_from(sorted(THIRDS) if "third" in pattern.places else [""])


@given(register_dates())
def test_a_text_is_read_back_to_the_same_value_and_text(value: RegisterDate) -> None:
    again = parse_register_date(value.text)
    assert again == value
    assert again.text == value.text
    assert parse_register_date(value.written(first_year="1")) == value


@given(register_dates())
def test_a_cell_is_read_back_to_the_same_value(value: RegisterDate) -> None:
    cell = to_cell(value)
    assert from_cell(cell) == value
    assert cell.isascii()
    assert len(cell) <= CELL_LENGTH
    assert len(value.text) <= TEXT_LENGTH


@given(register_dates())
def test_the_internal_day_lies_in_the_period_named(value: RegisterDate) -> None:
    first_on, last_on = value.named
    assert GREGORIAN_FROM <= first_on <= value.sort_on <= last_on


@given(register_dates())
def test_western_and_wareki_texts_are_dates_again(value: RegisterDate) -> None:
    assert parse_register_date(value.in_western()).in_western() == value.in_western()
    assert parse_register_date(value.in_wareki()).in_western() == value.in_western()


@given(st.text(alphabet="exactunkow_:MTSHR0123456789-/@", max_size=30))
def test_a_cell_that_is_read_is_written_the_same(cell: str) -> None:
    with suppress(Malformed):
        assert to_cell(from_cell(cell)) == cell


CELLS_REFUSED = [
    ("", "nothing"),
    ("20240501", "only the ISO form with dashes is stored"),
    ("2019-02-29", "no day"),
    ("exact:R6-05-01", "a certain day has one cell, its ISO date"),
    ("exact:2024-05-01", "the same"),
    ("exact:Q6-05-01", "no such era"),
    ("about_year:S035", "zeros before the year"),
    ("about_year:S35-04", "a place the pattern does not have"),
    ("about_month:S35", "a place missing"),
    ("season:R6-early", "a word of another pattern"),
    ("sometime:R6", "no such pattern"),
    ("not_in_calendar:R6-02-29", "2024 has the day"),
    ("not_in_calendar:R6-04-30", "April has the day"),
    ("2024-05-01@2024-05-02", "a certain day needs no internal day"),
    ("year_only:S35@1961-01-01", "the internal day lies in another year"),
    ("unknown@1950-02-30", "the internal day is none"),
]


@pytest.mark.parametrize(("cell", "because"), CELLS_REFUSED)
def test_a_cell_that_was_never_written_is_refused(cell: str, because: str) -> None:
    with pytest.raises(Malformed) as refusal:
        from_cell(cell)
    assert refusal.value.code.startswith("date."), because


def test_an_internal_day_brought_along_is_kept_and_not_printed() -> None:
    value = from_cell("unknown@1950-01-01")
    assert value.sort_on == date(1950, 1, 1)
    assert value.text == "年月日不詳"
    assert to_cell(value) == "unknown@1950-01-01"


# --- what follows from uncertainty -------------------------------------------------------------


def test_a_plain_day_is_not_uncertain_and_nor_is_one_the_calendar_lacks() -> None:
    assert [code for code in PATTERNS if not is_uncertain(code)] == ["exact", "not_in_calendar"]
    assert certain(date(2024, 5, 1)).certain
    assert not parse_register_date("平成31年2月29日").certain
    assert parse_register_date("令和6年頃").uncertain


ALLOWED = [
    ("exact", "registered_on", "", True, "every item holds calendar days"),
    ("about_year", "registered_on", "", False, "E05: not an item of 1.1.8"),
    ("not_in_calendar", "registered_on", "", False, "E04: not an item of 1.1.8"),
    ("about_year", "born_on", "", True, "1.1.8 生年月日"),
    ("not_in_calendar", "born_on", "", True, "1.1.8 暦上日以外"),
    ("unknown", "resident_since_on", "", True, "1.1.8 住民となった年月日"),
    ("year_only", "address_since_on", "", True, "1.1.8 住所を定めた年月日"),
    ("month_only", "foreign_resident_since_on", "", True, "1.1.8 外国人住民となった年月日"),
    ("about_day", "occurred_on", "死亡", True, "1.1.8 死亡に係る異動日"),
    ("about_day", "occurred_on", "出生", True, "1.1.8 出生に係る異動日"),
    ("not_in_calendar", "occurred_on", "失踪", True, "1.1.8 失踪に係る異動日"),
    ("about_day", "occurred_on", "転入", False, "a moving-in has a day of the calendar"),
    ("exact", "occurred_on", "転入", True, "a day of the calendar"),
    ("about_day", "occurred_on", "", False, "the kind of change is not known"),
    ("unknown", "old_registration_on", "", True, "1.1.8 旧外登法による登録年月日"),
    ("not_in_calendar", "old_registration_on", "", False, "for it 1.1.8 allows 不詳日 only"),
]


@pytest.mark.parametrize(("code", "item", "change", "answer", "because"), ALLOWED)
def test_the_items_that_allow_it(
    code: str, item: str, change: str, answer: bool, because: str
) -> None:
    assert allows(code, item, change=change) is answer, because


BEFORE = [
    ("令和6年4月30日", "令和6年5月1日", True, "two known days"),
    ("令和6年5月1日", "令和6年5月1日", False, "the same day"),
    ("昭和35年 月日不詳", "昭和36年1月1日", True, "any day of the year lies before"),
    ("昭和35年 月日不詳", "昭和35年12月31日", False, "it may have been that day"),
    ("昭和35年頃", "令和6年5月1日", False, "頃 bounds nothing"),
    ("年月日不詳", "令和6年5月1日", False, "nothing is known"),
    ("平成31年2月29日", "平成31年3月1日", False, "the true day may be 1 March"),
    ("平成31年2月29日", "平成31年3月2日", True, "but no later"),
    ("昭和64年 月日不詳", "平成元年1月8日", True, "昭和64年 had seven days"),
]


@pytest.mark.parametrize(("earlier", "later", "answer", "because"), BEFORE)
def test_certainly_before(earlier: str, later: str, answer: bool, because: str) -> None:
    first, second = parse_register_date(earlier), parse_register_date(later)
    assert certainly_before(first, second) is answer, because


SHOWN = [
    ("1960年頃", False, "昭和35年頃", "a naturalised person is shown in 和暦"),
    ("昭和35年頃", True, "1960年頃", "a foreign resident in 西暦"),
    ("1989年 月日不詳", False, "平成元年 月日不詳", "51 of its 52 weeks were 平成"),
    ("1926年頃", False, "大正15年頃", "昭和 had a week of it"),
    ("1989年1月5日頃", False, "昭和64年1月5日頃", "the day named tells the era"),
    ("年月日不詳", True, "年月日不詳", "no year to convert"),
    ("平成31年2月29日", True, "2019年2月29日", "as entered, in Western years"),
]


@pytest.mark.parametrize(("typed", "foreign", "text", "because"), SHOWN)
def test_the_birth_is_shown_in_the_calendar_of_the_resident(
    typed: str, foreign: bool, text: str, because: str
) -> None:
    assert display(parse_register_date(typed), "born_on", foreign=foreign) == text, because


def test_a_day_the_calendar_lacks_is_its_neighbours() -> None:
    first_on, last_on = parse_register_date("平成31年2月30日").named
    assert (first_on, last_on) == (date(2019, 2, 28), date(2019, 3, 1))
    assert last_on - first_on == timedelta(days=1)

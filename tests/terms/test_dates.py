"""暦上日, 元号: certain days in 和暦 and 西暦, both ways."""

from contextlib import suppress
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daicho.terms.dates import certain, display, from_cell, parse, to_cell, wareki, western
from daicho.terms.eras import ERAS, GREGORIAN_FROM, era, era_of
from daicho.terms.malformed import Malformed

DAYS = st.dates(GREGORIAN_FROM, date(2999, 12, 31))

TYPED = [
    ("令和6年5月1日", date(2024, 5, 1), "as printed"),
    ("令和６年５月１日", date(2024, 5, 1), "full-width figures"),
    ("令和 6年 5月 1日", date(2024, 5, 1), "blanks to line the figures up"),
    ("R6.5.1", date(2024, 5, 1), "letter and full stops"),
    ("r6/05/01", date(2024, 5, 1), "small letter, strokes, zeros"),
    ("Ｒ６－５－１", date(2024, 5, 1), "full-width letter and dashes"),
    ("R060501", date(2024, 5, 1), "closed up"),
    ("令和060501", date(2024, 5, 1), "closed up after the name"),
    ("令和元年5月1日", date(2019, 5, 1), "first year as 元"),
    ("令和1年5月1日", date(2019, 5, 1), "first year as 1"),
    ("R元.5.1", date(2019, 5, 1), "元 after a letter"),
    ("2024-05-01", date(2024, 5, 1), "ISO"),
    ("20240501", date(2024, 5, 1), "ISO closed up"),
    ("2024/5/1", date(2024, 5, 1), "Western with strokes"),
    ("西暦2024年5月1日", date(2024, 5, 1), "Western said so"),
    ("明治6年1月1日", date(1873, 1, 1), "first day of the calendar of today"),
    ("明治45年7月30日", date(1912, 7, 30), "last day of 明治 (standard 1.1.8)"),
    ("大正1.7.30", date(1912, 7, 30), "the same day in 大正"),
    ("大正15年12月25日", date(1926, 12, 25), "last day of 大正 (standard 1.1.8)"),
    ("昭和1.12.25", date(1926, 12, 25), "the same day in 昭和"),
    ("昭和64年1月7日", date(1989, 1, 7), "last day of 昭和"),
    ("平成31年4月30日", date(2019, 4, 30), "last day of 平成"),
    ("平成12年2月29日", date(2000, 2, 29), "a leap day of a century"),
]

REFUSED = [
    ("昭和65年1月1日", "date.era_year", "昭和 ended in its year 64 (E11)"),
    ("令和0年5月1日", "date.era_year", "an era begins with year 1"),
    ("R20240501", "date.era_year", "a Western year behind a letter"),
    ("昭和64年1月8日", "date.era_day", "平成 began that day, no day shared"),
    ("平成31年5月1日", "date.era_day", "令和 began that day"),
    ("令和元年4月30日", "date.era_day", "still 平成"),
    ("明治45年7月31日", "date.era_day", "one day past the shared day"),
    ("大正元年7月29日", "date.era_day", "one day before the shared day"),
    ("平成31年2月29日", "date.not_in_calendar", "a common year"),
    ("2100-02-29", "date.not_in_calendar", "a century that is no leap year"),
    ("令和6年4月31日", "date.not_in_calendar", "April has 30 days"),
    ("令和6年13月1日", "date.not_in_calendar", "no thirteenth month"),
    ("令和6年5月0日", "date.not_in_calendar", "no day zero"),
    ("明治5年12月2日", "date.before_gregorian", "the old calendar cannot be counted into ours"),
    ("1872-12-31", "date.before_gregorian", "the same in Western figures"),
    ("6.5.1", "date.era_missing", "no era, and none was offered"),
    ("060501", "date.era_missing", "closed up without an era"),
    ("西暦24年5月1日", "date.western_year", "a Western year has four figures"),
    ("", "date.form", "nothing typed"),
    ("令和6年5月", "date.form", "no day, and no pattern of a certain day"),
    ("安政6年5月1日", "date.form", "an era the master does not have"),
    ("٢٠٢٤-05-01", "date.form", "figures of another script"),
    ("2024-05-01\n", "date.form", "a line break is not part of a date"),
]


@pytest.mark.parametrize(("text", "day", "because"), TYPED)
def test_a_clerk_may_type(text: str, day: date, because: str) -> None:
    assert parse(text) == day, because


@pytest.mark.parametrize(("text", "code", "because"), REFUSED)
def test_refuses(text: str, code: str, because: str) -> None:
    with pytest.raises(Malformed) as refusal:
        parse(text)
    assert refusal.value.code == code, because


@pytest.mark.parametrize("text", ["6.5.1", "060501", "6年5月1日"])
def test_reads_a_bare_date_only_with_the_era_asked_for(text: str) -> None:
    assert parse(text, default_era="R") == date(2024, 5, 1)
    assert parse(text, default_era="S") == date(1931, 5, 1)


def test_an_era_typed_overrules_the_default() -> None:
    assert parse("H6.5.1", default_era="R") == date(1994, 5, 1)


def test_the_refusal_never_holds_what_was_typed() -> None:
    said: dict[str, str] = {}
    for text, code, _ in REFUSED:
        with pytest.raises(Malformed) as refusal:
            parse(text)
        assert said.setdefault(code, str(refusal.value)) == str(refusal.value)
        assert refusal.value.__cause__ is None
        assert refusal.value.__context__ is None


def test_the_first_year_is_printed_as_the_municipality_wishes() -> None:
    assert wareki(date(2019, 5, 1)) == "令和元年5月1日"
    assert wareki(date(2019, 5, 1), first_year="1") == "令和1年5月1日"


def test_a_day_of_two_eras_is_printed_in_the_newer() -> None:
    assert wareki(date(1912, 7, 30)) == "大正元年7月30日"
    assert wareki(date(1926, 12, 25)) == "昭和元年12月25日"


def test_nothing_before_the_calendar_of_today_is_printed_in_wareki() -> None:
    with pytest.raises(Malformed):
        wareki(date(1872, 12, 31))


@given(DAYS)
def test_wareki_is_read_back(day: date) -> None:
    assert parse(wareki(day)) == day
    assert parse(wareki(day, first_year="1")) == day


@given(DAYS)
def test_western_is_read_back(day: date) -> None:
    assert parse(western(day)) == day


@given(DAYS)
def test_a_certain_date_is_its_iso_date_in_a_cell(day: date) -> None:
    value = certain(day)
    assert to_cell(value) == day.isoformat()
    assert from_cell(day.isoformat()) == value
    assert (value.sort_on, value.text) == (day, wareki(day))


@given(st.text() | st.text(alphabet="令和昭元年月日RSH西暦0123456789.-/", max_size=12))
def test_any_text_is_read_or_refused(text: str) -> None:
    with suppress(Malformed):
        assert parse(text) >= GREGORIAN_FROM


DISPLAYED = [
    ("born_on", False, "令和6年5月1日", "1.1.9: all dates in 和暦"),
    ("born_on", True, "2024年5月1日", "1.1.9: birth of a foreign resident"),
    ("period_of_stay_expires_on", True, "2024年5月1日", "1.1.9: last day of the period of stay"),
    ("foreign_resident_since_on", True, "令和6年5月1日", "1.1.9 names only the two"),
    ("address_since_on", True, "令和6年5月1日", "1.1.9 names only the two"),
]


@pytest.mark.parametrize(("item", "foreign", "text", "because"), DISPLAYED)
def test_the_calendar_shown_follows_the_item(
    item: str, foreign: bool, text: str, because: str
) -> None:
    assert display(certain(date(2024, 5, 1)), item, foreign=foreign) == text, because


def test_the_era_master_is_whole() -> None:
    assert [row.letter for row in ERAS] == ["M", "T", "S", "H", "R"]
    assert all(row.cite and row.checked_on for row in ERAS)
    assert len({row.name for row in ERAS}) == len(ERAS)


def test_the_eras_leave_no_day_out() -> None:
    for elder, newer in pairwise(ERAS):
        assert elder.last_on in (newer.first_on, newer.first_on - timedelta(days=1))
    assert ERAS[-1].last_on is None


def test_an_era_begins_on_its_first_day() -> None:
    for row in ERAS[1:]:
        assert era_of(row.first_on) is row
        assert era_of(row.first_on - timedelta(days=1)) is not row
        assert era(row.letter) is era(row.name) is row

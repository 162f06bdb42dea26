"""Periods: properties of counting, and that the holiday table agrees with the Act that makes it."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daicho.law.periods import (
    COVERED_YEARS,
    NATIONAL_HOLIDAYS,
    due_on,
    elapsed_on,
    is_closed,
    is_late,
    last_day,
    period,
)
from daicho.law.rule import NoLawOnThatDay
from daicho.law.tables import table

DAY = timedelta(days=1)
COVERED = st.dates(date(COVERED_YEARS[0], 1, 1), date(COVERED_YEARS[-1], 12, 1))
LATE_ENOUGH = date(2026, 11, 21)
NAMED = {d: n for d, n in NATIONAL_HOLIDAYS.items() if n not in ("振替休日", "国民の休日")}
FIXED = {
    "元日": (1, 1),
    "建国記念の日": (2, 11),
    "昭和の日": (4, 29),
    "憲法記念日": (5, 3),
    "みどりの日": (5, 4),
    "こどもの日": (5, 5),
    "文化の日": (11, 3),
    "勤労感謝の日": (11, 23),
}


@given(from_on=COVERED)
def test_a_due_day_is_open_and_never_before_the_day_counted_to(from_on: date) -> None:
    due = due_on("moved_in", from_on, on=LATE_ENOUGH)
    assert due.counted_to == from_on + 14 * DAY
    assert due.due_on is not None
    assert is_closed(due.due_on, on=LATE_ENOUGH) is False
    skipped = (due.due_on - due.counted_to).days
    assert all(is_closed(due.counted_to + n * DAY, on=LATE_ENOUGH) for n in range(skipped))


@given(from_on=COVERED, after_days=st.integers(0, 60))
def test_once_late_a_notification_stays_late(from_on: date, after_days: int) -> None:
    due = due_on("moved_in", from_on, on=LATE_ENOUGH)
    received_on = from_on + after_days * DAY
    if is_late(due, received_on, on=LATE_ENOUGH):
        assert is_late(due, received_on + DAY, on=LATE_ENOUGH)


@given(from_on=st.dates(date(2000, 1, 1), date(2100, 1, 1)), after_days=st.integers(0, 90))
def test_beyond_the_table_only_what_is_certain_is_said(from_on: date, after_days: int) -> None:
    due = due_on("moved_in", from_on, on=LATE_ENOUGH)
    late = is_late(due, from_on + after_days * DAY, on=LATE_ENOUGH)
    if late is None:
        assert due.due_on is None
        assert 14 < after_days <= 14 + 31
    elif late:
        assert after_days > 14
    elif after_days > 14:
        assert due.due_on is not None


@given(from_on=st.dates(date(1990, 1, 1), date(2100, 1, 1)))
def test_the_day_on_which_days_have_passed_follows_the_last_day(from_on: date) -> None:
    for code in ("special_moved_in_planned", "special_moved_in_settled"):
        last = last_day(code, from_on, on=LATE_ENOUGH)
        assert elapsed_on(code, from_on, on=LATE_ENOUGH) == last + DAY


@pytest.mark.parametrize("year", COVERED_YEARS)
def test_a_holiday_on_a_sunday_has_its_substitute(year: int) -> None:
    due = {_next_ordinary_day(day) for day in NAMED if day.weekday() == 6 and day.year == year}
    assert due == {d for d, n in NATIONAL_HOLIDAYS.items() if n == "振替休日" and d.year == year}


def _next_ordinary_day(day: date) -> date:
    while day in NAMED:
        day += DAY
    return day


@pytest.mark.parametrize("year", COVERED_YEARS)
def test_a_day_between_two_holidays_is_one(year: int) -> None:
    between = {
        day + DAY
        for day in NAMED
        if day.year == year and day + DAY not in NAMED and day + 2 * DAY in NAMED
    }
    free = {d for d in between if d.weekday() != 6 and NATIONAL_HOLIDAYS.get(d) != "振替休日"}
    assert free == {d for d, n in NATIONAL_HOLIDAYS.items() if n == "国民の休日" and d.year == year}


@pytest.mark.parametrize("year", COVERED_YEARS)
@pytest.mark.parametrize("name", FIXED)
def test_a_holiday_with_a_fixed_day_stands_on_it_each_year(year: int, name: str) -> None:
    assert NAMED[date(year, *FIXED[name])] == name


@pytest.mark.parametrize("year", COVERED_YEARS)
def test_a_year_has_its_sixteen_holidays(year: int) -> None:
    # 2015: before 山の日; 2019: no 天皇誕生日 but the two days of the enthronement.
    wanted = {2015: 15, 2019: 17}.get(year, 16)
    assert sum(day.year == year for day in NAMED) == wanted


def test_each_holiday_rests_on_the_provision_that_makes_it() -> None:
    for row in table("holidays"):
        statute = row.cites[0].statute_key
        paragraph = {"振替休日": 2, "国民の休日": 3}.get(row.text("name"), 0)
        assert statute in ("NHA", "OPA", "ENTH")
        assert row.cites[0].paragraph == paragraph


def test_a_period_that_no_law_of_the_day_has_is_not_guessed() -> None:
    with pytest.raises(NoLawOnThatDay, match=r"periods\.toml has no 'arrived' in force"):
        period("arrived", date(2012, 7, 8))
    assert period("arrived", date(2012, 7, 9)).period_days == 14

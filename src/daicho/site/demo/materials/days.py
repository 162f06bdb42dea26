"""日付: days as ordinals, the cells they are written in, and the days the office is open.

A town of a million is a million times a handful of days, so each is reckoned once and kept.
"""

from datetime import date
from functools import lru_cache

from daicho.law.periods import is_closed
from daicho.terms.eras import era_of

YEAR_DAYS = 365.2425
_KEPT = 200_000  # more days than any life spans


def ordinal(year: int, month: int, day: int) -> int:
    """The day as the number all histories reckon with."""
    return date(year, month, day).toordinal()


# The days on which the law changed what a register holds, as the histories show them.
ACT_FROM = ordinal(1968, 4, 1)  # first entries under the Act, for those who lived here before
FOREIGN_FROM = ordinal(2012, 7, 9)  # foreign residents enter the register
NUMBER_FROM = ordinal(2015, 10, 5)  # 個人番号
FORMER_NAME_FROM = ordinal(2019, 11, 5)  # 旧氏
READING_FROM = ordinal(2025, 5, 26)  # 氏名の振り仮名


@lru_cache(maxsize=_KEPT)
def iso(day: int) -> str:
    """The cell of a day."""
    return date.fromordinal(day).isoformat()


@lru_cache(maxsize=_KEPT)
def wareki(day: int) -> str:
    """The day as remarks write it: 令和6年5月1日."""
    its = date.fromordinal(day)
    era = era_of(its)
    year = its.year - era.first_on.year + 1
    return f"{era.name}{'元' if year == 1 else year}年{its.month}月{its.day}日"


@lru_cache(maxsize=_KEPT)
def open_day(day: int) -> int:
    """The first day from `day` on that the office is open; weekdays where no table of holidays
    says more."""
    while _shut(date.fromordinal(day)):
        day += 1
    return day


def _shut(day: date) -> bool:
    closed = is_closed(day, on=day) if day.year >= 1989 else None
    turn_of_year = (day.month, day.day) >= (12, 29) or (day.month, day.day) <= (1, 3)
    return turn_of_year or day.weekday() >= 5 if closed is None else closed


UNCERTAIN = (
    "about_year",
    "about_month",
    "about_day",
    "presumed_day",
    "presumed_month",
    "season",
    "third",
    "about_third",
    "unknown",
    "year_only",
    "month_only",
    "between_about_end",
    "between_presumed",
    "between_about_both",
    "not_in_calendar",
)
"""不詳日 and days outside the calendar: every way a birth can be written but the certain one."""


def uncertain_cell(pattern: str, day: int, *, western: bool) -> str:
    """The cell of a birth about `day` in one of the patterns; Western years for foreign residents,
    and for the years that two eras share.
    """
    its = date.fromordinal(day)
    era = era_of(date(its.year, 1, 1))
    western = western or era_of(date(its.year, 12, 31)) != era
    year = str(its.year) if western else f"{era.letter}{its.year - era.first_on.year + 1}"
    month = f"{its.month:02}"
    figures = {
        "about_year": "",
        "year_only": "",
        "about_month": f"-{month}",
        "presumed_month": f"-{month}",
        "month_only": f"-{month}",
        "about_day": f"-{month}-15",
        "presumed_day": f"-{month}-15",
        "season": "-summer",
        "third": f"-{month}-early",
        "about_third": f"-{month}-middle",
        "between_about_end": f"-{month}-10/{month}-25",
        "between_presumed": f"-{month}-10/12",
        "between_about_both": f"-{month}-20/22",
        "not_in_calendar": "-04-31",
    }
    if pattern == "unknown":
        return f"unknown@{its.year}-01-01"
    return f"{pattern}:{year}{figures[pattern]}"

"""年月日の読み書き: from a clerk's keyboard to a date of the register, and to screens and paper."""

import re
from datetime import date

from daicho.terms.calendar_dates import (
    days_in_month,
    not_in_calendar,
    read_figures,
    read_year,
    western_year,
)
from daicho.terms.dates.patterns import PATTERNS, WORDS, is_western
from daicho.terms.dates.value import RegisterDate, certain, from_found
from daicho.terms.typed import plain

_WRITTEN_BY_FIGURES = frozenset({"exact", "not_in_calendar"})
_CODES_OF_WORDS = {row.word: code for code, row in WORDS.items()}


def parse_register_date(text: str, *, default_era: str | None = None) -> RegisterDate:
    """年月日の読取り: a date typed as a certain day (see `parse`) or in any pattern.

    A day that the calendar does not have is read as `not_in_calendar`: the form asks `allows`
    whether its item may hold what was read. Malformed: the codes of `parse`, date.range_order.
    """
    typed = plain(text).replace("ごろ", "頃").replace("ころ", "頃")
    for pattern in PATTERNS.values():
        match = pattern.regex.fullmatch(typed)
        if match and pattern.code not in _WRITTEN_BY_FIGURES:
            return _from_match(pattern.code, match, default_era)
    return _from_figures(typed, default_era)


def _from_match(pattern: str, match: re.Match[str], default_era: str | None) -> RegisterDate:
    found = match.groupdict("")
    if any(figures.strip("0") == "" for figures in found.values() if figures.isdigit()):
        raise not_in_calendar()
    letter, year = "", 0
    if "year" in found:
        letter, year = read_year(found["era"] or None, found["year"], default_era)
    word = _CODES_OF_WORDS.get(found.get("word", ""), "")
    return from_found(pattern, found, era=letter, year=year, word=word)


def _from_figures(typed: str, default_era: str | None) -> RegisterDate:
    letter, year, month, day = read_figures(typed, default_era)
    its_year = western_year(letter, year)
    if not 1 <= month <= 12 or not 1 <= day <= 31:
        raise not_in_calendar()
    if day > days_in_month(its_year, month):
        return RegisterDate("not_in_calendar", letter, year, month, day)
    if not letter:
        return certain(date(its_year, month, day))
    return RegisterDate("exact", letter, year, month, day)


def display(
    value: RegisterDate, item: str, *, foreign: bool = False, first_year: str = "元"
) -> str:
    """表示・印字: the text of `item` of a (`foreign`) resident on screens and paper.

    和暦, but the birth of foreign residents and the last day of their period of stay in 西暦
    (standard 1.1.9). `first_year` is what the municipality prints for the first year of an era.
    """
    if is_western(item, foreign=foreign):
        return value.in_western()
    return value.in_wareki(first_year=first_year)


def certainly_before(earlier: RegisterDate, later: RegisterDate) -> bool:
    """確実な前後: whether `earlier` lies before `later` whatever the true days are.

    False where 頃, 推定 or 不詳 leaves it open: an error may not stand on an internal day.
    """
    if earlier.bounds is None or later.bounds is None:
        return False
    return earlier.bounds[1] < later.bounds[0]

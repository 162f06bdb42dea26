"""暦上日: certain calendar days, written in 和暦 or 西暦 and read as a clerk types them."""

import re
from datetime import date
from typing import NamedTuple

from daicho.terms.eras import ERA_WORDS, GREGORIAN_FROM, before_gregorian, era, era_of
from daicho.terms.malformed import Malformed
from daicho.terms.typed import plain

ERA = rf"(?P<era>西暦|{'|'.join(ERA_WORDS)})?"
_ISO = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_SPELLED = re.compile(
    rf"{ERA}(?P<year>元|[0-9]{{1,4}})[-年./](?P<month>[0-9]{{1,2}})[-月./](?P<day>[0-9]{{1,2}})日?"
)
_CLOSED_UP = re.compile(
    rf"{ERA}(?P<year>[0-9]{{4}}|[0-9]{{2}})(?P<month>[0-9]{{2}})(?P<day>[0-9]{{2}})"
)


class Figures(NamedTuple):
    """年月日の数字: a date as written, unchecked. `era` is a letter, "" for the Western year."""

    era: str
    year: int
    month: int
    day: int


def wareki(day: date, *, first_year: str = "元") -> str:
    """和暦: `day` as 令和6年5月1日; the first year of an era is printed `first_year` (元 or 1).

    Standard 1.1.9. Malformed before 明治6年1月1日.
    """
    name, year = wareki_year(day, first_year=first_year)
    return f"{name}{year}年{day.month}月{day.day}日"


def wareki_year(day: date, *, first_year: str = "元") -> tuple[str, str]:
    """和暦の年: name of the era and year of `day` as printed, ("令和", "元")."""
    its_era = era_of(day)
    return its_era.name, era_year(day.year - its_era.first_on.year + 1, first_year=first_year)


def era_year(year: int, *, first_year: str = "元") -> str:
    """元号の年: the year of an era as printed, 元 for 1 unless the municipality prints 1."""
    return first_year if year == 1 else str(year)


def western(day: date) -> str:
    """西暦: `day` as 2024年5月1日, for the two items of standard 1.1.9 (see `dates.display`)."""
    return f"{day.year}年{day.month}月{day.day}日"


def parse(text: str, *, default_era: str | None = None) -> date:
    """暦上日の読取り: the calendar day that a clerk types.

    Read are 令和6年5月1日, R6.5.1, R060501, 2024-05-01, 2024/5/1, 20240501, 元年, and full-width
    figures. A bare 6.5.1 or 060501 is read only with `default_era` ("R").
    Malformed: date.form, date.era_missing, date.era_year, date.era_day, date.western_year,
    date.not_in_calendar, date.before_gregorian.
    """
    if _ISO.fullmatch(text) and (day := _iso_day(text)):
        return day
    figures = read_figures(plain(text), default_era)
    return calendar_day(figures)


def _iso_day(text: str) -> date | None:
    """The day of a cell of a register, which are many; None where there is something to refuse."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if day.year >= GREGORIAN_FROM.year else None


def read_figures(text: str, default_era: str | None) -> Figures:
    """年月日の数字の読取り: the figures of `text` (already plain), with the era they are in."""
    match = _SPELLED.fullmatch(text) or _CLOSED_UP.fullmatch(text)
    if match is None:
        raise Malformed(
            "date.form",
            "日付として読めません。令和6年5月1日、R6.5.1、2024-05-01 のように入力してください。",
        )
    letter, year = read_year(match["era"], match["year"], default_era)
    return Figures(letter, year, int(match["month"]), int(match["day"]))


def read_year(word: str | None, year: str, default_era: str | None) -> tuple[str, int]:
    """年の読取り: letter of the era ("" = 西暦) and year, from the two as typed."""
    if word is None and len(year) < 4:
        word = default_era
        if word is None:
            raise Malformed(
                "date.era_missing",
                "元号がありません。令和・平成などの元号か、西暦4桁の年を付けてください。",
            )
    if word is None or word == "西暦":
        if len(year) < 4:
            raise Malformed("date.western_year", "西暦の年は4桁で入力してください。")
        return "", int(year)
    return era(word).letter, 1 if year == "元" else int(year)


def western_year(letter: str, year: int) -> int:
    """西暦年: the Western year of `year` in the era `letter` ("" = already Western)."""
    if letter:
        return era(letter).western_year(year)
    if year < GREGORIAN_FROM.year:
        raise before_gregorian()
    return year


def calendar_day(figures: Figures) -> date:
    """暦上日: the real day of `figures`; Malformed if there is none or its era had other days."""
    year = western_year(figures.era, figures.year)
    if not 1 <= figures.month <= 12 or not 1 <= figures.day <= days_in_month(year, figures.month):
        raise not_in_calendar()
    day = date(year, figures.month, figures.day)
    check_era(figures.era, day, day)
    return day


def check_era(letter: str, first_on: date, last_on: date) -> None:
    """元号の期間の確認: Malformed if the era `letter` had no day from `first_on` to `last_on`."""
    if letter and not era(letter).meets(first_on, last_on):
        raise Malformed(
            "date.era_day",
            "その日はその元号の期間にありません。元号を確かめて入力し直してください。",
        )


def days_in_month(year: int, month: int) -> int:
    """月の日数: days of a month of a Western year."""
    if month == 12:
        return 31
    return (date(year, month + 1, 1) - date(year, month, 1)).days


def not_in_calendar() -> Malformed:
    """暦にない日: the refusal of a day that its month does not have."""
    return Malformed(
        "date.not_in_calendar", "暦にない日です。月と日を確かめて入力し直してください。"
    )

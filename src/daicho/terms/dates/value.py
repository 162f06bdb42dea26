"""年月日の値: a date as the register writes it; what its figures must be. Door: `dates`."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from daicho.terms.calendar_dates import (
    check_era,
    days_in_month,
    era_year,
    not_in_calendar,
    wareki_year,
    western_year,
)
from daicho.terms.dates.patterns import PATTERNS, SEASONS, THIRDS, WORDS, Pattern, Precision
from daicho.terms.eras import ERAS, GREGORIAN_FROM, before_gregorian, era, era_of
from daicho.terms.malformed import Malformed

NUMBERS = ("year", "month", "day", "to_month", "to_day")
_LETTERS = frozenset(era.letter for era in ERAS)


@dataclass(frozen=True)
class RegisterDate:
    """年月日: a date as the register writes it (standard 1.1.8), certain or not.

    A value is its pattern and the figures as entered: `era` is the letter of an era or "" for the
    Western year, 0 a place the pattern does not have, `word` a season or third of a month.
    `internal_on` is the internal day an uncertain date brought along (an import), if any.
    Made by `dates.certain`, `dates.parse_register_date` and `dates.from_cell`. Figures that cannot
    be are Malformed, so that each value has a text, a cell and a place in the order.
    """

    pattern: str
    era: str = ""
    year: int = 0
    month: int = 0
    day: int = 0
    to_month: int = 0
    to_day: int = 0
    word: str = ""
    internal_on: date | None = None

    def __post_init__(self) -> None:
        _check_places(self)
        if self.year:
            _check_figures(self)
        if self.internal_on is not None:
            _check_internal_day(self, self.internal_on)

    @property
    def row(self) -> Pattern:
        """書き方: the row of the pattern table."""
        return PATTERNS[self.pattern]

    @property
    def certain(self) -> bool:
        """暦上日: whether this is one known day of the calendar, the ordinary case."""
        return self.pattern == "exact"

    @property
    def uncertain(self) -> bool:
        """不詳日: whether the standard lists the pattern as uncertain."""
        return self.row.uncertain

    @property
    def precision(self) -> Precision:
        """精度: the period that the text names."""
        return self.row.precision

    # Reckoned once: dates repeat by the thousand in a register that is read as a whole.
    @cached_property
    def named(self) -> tuple[date, date]:
        """書かれた期間: first and last day of the period the text names."""
        if not self.year:
            return GREGORIAN_FROM, date.max
        first_on, last_on = _figures_period(self)
        if self.era and "day" not in self.row.places:
            its_era = era(self.era)
            return max(first_on, its_era.first_on), min(last_on, its_era.last_on or date.max)
        return first_on, last_on

    @property
    def bounds(self) -> tuple[date, date] | None:
        """確かな期間: first and last day it can have been; None where 頃, 推定, 不詳 open it."""
        return self.named if self.row.bounded else None

    @cached_property
    def sort_on(self) -> date:
        """内部日付: the real day for order and reckoning. Never printed unless `certain`."""
        if self.internal_on is not None:
            return self.internal_on
        first_on, last_on = self.named
        if self.precision is not Precision.SEASON:
            return first_on
        season_on = date(first_on.year, SEASONS[self.word].sort_month, 1)
        return min(max(season_on, first_on), last_on)

    @property
    def text(self) -> str:
        """表示: the Japanese text as entered: 令和6年5月1日, 昭和35年 月日不詳, 1960年頃."""
        return self.written()

    def written(self, *, first_year: str = "元") -> str:
        """表示: `text` with the first year of an era as `first_year` (元 or 1)."""
        if not self.era:
            return self._filled(str(self.year))
        return self._filled(era(self.era).name + era_year(self.year, first_year=first_year))

    def in_wareki(self, *, first_year: str = "元") -> str:
        """和暦: the text with its year in an era. Of the eras that share a Western year: the one of
        the day named, or else of the middle day of the period named.
        """
        if self.era or not self.year:
            return self.written(first_year=first_year)
        first_on, last_on = self.named
        middle_on = first_on + (last_on - first_on) // 2
        told_by = first_on if "day" in self.row.places else middle_on
        return self._filled("".join(wareki_year(told_by, first_year=first_year)))

    def in_western(self) -> str:
        """西暦: the text with its year in the Western count (昭和35年頃 -> 1960年頃)."""
        return self._filled(str(western_year(self.era, self.year)) if self.year else "")

    def _filled(self, year: str) -> str:
        word = WORDS[self.word].word if self.word else ""
        numbers = {name: getattr(self, name) for name in NUMBERS[1:]}
        return self.row.template.format(year=year, season=word, third=word, **numbers)


TEXT_LENGTH = 40
"""表示の長さ: characters a column needs for `RegisterDate.text`."""


def certain(day: date) -> RegisterDate:
    """暦上日: the ordinary date, one known day, written in the era of the day."""
    its_era = era_of(day)
    return RegisterDate(
        "exact", its_era.letter, day.year - its_era.first_on.year + 1, day.month, day.day
    )


def from_found(
    pattern: str,
    found: dict[str, str],
    *,
    era: str,
    year: int,
    word: str,
    internal_on: date | None = None,
) -> RegisterDate:
    """照合結果から: the date of the groups `found` by a pattern's regex; a group not found is 0."""
    month, day, to_month, to_day = (
        int(found.get(name) or 0) for name in ("month", "day", "to_month", "to_day")
    )
    return RegisterDate(pattern, era, year, month, day, to_month, to_day, word, internal_on)


def _check_places(value: RegisterDate) -> None:
    """Every place of the pattern filled, no other; the era and the word known ones."""
    pattern = PATTERNS.get(value.pattern)
    if pattern is None or not (
        {name for name in NUMBERS if getattr(value, name)} == pattern.places & set(NUMBERS)
        and value.word in _words(pattern)
        and value.era in _letters(pattern)
    ):
        raise Malformed(
            "date.places", "年月日の書き方と記入が合いません。書き方を選び直してください。"
        )


def _words(pattern: Pattern) -> frozenset[str]:
    if "season" in pattern.places:
        return frozenset(SEASONS)
    return frozenset(THIRDS) if "third" in pattern.places else frozenset({""})


def _letters(pattern: Pattern) -> frozenset[str]:
    """A certain day always carries its era: one day, one value, but for the days of two eras."""
    if "year" not in pattern.places:
        return frozenset({""})
    return _LETTERS if pattern.code == "exact" else _LETTERS | {""}


def _check_figures(value: RegisterDate) -> None:
    year = western_year(value.era, value.year)
    if year > date.max.year or not _days_possible(value, year):
        raise not_in_calendar()
    first_on, last_on = _figures_period(value)
    if first_on < GREGORIAN_FROM:
        raise before_gregorian()
    if last_on < first_on:
        raise Malformed(
            "date.range_order", "期間の終わりが始まりより前です。入力し直してください。"
        )
    check_era(value.era, first_on, first_on if value.day else last_on)


def _days_possible(value: RegisterDate, year: int) -> bool:
    if "month" not in value.row.places:
        return True
    if not 1 <= value.month <= 12 or not 1 <= (value.to_month or value.month) <= 12:
        return False
    if value.to_day and not 1 <= value.to_day <= days_in_month(year, value.to_month or value.month):
        return False
    last = days_in_month(year, value.month)
    return 0 <= value.day <= last if value.row.in_calendar else last < value.day <= 31


def _figures_period(value: RegisterDate) -> tuple[date, date]:
    """First and last day of the figures, before the era cuts a year or a month."""
    year = western_year(value.era, value.year)
    if not value.month:
        return date(year, 1, 1), date(year, 12, 31)
    last = days_in_month(year, value.month)
    month_end = date(year, value.month, last)
    if not value.row.in_calendar:
        return month_end, month_end + timedelta(days=1)
    if value.word:
        third = THIRDS[value.word]
        return (
            date(year, value.month, third.first_day),
            date(year, value.month, min(third.last_day, last)),
        )
    if not value.day:
        return date(year, value.month, 1), month_end
    first_on = date(year, value.month, value.day)
    if value.to_day:
        return first_on, date(year, value.to_month or value.month, value.to_day)
    return first_on, first_on


def _check_internal_day(value: RegisterDate, internal_on: date) -> None:
    first_on, last_on = value.bounds or (GREGORIAN_FROM, date.max)
    if value.certain or not first_on <= internal_on <= last_on:
        raise Malformed(
            "date.internal_day",
            "内部で用いる日が年月日の表す期間にありません。期間内の日を入力してください。",
        )

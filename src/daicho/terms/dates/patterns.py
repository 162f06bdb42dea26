"""年月日の書き方: the patterns, words and items of `patterns.toml`."""

import re
import tomllib
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property
from importlib.resources import files
from string import Formatter
from typing import Any

from daicho.terms.calendar_dates import ERA
from daicho.terms.typed import plain

_TABLE: dict[str, list[dict[str, Any]]] = tomllib.loads(
    files(__package__).joinpath("patterns.toml").read_text("utf-8")
)


class Precision(StrEnum):
    """精度: the period that the text of a date names."""

    DAY = "day"
    RANGE = "range"
    THIRD = "third"
    SEASON = "season"
    MONTH = "month"
    YEAR = "year"
    NONE = "none"


@dataclass(frozen=True)
class Pattern:
    """年月日の書き方: one row of the standard's list 不詳日入力一覧 (1.1.8), or a plain day."""

    code: str
    template: str
    precision: Precision
    uncertain: bool
    in_calendar: bool
    bounded: bool
    because: str
    cite: str
    checked_on: date

    @cached_property
    def places(self) -> frozenset[str]:
        """記入欄: the places of the template: year, month, day, to_month, to_day, season, third."""
        return frozenset(name for _, name, _, _ in Formatter().parse(self.template) if name)

    @cached_property
    def regex(self) -> re.Pattern[str]:
        """読取り式: what a plain text of this pattern looks like, places as named groups."""
        written = "".join(
            re.escape(plain(literal)) + (_PLACES[name] if name else "")
            for literal, name, _, _ in Formatter().parse(self.template)
        )
        return re.compile(written)


@dataclass(frozen=True, slots=True)
class Season:
    """季節: a season named instead of a month; `sort_month` stands for it in order only."""

    code: str
    word: str
    sort_month: int
    because: str


@dataclass(frozen=True, slots=True)
class Third:
    """旬: ten days of a month, from `first_day` to `last_day` or the end of the month."""

    code: str
    word: str
    first_day: int
    last_day: int


PATTERNS = {
    row["code"]: Pattern(**row | {"precision": Precision(row["precision"])})
    for row in _TABLE["pattern"]
}
"""年月日の書き方一覧: by code."""

SEASONS = {row["code"]: Season(**row) for row in _TABLE["season"]}
THIRDS = {row["code"]: Third(**row) for row in _TABLE["third"]}
WORDS: dict[str, Season | Third] = {**SEASONS, **THIRDS}

_NUMBER = "(?P<{}>[0-9]{{1,2}})"
_PLACES = {name: _NUMBER.format(name) for name in ("month", "day", "to_month", "to_day")} | {
    "year": rf"{ERA}(?P<year>元|[0-9]{{1,4}})",
    "season": f"(?P<word>{'|'.join(season.word for season in SEASONS.values())})",
    "third": f"(?P<word>{'|'.join(third.word for third in THIRDS.values())})",
}


def is_uncertain(code: str) -> bool:
    """不詳日: whether the pattern `code` is one of the standard's uncertain dates."""
    return PATTERNS[code].uncertain


def allows(code: str, item: str, *, change: str = "") -> bool:
    """項目の可否: whether `item` (`born_on`) may hold a date of the pattern `code`.

    `change` is the Japanese kind of the change (出生) where the item is the date of a change.
    """
    pattern = PATTERNS[code]
    row = _item(item, change)
    if pattern.uncertain:
        return bool(row.get("uncertain"))
    return pattern.in_calendar or bool(row.get("not_in_calendar"))


def _item(item: str, change: str) -> dict[str, Any]:
    """The row of `item`; an item the table does not name holds calendar days only."""
    rows = (row for row in _TABLE["item"] if row["item"] == item)
    return next((row for row in rows if change in row.get("changes", [change])), {})


def is_western(item: str, *, foreign: bool) -> bool:
    """西暦の項目: whether `item` is shown in Western years (standard 1.1.9)."""
    return any(
        row["item"] == item and (foreign or not row["foreign_residents_only"])
        for row in _TABLE["western"]
    )

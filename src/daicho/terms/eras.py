"""元号: the eras, read from `eras.toml`, and the years they hold."""

import tomllib
from dataclasses import dataclass
from datetime import date, timedelta
from importlib.resources import files
from itertools import pairwise

from daicho.terms.malformed import Malformed

MOST_YEARS = 999
"""元号の年の上限: years of the running era that are read; 9999-12-31 is no date of a resident."""

_TABLE = tomllib.loads(files(__package__).joinpath("eras.toml").read_text("utf-8"))

GREGORIAN_FROM: date = _TABLE["gregorian"]["from"]
"""太陽暦の初日: the first day that counts as a calendar day; none before it is written or read."""


@dataclass(frozen=True, slots=True)
class Era:
    """元号: one row of the era master (standard 1.3.6). `last_on` is None for the era that runs."""

    name: str
    letter: str
    first_on: date
    last_on: date | None
    cite: str
    checked_on: date

    def western_year(self, year: int) -> int:
        """西暦年: the Western year of the era's `year` (1 = 元年); Malformed if it has none."""
        western = self.first_on.year + year - 1
        last = self.last_on.year if self.last_on else self.first_on.year + MOST_YEARS - 1
        if not self.first_on.year <= western <= last:
            raise Malformed(
                "date.era_year",
                "その元号にその年はありません。元号と年を確かめて入力し直してください。",
            )
        if western < GREGORIAN_FROM.year:
            raise before_gregorian()
        return western

    def meets(self, first_on: date, last_on: date) -> bool:
        """重なり: whether any day from `first_on` to `last_on` lies in the era."""
        return first_on <= (self.last_on or date.max) and self.first_on <= last_on


def _read() -> tuple[Era, ...]:
    rows = _TABLE["era"]
    last_days = [
        after["first_on"] - timedelta(days=0 if after["changed_same_day"] else 1)
        for _, after in pairwise(rows)
    ]
    return tuple(
        Era(row["name"], row["letter"], row["first_on"], last_on, row["cite"], row["checked_on"])
        for row, last_on in zip(rows, [*last_days, None], strict=True)
    )


ERAS = _read()
"""元号一覧: oldest first."""

_BY_WORD = {word: era for era in ERAS for word in (era.name, era.letter)}
ERA_WORDS = tuple(_BY_WORD)
"""元号の書き方: every name and letter a clerk may type before a year."""


def era(word: str) -> Era:
    """元号: the era called `word` (明治 or M). KeyError for a word the master does not have."""
    return _BY_WORD[word]


def era_of(day: date) -> Era:
    """元号: the era in which `day` is written: of two eras that share a day the newer."""
    if day < GREGORIAN_FROM:
        raise before_gregorian()
    return next(era for era in reversed(ERAS) if era.first_on <= day)


def before_gregorian() -> Malformed:
    """旧暦: the refusal of a day before the calendar of today."""
    return Malformed(
        "date.before_gregorian",
        "明治6年1月1日より前の日は暦上の日として扱えません。明治6年以後の日を入力してください。",
    )

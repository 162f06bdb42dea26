"""期間と限度: the figures of the own log, as they held on a day."""

from dataclasses import dataclass, fields
from datetime import date
from functools import cache

from daicho.law.rule import NoLawOnThatDay
from daicho.law.tables import table


@dataclass(frozen=True)
class Limits:
    """期間と限度: each named by what it counts; the table says its unit and why."""

    answer_days: int
    text_characters: int
    shown_days: int
    challenge_minutes: int
    failures_most: int
    idle_minutes: int


_NAMES = tuple(one.name for one in fields(Limits))
_ROWS = table("own_log_periods").keyed()

for _row in _ROWS:
    _row.only("code", "figure", "unit")
    if _row.text("code") not in _NAMES:
        raise _row.wrong(f"nobody reads the figure {_row.text('code')}")
    if not 0 < _row.number("figure") <= 9_999 or not _row.text("unit") or not _row.because:
        raise _row.wrong("a figure of ours can be printed, has a unit and says why")


@cache
def limits(on: date) -> Limits:
    """期間と限度: those of a day; raises NoLawOnThatDay where one had no figure."""
    found = {name: _ROWS.find(name, on) for name in _NAMES}
    missing = sorted(name for name, row in found.items() if row is None)
    if missing:
        raise NoLawOnThatDay(f"own_log_periods.toml has no {missing} in force on {on}")
    return Limits(**{name: row.number("figure") for name, row in found.items() if row})

"""分析の目安: the figures by which a use stands out, as they held on a day."""

from dataclasses import dataclass, fields
from datetime import date
from functools import cache

from daicho.law.rule import NoLawOnThatDay
from daicho.law.tables import table

_PRINTED_MOST = 9_999


@dataclass(frozen=True)
class Limits:
    """分析の目安: each named by what it counts; the table says its unit and why."""

    opens_hour: int
    closes_hour: int
    sign_in_failures_day: int
    refusals_day: int
    searches_hour: int
    subjects_day: int
    operators_of_person: int
    days_of_person: int
    times_of_own: int
    times_of_office: int
    spreads: int
    uses_day_least: int
    days_known_least: int
    operators_known_least: int
    weeks_back: int
    days_to_sign: int
    days_to_make: int


_NAMES = tuple(one.name for one in fields(Limits))
_ROWS = table("trail_analyses").keyed()

for _row in _ROWS:
    _row.only("code", "figure", "unit")
    if _row.text("code") not in _NAMES:
        raise _row.wrong(f"nobody reads the figure {_row.text('code')}")
    if not 0 < _row.number("figure") <= _PRINTED_MOST or not _row.text("unit"):
        raise _row.wrong("a figure is a count that can be printed, with its unit")
    if not _row.because:
        raise _row.wrong("a figure of ours says why")


@cache
def limits(on: date) -> Limits:
    """分析の目安: those of a day; raises NoLawOnThatDay where one had no figure."""
    found = {name: _ROWS.find(name, on) for name in _NAMES}
    missing = sorted(name for name, row in found.items() if row is None)
    if missing:
        raise NoLawOnThatDay(f"trail_analyses.toml has no {missing} in force on {on}")
    return Limits(**{name: row.number("figure") for name, row in found.items() if row})

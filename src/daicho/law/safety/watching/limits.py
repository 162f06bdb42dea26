"""分析の目安: the figures by which a use stands out, as they held on a day."""

from dataclasses import dataclass
from datetime import date

from daicho.law.tables.figures import Figures


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


_FIGURES = Figures("trail_analyses", Limits)


def limits(on: date) -> Limits:
    """分析の目安: those of a day; raises NoLawOnThatDay where one had no figure."""
    return _FIGURES.on(on)

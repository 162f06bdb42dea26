"""期間と限度: the figures of the own log, as they held on a day."""

from dataclasses import dataclass
from datetime import date

from daicho.law.tables.figures import Figures


@dataclass(frozen=True)
class Limits:
    """期間と限度: each named by what it counts; the table says its unit and why."""

    answer_days: int
    text_characters: int
    shown_days: int
    challenge_minutes: int
    failures_most: int
    idle_minutes: int


_FIGURES = Figures("own_log_periods", Limits)


def limits(on: date) -> Limits:
    """期間と限度: those of a day; raises NoLawOnThatDay where one had no figure."""
    return _FIGURES.on(on)

"""利用の上限: how much is answered in a short time, and who is stopped beyond it.

`uses` lists afterwards what stood out; this stops what nobody does by hand, while it is done.
"""

from dataclasses import dataclass
from datetime import date

from daicho.law.rule import Finding, finding, rule
from daicho.law.tables.figures import Figures

_CITES = ("BRRA 36-2(1)", "MNA 12", "STD 10.2")
_SINCE = date(2015, 10, 5)


@dataclass(frozen=True)
class Ceilings:
    """利用の上限: each named by what it counts and in which time; the table says why.

    `looks_*`: looks and searches of one operator. `arrivals_*`: requests of one address without a
    sign-in. `checks_*`: what one address sends to the verification page.
    """

    looks_minute: int
    looks_hour: int
    arrivals_minute: int
    arrivals_at_once: int
    checks_minute: int
    checks_at_once: int


_FIGURES = Figures("use_limits", Ceilings)


def ceilings(on: date) -> Ceilings:
    """利用の上限: those of a day; raises NoLawOnThatDay where one had no figure."""
    return _FIGURES.on(on)


_MINUTE = finding(
    "watching.ceiling_minute",
    refuses=True,
    cites=_CITES,
    what="1分間の照会と検索が{looks_minute}回に達したため、利用を止めました。",
    remedy="1分ほど待ってください。必要な業務で続くときは、所属の責任者に相談してください。",
)
_HOUR = finding(
    "watching.ceiling_hour",
    refuses=True,
    cites=_CITES,
    what="1時間の照会と検索が{looks_hour}回に達したため、利用を止めました。",
    remedy="時間をおいてください。"
    "必要な業務で続くときは、所属の責任者に相談し、ほかの職員と分担してください。",
)
STOPS = (_MINUTE.code, _HOUR.code)
"""利用の停止: the codes of the findings by which a use is stopped."""


@rule(cites=_CITES, since=_SINCE)
def may_go_on(minute: int, hour: int, is_granted: bool, *, on: date) -> Finding | None:
    """一人が短い時間に行う照会と検索は、手で行える回数までとする。

    How many looks and searches one operator made in the last minute and hour; beyond the figures
    no more is shown. An emergency that a second person granted is not stopped.
    """
    held = ceilings(on)
    if is_granted:
        return None
    if minute >= held.looks_minute:
        return _MINUTE(looks_minute=held.looks_minute)
    return _HOUR(looks_hour=held.looks_hour) if hour >= held.looks_hour else None


def line_of(found: Finding, on: date) -> str:
    """決まりの行: the row of the table by which a use is stopped: "use_limits:looks_hour@…"."""
    row = _FIGURES.row("looks_minute" if found.code == _MINUTE.code else "looks_hour", on)
    return f"use_limits:{row.text('code')}@{row.since}"

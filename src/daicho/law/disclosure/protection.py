"""支援措置の期間: what is told of a protection that ends soon, or has ended (標準仕様書 3.4)."""

from calendar import monthrange
from datetime import date
from typing import Literal

from daicho.law.disclosure.items import SINCE
from daicho.law.rule import Finding, finding, rule

Standing = Literal["", "ending", "ended"]
"""期間の別: `ending` within a month, `ended` without having been renewed, or nothing to tell."""

_ENDED = finding(
    "std3-4.protection_ended",
    refuses=False,
    cites=["STD 3.4"],
    what="支援措置の期間が終了し、延長されていない方が含まれています。",
    remedy="支援措置責任者に、延長するか終了するかを確かめてから交付してください。",
)


@rule(cites=["STD 3.4"], since=SINCE)
def standing(until_on: date | None, *, on: date) -> Standing:
    """支援措置の期間の終了日の1か月前からはその旨を、延長されずに過ぎた後は終了した旨を表示する。

    Whoever opens the record of a protected person is told so from one month before the last day
    of the protection, and that it has ended once that day has passed. Without a last day nothing.
    """
    if until_on is None:
        return ""
    if until_on < on:
        return "ended"
    return "ending" if _month_before(until_on) <= on else ""


@rule(cites=["STD 3.4"], since=SINCE)
def protection_ended(has_ended: bool, *, on: date) -> Finding | None:
    """支援措置は市区町村長が終了させる。期間を過ぎて延長のない者の証明書は、注意喚起する。

    A protection ends by an act of the mayor, not by its last day alone: a certificate of whoever
    had one asks until it is known whether it goes on.
    """
    return _ENDED() if has_ended else None


def _month_before(day: date) -> date:
    """The same day of the month before, or the last one of a shorter month."""
    year, month = (day.year, day.month - 1) if day.month > 1 else (day.year - 1, 12)
    return date(year, month, min(day.day, monthrange(year, month)[1]))

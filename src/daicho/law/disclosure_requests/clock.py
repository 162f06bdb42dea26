"""開示決定等の期限: thirty days, those of a 補正 not counted, thirty more (83条)."""

from dataclasses import dataclass
from datetime import date, timedelta

from daicho.law import periods
from daicho.law.disclosure_requests.requesters import SINCE
from daicho.law.rule import rule


@dataclass(frozen=True)
class Clock:
    """期限: the last day for a decision, as it stands on a day.

    `days_left` is negative when it has passed. `stands_still`: a 補正 is waited for, and each day
    of that moves `due_on` by one.
    """

    due_on: date
    days_left: int
    is_overdue: bool
    stands_still: bool


@rule(cites=["PIPA 83(1)", "PIPA 77(3)"], since=SINCE)
def mending_days(asked_on: date, mended_on: date | None, *, on: date) -> int:
    """補正を求めた場合は、補正に要した日数は、期間に算入しない。

    Days that are not counted for one 補正: from the day it was asked for to the day it came, or to
    today where it has not.
    """
    return max(0, ((mended_on or on) - asked_on).days)


@rule(cites=["PIPA 83(1)", "PIPA 83(2)", "CC 140", "CC 141"], since=SINCE)
def clock(
    received_on: date,
    uncounted_days: int,
    extended_days: int,
    stands_still: bool,
    period: str = "disclosure_decided",
    *,
    on: date,
) -> Clock:
    """開示決定等は、開示請求があった日から三十日以内にし、三十日以内に限り延長することができる。

    The period begins on the day after the request; what a 補正 took is left out, and an extension
    added. It is the authority's own period: a closed day does not make it longer.
    """
    counted_to = periods.last_day(period, received_on, on=received_on)
    due_on = counted_to + timedelta(days=uncounted_days + extended_days)
    left = (due_on - on).days
    return Clock(due_on, left, left < 0, stands_still)

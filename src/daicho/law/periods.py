"""期間: counting of days (民法138条以下, 戸籍法43条) and closed days (地方自治法4条の2).

The first day does not count, except in periods of the Family Register Act; where a period of
notification ends on a day the office is closed, the next open day is its end. Outside the years
that the holiday table covers there is no answer (None), never a guess.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from daicho.law.rule import NoLawOnThatDay, finding, rule
from daicho.law.tables import Row, table

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Period:
    """期間: a row of `law/tables/periods.toml`: how many days, counted how, from what."""

    code: str
    name: str
    starts_with: str
    period_days: int
    first_day_counts: bool
    moves_to_open_day: bool


@dataclass(frozen=True)
class Due:
    """期限: `counted_to` as counted; `due_on` the day that holds after a move to an open day.

    `due_on` is None where the holiday table does not cover the days that decide it.
    """

    counted_to: date
    due_on: date | None


def _city_row(code: str, *entries: str) -> Row:
    found = [row for row in table("city_holidays").keyed() if row.text("code") == code]
    assert len(found) == 1, f"city_holidays.toml: one row {code}"
    found[0].only("code", *entries)
    return found[0]


_COVERED = _city_row("covered", "first_year", "last_year")


def _holidays() -> dict[date, str]:
    """National holidays by day; each covered year must have its days, and no other may."""
    days: dict[date, str] = {}
    for row in table("holidays"):
        row.only("day", "name")
        day = row.day("day")
        if day in days:
            raise row.wrong(f"{day} stands here twice")
        days[day] = row.text("name")
    uneven = {day.year for day in days} ^ set(COVERED_YEARS)
    if uneven:
        raise _COVERED.wrong(f"holidays.toml and `covered` differ in {sorted(uneven)}")
    return days


COVERED_YEARS = range(_COVERED.number("first_year"), _COVERED.number("last_year") + 1)
"""休日の表のある年: the years in which every national holiday stands in the table."""

NATIONAL_HOLIDAYS: Mapping[date, str] = _holidays()
"""国民の祝日・休日: name by day."""

_WEEKEND = frozenset(
    "月火水木金土日".index(day) for day in _city_row("weekend", "days").texts("days")
)
_TURN_OF_YEAR = frozenset(_city_row("turn_of_year", "days").texts("days"))
_LONGEST_CLOSURE = timedelta(
    days=_city_row("longest_closure", "closure_days").number("closure_days")
)


def _period(row: Row) -> Period:
    row.only("code", "name", "starts_with", "period_days", "first_day_counts", "moves_to_open_day")
    return Period(
        row.text("code"),
        row.text("name"),
        row.text("starts_with"),
        row.number("period_days"),
        row.flag("first_day_counts"),
        row.flag("moves_to_open_day"),
    )


_PERIODS = tuple((row, _period(row)) for row in table("periods").keyed())

HOLIDAYS_MISSING = finding(
    "periods.holidays_missing",
    refuses=False,
    cites=["LAA 4-2(4)"],
    what="{counted_to}の属する年の休日が表にないため、届出が期限内かどうかを判定できません。",
    remedy="暦で期限を確かめて記録してください。"
    "あわせて、システム運用担当に休日の表の追加を依頼してください。",
)


def period(code: str, on: date) -> Period:
    """期間: the period as the law of `on` had it; raises NoLawOnThatDay where it had none."""
    found = next((one for row, one in _PERIODS if one.code == code and row.in_force(on)), None)
    if found is None:
        raise NoLawOnThatDay(f"periods.toml has no {code!r} in force on {on}")
    return found


@rule(cites=["LAA 4-2(1)", "LAA 4-2(2)", "NHA 3"], since=date(1989, 1, 1))
def is_closed(day: date, *, on: date) -> bool | None:
    """市の休日は、土曜日、日曜日、国民の祝日・休日及び条例で定める年末年始の日とする。

    A municipality is closed on Saturdays, Sundays, national holidays and at the turn of the year;
    None where the day lies outside the years the holiday table covers.
    """
    if day.year not in COVERED_YEARS:
        return None
    return day.weekday() in _WEEKEND or f"{day:%m-%d}" in _TURN_OF_YEAR or day in NATIONAL_HOLIDAYS


@rule(cites=["CC 140", "CC 141", "FRA 43(1)"], since=date(1948, 1, 1))
def last_day(code: str, from_on: date, *, on: date) -> date:
    """期間の初日は算入せず、その末日の終了をもって満了する。戸籍の届出期間は初日を算入する。

    The first day of a period does not count and it ends with its last day; in periods of the
    Family Register Act, and in the disclosure of one's own data, the first day counts.
    """
    one = period(code, on)
    return from_on + timedelta(days=one.period_days - (1 if one.first_day_counts else 0))


@rule(cites=["LAA 4-2(4)", "CC 142"], since=date(1989, 1, 1))
def due_on(code: str, from_on: date, *, on: date) -> Due:
    """届出の期限が市の休日に当たるときは、市の休日の翌日をもってその期限とみなす。

    Where a period of notification ends on a day the office is closed, the next open day is its
    end; `on` is the day by whose law the period is counted.
    """
    counted_to = last_day(code, from_on, on=on)
    if not period(code, on).moves_to_open_day:
        return Due(counted_to, counted_to)
    day = counted_to
    while (closed := is_closed(day, on=on)) is not False:
        if closed is None:
            return Due(counted_to, None)
        day += ONE_DAY
    return Due(counted_to, day)


@rule(cites=["CC 141", "LAA 4-2(4)"], since=date(1989, 1, 1))
def is_late(due: Due, received_on: date, *, on: date) -> bool | None:
    """期間は末日の終了をもって満了するので、期限の日の翌日以後の届出を期限後とする。

    A notification is late when it is received after the day on which the period ends; None where
    only holidays that no table holds could tell.
    """
    if due.due_on is not None:
        return received_on > due.due_on
    if received_on <= due.counted_to:
        return False
    return True if received_on > due.counted_to + _LONGEST_CLOSURE else None


@rule(cites=["CC 140", "CC 141"], since=date(1948, 1, 1))
def elapsed_on(code: str, from_on: date, *, on: date) -> date:
    """「○日を経過した日」は、期間の末日の翌日をいう。

    A day "on which so many days have passed" is the day after the period's last day.
    """
    return last_day(code, from_on, on=on) + ONE_DAY

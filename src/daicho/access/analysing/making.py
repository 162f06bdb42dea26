"""分析を作る: by itself, of each month that has ended, once.

A whole day passes first: what was begun before midnight is committed by then, and a clock of the
database that lags behind the program's has come to the new month too. What is written for a month
after its analysis would be looked at by nobody.
"""

from collections import Counter
from collections.abc import Iterable
from datetime import date, timedelta

from django.db import transaction

from daicho.access import clock
from daicho.access.analysing import standing_out
from daicho.access.analysing.counting import Period, Tally, patiently
from daicho.access.analysing.months import Month, month_of
from daicho.access.models import TrailAnalysis, TrailAnalysisFinding
from daicho.access.people.registering import alone
from daicho.access.permits import Permit, demand_work, look
from daicho.access.trailing import finding, moments
from daicho.law.rule import Finding
from daicho.law.safety.watching import judging
from daicho.law.safety.watching.limits import limits

JOB = "trail_analysis"
"""分析の仕事: of the machine."""
MONTHS_BACK = 12
"""さかのぼる月数: a month that nobody was there to analyse is made good so long after."""
HOURS = 24


def make_due(permit: Permit) -> tuple[date, ...]:
    """分析: of every month that has settled by the permit's day, was trailed in, and has none yet.

    Each in a transaction of its own, the oldest first. Gives the first days of those made now.
    """
    demand_work(permit, JOB)
    due = [one for one in not_made(permit.on) if one.has_settled(permit.on)]
    return tuple(one.first_on for one in due if make(permit, one) is not None)


def not_made(on: date) -> tuple[Month, ...]:
    """分析のない月: of those that ended before a day and are still made good, the oldest first;
    also where there may be nothing to analyse."""
    months = months_back(on)
    rows = TrailAnalysis.objects.filter(month__in=[one.first_on for one in months])
    made = set(rows.values_list("month", flat=True))
    return tuple(one for one in months if one.first_on not in made)


def missing(on: date) -> tuple[Finding, ...]:
    """作られなかった分析: of each month that was trailed in and should have its analysis by now."""
    told = [(one, judging.not_made(one.first_on, one.last_on, on=on)) for one in not_made(on)]
    if not any(late for _, late in told):
        return ()
    upto = finding.newest()
    first = moments.first_from(1, upto)
    began_on = first[1].astimezone(clock.TOKYO).date() if first else on
    return tuple(
        late
        for one, late in told
        if late is not None
        and one.last_on >= began_on
        and Period(one.first_on, one.next_on, upto).has_rows()
    )


def months_back(on: date) -> tuple[Month, ...]:
    """さかのぼる月: those before the month of a day that are still made good, the oldest first."""
    months = [month_of(on).before]
    while len(months) < MONTHS_BACK:
        months.append(months[-1].before)
    return tuple(reversed(months))


def make(permit: Permit, month: Month) -> int | None:
    """一月の分析: its number; None where there was nothing to analyse, or it was made already."""
    demand_work(permit, JOB)
    assert month.has_settled(permit.on), "a month is analysed when it has ended and settled"
    upto = finding.newest()
    within = Period(month.first_on, month.next_on, upto)
    with transaction.atomic():
        alone(f"trail analysis {month.first_on}")
        is_made = TrailAnalysis.objects.filter(month=month.first_on).exists()
        if is_made or not within.has_rows():
            return None
        patiently()
        items, tallies = _items(month, within)
        row = TrailAnalysis.objects.create(
            month=month.first_on,
            upto=upto,
            uses_by_day=_by_day(month, tallies),
            uses_by_hour=_by_hour(tallies),
        )
        TrailAnalysisFinding.objects.bulk_create(
            TrailAnalysisFinding(
                analysis=row,
                code=one.code,
                operators=list(one.operators),
                record_id=one.record_id,
                day=one.day,
                count=one.count,
                days=one.days,
                figures=dict(one.figures),
            )
            for one in items
        )
        said: dict[str, int | str] = {"analysis": row.pk, "rows": len(items)}
        look(permit, "analysis_made", "analysing.make", detail=said)
    return row.pk


def _items(month: Month, within: Period) -> tuple[list[standing_out.Item], list[Tally]]:
    """What stands out, and the tallies of the month itself."""
    held = limits(month.first_on)  # those of its first day hold for what is told of a whole month
    from_on = month.first_on - timedelta(weeks=held.weeks_back)
    tallies = Period(from_on, month.next_on, within.upto).tallies()
    day_before = month.first_on - timedelta(days=1)  # an hour may begin before midnight
    paces = Period(day_before, month.next_on, within.upto).paces(held.searches_hour)
    by_many = within.viewed_by(held.operators_of_person)
    again = within.viewed_again(held.days_of_person)
    items = [
        *standing_out.of_operators(month, tallies, paces),
        *standing_out.of_persons(month, by_many, again),
    ]
    return items, [one for one in tallies if one.day >= month.first_on]


def _by_day(month: Month, tallies: Iterable[Tally]) -> list[int]:
    counts: Counter[date] = Counter()
    for one in tallies:
        counts[one.day] += one.uses
    return [counts[day] for day in month.days]


def _by_hour(tallies: Iterable[Tally]) -> list[int]:
    counts: Counter[int] = Counter()
    for one in tallies:
        counts[one.hour] += one.uses
    return [counts[hour] for hour in range(HOURS)]

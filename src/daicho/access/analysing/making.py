"""分析を作る: by itself, of each month that has ended, once."""

from collections import Counter
from collections.abc import Iterable
from datetime import date, timedelta

from django.db import transaction

from daicho.access.analysing import standing_out
from daicho.access.analysing.counting import Period, Tally, patiently
from daicho.access.analysing.months import Month, month_of
from daicho.access.models import TrailAnalysis, TrailAnalysisFinding
from daicho.access.people.registering import alone
from daicho.access.permits import Permit, demand_work, look
from daicho.access.trailing import finding
from daicho.law.safety.watching.limits import limits

JOB = "trail_analysis"
"""分析の仕事: of the machine."""
MONTHS_BACK = 12
"""さかのぼる月数: a month that nobody was there to analyse is made good so long after."""
HOURS = 24


def make_due(permit: Permit) -> tuple[date, ...]:
    """分析: of every month that ended before the permit's day, was trailed in, and has none yet.

    Each in a transaction of its own, the oldest first. Gives the first days of those made now.
    """
    demand_work(permit, JOB)
    months = [month_of(permit.on).before]
    while len(months) < MONTHS_BACK:
        months.append(months[-1].before)
    made = set(TrailAnalysis.objects.values_list("month", flat=True))
    due = [one for one in reversed(months) if one.first_on not in made]
    return tuple(one.first_on for one in due if make(permit, one) is not None)


def make(permit: Permit, month: Month) -> int | None:
    """一月の分析: its number; None where there was nothing to analyse, or it was made already."""
    demand_work(permit, JOB)
    assert month.last_on < permit.on, "a month is analysed when it has ended"
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
            )
            for one in items
        )
        said: dict[str, int | str] = {"analysis": row.pk, "rows": len(items)}
        look(permit, "analysis_made", "analysing.make", detail=said)
    return row.pk


def _items(month: Month, within: Period) -> tuple[list[standing_out.Item], list[Tally]]:
    """What stands out, and the tallies of the month itself."""
    held = limits(month.last_on)
    from_on = month.first_on - timedelta(weeks=held.weeks_back)
    tallies = Period(from_on, month.next_on, within.upto).tallies()
    by_many = within.viewed_by(held.operators_of_person)
    again = within.viewed_again(held.days_of_person)
    items = [
        *standing_out.of_operators(month, tallies),
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

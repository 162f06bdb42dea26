"""目に付く利用を挙げる: the rules of `law/safety/watching` over what was counted.

One item for each operator or record and each rule: the day on which it stood out most, and on how
many days it did, so that a month is judged in an hour and not read row by row.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median
from uuid import UUID

from daicho.access.analysing.counting import Again, Pace, Tally, Viewed
from daicho.access.analysing.months import Month
from daicho.law.rule import FINDINGS, Finding
from daicho.law.safety.watching import uses as rules
from daicho.law.safety.watching.limits import limits

WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Item:
    """目に付いた利用: `count` is what the rule counts, on the day on which it was highest.

    `figures` are those of the law by which it stood out, kept with it: a table may be changed.
    """

    code: str
    operators: tuple[int, ...]
    record_id: UUID | None
    day: date
    count: int
    days: int
    figures: Mapping[str, int]


@dataclass(frozen=True)
class Seen:
    """一日の判定: what a rule found of an operator on a day, and what it counted."""

    finding: Finding | None
    operator_id: int | None
    day: date
    count: int


def of_operators(month: Month, tallies: Sequence[Tally], paces: Iterable[Pace]) -> tuple[Item, ...]:
    """操作者ごと: of the month, by what was done in it and in the weeks before."""
    own = [one for one in tallies if one.day >= month.first_on]
    seen = [*_hours(own), *_paces(month, paces), *_days(own), *_usual(month, tallies)]
    found: defaultdict[tuple[str, int | None], list[Seen]] = defaultdict(list)
    for one in seen:
        if one.finding is not None:
            found[one.finding.code, one.operator_id].append(one)
    return tuple(_item(code, operator, there) for (code, operator), there in found.items())


def _item(code: str, operator: int | None, seen: Sequence[Seen]) -> Item:
    by_day: Counter[date] = Counter()
    # Hours outside the office's are uses of one night, and so of a day of rest.
    for one in seen:
        is_sum = code in ("watching.night", "watching.closed_day")
        by_day[one.day] = by_day[one.day] + one.count if is_sum else max(by_day[one.day], one.count)
    day = max(sorted(by_day), key=lambda it: by_day[it])
    operators = () if operator is None else (operator,)
    return Item(code, operators, None, day, by_day[day], len(by_day), figures(code, day))


def figures(code: str, on: date) -> Mapping[str, int]:
    """目安の控え: the figures that the words of a finding name, as they held on that day."""
    held = limits(on)
    return {name: getattr(held, name) for name in sorted(FINDINGS[code].arguments)}


def _hours(tallies: Iterable[Tally]) -> Iterator[Seen]:
    for one in tallies:
        who, day = one.operator_id, one.day
        if one.uses and who is not None:
            yield Seen(rules.night(one.hour, on=day), who, day, one.uses)
            yield Seen(rules.closed_day(on=day), who, day, one.uses)


def _paces(month: Month, paces: Iterable[Pace]) -> Iterator[Seen]:
    for one in paces:
        if one.day >= month.first_on:
            found = rules.mass_search(one.searches, on=one.day)
            yield Seen(found, one.operator_id, one.day, one.searches)


def _days(tallies: Iterable[Tally]) -> Iterator[Seen]:
    sums: defaultdict[tuple[int | None, date], Counter[str]] = defaultdict(Counter)
    for one in tallies:
        sums[one.operator_id, one.day].update(
            failures=one.failures,
            refused=one.refused,
            stopped=one.stopped,
            subjects=one.subjects,
        )
    for (who, day), there in sums.items():
        failures, refused = there["failures"], there["refused"]
        yield Seen(rules.sign_in_failures(failures, on=day), who, day, failures)
        if who is not None:
            yield Seen(rules.refusals(refused, on=day), who, day, refused)
            stopped = there["stopped"]
            yield Seen(rules.stopped(stopped, on=day), who, day, stopped)
            subjects = there["subjects"]
            yield Seen(rules.mass_subjects(subjects, on=day), who, day, subjects)


def _usual(month: Month, tallies: Iterable[Tally]) -> Iterator[Seen]:
    """Against the operator's own days before, those of the office, and the same weekdays."""
    uses: defaultdict[int, Counter[date]] = defaultdict(Counter)
    offices: dict[int, str] = {}
    for one in tallies:
        if one.operator_id is not None and one.uses:
            uses[one.operator_id][one.day] += one.uses
            offices[one.operator_id] = one.office
    now = {who: _of_days(days, month.first_on) for who, days in uses.items()}
    a_day = {who: int(median(counts)) for who, counts in now.items() if counts}
    of_office: defaultdict[str, list[int]] = defaultdict(list)
    for who, count in a_day.items():
        of_office[offices[who]].append(count)
    for who, count in a_day.items():
        before = [it for day, it in uses[who].items() if day < month.first_on]
        on = month.first_on
        yield Seen(rules.above_own_past(count, before, on=on), who, on, count)
        yield Seen(rules.above_office(count, of_office[offices[who]], on=on), who, on, count)
        yield from _habits(month, who, uses[who])


def _of_days(days: Mapping[date, int], first_on: date) -> list[int]:
    return [count for day, count in days.items() if day >= first_on]


def _habits(month: Month, who: int, days: Mapping[date, int]) -> Iterator[Seen]:
    began_on = min(days)  # of the weeks before somebody came nothing is known
    for day, count in days.items():
        if day < month.first_on:
            continue
        weeks = range(1, limits(day).weeks_back + 1)
        before = [day - n * WEEK for n in weeks if day - n * WEEK >= began_on]
        past = [days.get(one, 0) for one in before]
        yield Seen(rules.habit(count, past, on=day), who, day, count)


def of_persons(month: Month, by_many: Iterable[Viewed], again: Iterable[Again]) -> tuple[Item, ...]:
    """見られた者ごと: who was looked at by many, or by one again and again."""
    return (*_many(month, by_many), *_again(month, again))


def _many(month: Month, by_many: Iterable[Viewed]) -> Iterator[Item]:
    for one in by_many:
        count, on = len(one.operators), month.first_on
        found = rules.person_by_many(count, on=on)
        if found is not None:
            said = figures(found.code, on)
            yield Item(found.code, one.operators, one.record_id, on, count, 1, said)


def _again(month: Month, again: Iterable[Again]) -> Iterator[Item]:
    for one in again:
        found = rules.person_again(one.days, on=month.first_on)
        if found is not None:
            who, days, said = (one.operator_id,), one.days, figures(found.code, month.first_on)
            yield Item(found.code, who, one.record_id, one.first_on, days, days, said)

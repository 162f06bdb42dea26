"""異動の審査: what every change must satisfy, whatever its kind: days, records, households.

What only one kind asks stands beside, in the module of its stem (`moved_in`). Alerts are asked
once: what the clerk has confirmed is confirmed by its code.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

from daicho.law import dates_of_changes, entries, households
from daicho.law.notifications import LATENESS
from daicho.law.rule import Finding
from daicho.terms.changes.effects import When
from daicho.terms.changes.reasons import BASES
from daicho.terms.changes.recorded import Touched
from daicho.terms.dates import RegisterDate, from_cell
from daicho.terms.records import Record

# 届出の種別: a kind whose notification goes by another name, that of its article.
_NOTIFIED_AS = {"householder_changed": "household_changed"}


def judge(
    kind: str,
    when: When,
    basis: str,
    touched: Sequence[Touched],
    after: Mapping[str, Sequence[Record]],
) -> tuple[Finding, ...]:
    """Every finding on a change as it would be recorded, by the law of its day of processing.

    `basis` is a code of `BASES`; `after` holds the living members of each touched household as
    they would be. Never raises.
    """
    on = when.processed_on
    found = [*_days(kind, when, basis), *_records(kind, touched, when)]
    for members in after.values():
        found += households.judge([households.member_of(one) for one in members], on=on)
    return tuple(dict.fromkeys(found))  # the same of two members is said once


def _days(kind: str, when: When, basis: str) -> Iterator[Finding]:
    on = when.processed_on
    occurred_on = _certain_day(from_cell(when.occurred_on) if when.occurred_on else None)
    yield from _some(
        dates_of_changes.occurred_in_future(kind, occurred_on, on, on=on),
        dates_of_changes.received_in_future(when.received_on, on, on=on),
        dates_of_changes.received_blank(BASES[basis], when.received_on, on=on),
    )
    notified = _NOTIFIED_AS.get(kind, kind)
    if basis == "notification" and notified in LATENESS and occurred_on and when.received_on:
        yield from _some(LATENESS[notified](occurred_on, when.received_on, on))


def _records(kind: str, touched: Iterable[Touched], when: When) -> Iterator[Finding]:
    on = when.processed_on
    occurred_on = _certain_day(from_cell(when.occurred_on) if when.occurred_on else None)
    for one in touched:
        born_on = _certain_day(one.after.born_on)
        yield from _some(dates_of_changes.before_birth(occurred_on, born_on, on=on))
        yield from entries.judge(one.after, on=on, before=one.before, kind=kind)


def _certain_day(day: RegisterDate | None) -> date | None:
    return day.sort_on if day is not None and day.certain else None


def _some(*findings: Finding | None) -> Iterator[Finding]:
    return (one for one in findings if one is not None)

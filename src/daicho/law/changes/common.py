"""異動の審査: what every change must satisfy, whatever its kind: days, records, households.

What only one kind asks stands beside, in the module of its stem (`moved_in`). Alerts are asked
once: what the clerk has confirmed is confirmed by its code.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

from daicho.law import dates_of_changes, entries, households
from daicho.law.entries.case import ACT_IN_FORCE_ON
from daicho.law.rule import Finding, finding, rule
from daicho.terms.changes.effects import When
from daicho.terms.changes.household_cells import HOUSEHOLDER
from daicho.terms.changes.reasons import BASES
from daicho.terms.changes.recorded import Touched
from daicho.terms.dates import RegisterDate, from_cell
from daicho.terms.records import Record

# The kinds whose clerk says what each person they name is in the household.
_SAYING_RELATIONSHIP = ("moved_within", "householder_changed", "moved_in", "born")
_RELATIONSHIP_BLANK = finding(
    "brra7.relationship_of_named",
    refuses=True,
    cites=["BRRA 7[4]"],
    what="世帯主のいる世帯で、続柄が空欄の者が{count}人います。",
    remedy="世帯主との続柄を入力してください。",
    on_item="relationship",
)


@rule(cites=["BRRA 7[4]", "STD 1.1.10"], since=ACT_IN_FORCE_ON)
def relationships_said(has_householder: bool, blank: int, *, on: date) -> Finding | None:
    """世帯主でない者については、世帯主との続柄を記載する。世帯主未設定の世帯は、空欄とする。

    Who is in a household with a householder has a 続柄; without one it is blank. `blank` counts
    those whom the change names and whose 続柄 would be blank.
    """
    return _RELATIONSHIP_BLANK(count=blank) if has_householder and blank else None


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
    found += _relationships(kind, touched, after, on)
    for members in after.values():
        found += households.judge([households.member_of(one) for one in members], on=on)
    return tuple(dict.fromkeys(found))  # the same of two members is said once


def _relationships(
    kind: str, touched: Sequence[Touched], after: Mapping[str, Sequence[Record]], on: date
) -> Iterator[Finding]:
    if kind not in _SAYING_RELATIONSHIP:
        return
    for number, members in after.items():
        here = [one.after for one in touched if one.after.household_number == number]
        blank = sum(one.is_living and not one.relationship for one in here)
        headed = any(one.relationship == HOUSEHOLDER for one in members)
        yield from _some(relationships_said(headed, blank, on=on))


def _days(kind: str, when: When, basis: str) -> Iterator[Finding]:
    on = when.processed_on
    occurred_on = _certain_day(from_cell(when.occurred_on) if when.occurred_on else None)
    yield from _some(
        dates_of_changes.occurred_in_future(kind, occurred_on, on, on=on),
        dates_of_changes.received_in_future(when.received_on, on, on=on),
        dates_of_changes.received_blank(BASES[basis], when.received_on, on=on),
    )


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

"""異動の順序: a change dated before the last change of address, or before a planned 転出 (11.1)."""

from collections.abc import Iterator, Sequence
from datetime import date

from daicho.law.dates_of_changes import out_of_order, planned_to_leave
from daicho.law.rule import Finding
from daicho.terms.changes import Change, Corrected, HouseholderChanged, MovedIn, MovedWithin, Scene
from daicho.terms.changes.closing_cells import LEAVING
from daicho.terms.changes.household_cells import HOUSEHOLDER
from daicho.terms.dates import RegisterDate, from_cell
from daicho.terms.records import Record

# To live at a new address comes after the end of the old residence.
_NEW_ADDRESS = (MovedIn, MovedWithin)


def judge(change: Change, scene: Scene, *, on: date) -> tuple[Finding, ...]:
    """異動の順序の審査: of each person the change names; who is only left behind is not asked."""
    occurred_on = _day(from_cell(scene.when.occurred_on) if scene.when.occurred_on else None)
    kind = change.reason if isinstance(change, Corrected) else change.kind
    befores = [scene.befores[one] for one in change.record_ids if one in scene.befores]
    asked = _asked_for_plans(change, befores)
    planned = sum(one.is_living and one.closing_reason in LEAVING for one in asked)
    found = [
        out_of_order(kind, occurred_on, last, on=on)
        for before in befores
        for last in _changes_of_address(before, ended=isinstance(change, _NEW_ADDRESS))
    ]
    found.append(planned_to_leave(kind, planned, on=on))
    return tuple(dict.fromkeys(one for one in found if one is not None))


def _asked_for_plans(change: Change, befores: Sequence[Record]) -> Sequence[Record]:
    """Who must not be about to leave: of a change of 世帯主, who becomes it. That another leaves is
    why the standard wants that change (4.0.4); the members' rows repeat the name alone (1.2.1)."""
    if not isinstance(change, HouseholderChanged):
        return befores
    return [one for one in befores if change.relationships[one.record_id] == HOUSEHOLDER]


def _changes_of_address(before: Record, *, ended: bool) -> Iterator[date]:
    days = [_day(before.address_since_on)]
    if ended and not before.is_living:  # of a resident the day is planned, and nothing has ended
        days += [before.closed_on, _day(before.closing_event_on)]
    known = [day for day in days if day is not None]
    if known:
        yield max(known)


def _day(day: RegisterDate | None) -> date | None:
    return day.sort_on if day is not None and day.certain else None

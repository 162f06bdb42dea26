"""錠: the households that a change touches, locked, and what stands there under the lock."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from daicho.law.entries.ages import years_on
from daicho.register.ledger.reading import record_of, undone_by
from daicho.register.models import Current, Household, RecordVersion
from daicho.terms.changes import Cancelled, Change, Scene
from daicho.terms.changes.effects import When
from daicho.terms.records import Record


@dataclass(frozen=True)
class Held:
    """錠をかけた場: what stood under the lock: the scene, and each person's numbers."""

    scene: Scene
    history_nos: Mapping[UUID, int]
    residence_nos: Mapping[UUID, int]
    households: tuple[str, ...]


def hold(change: Change, when: When) -> Held:
    """Lock the households that the change touches and read what it names."""
    named = list(change.record_ids)
    undone = undone_by(change) if isinstance(change, Cancelled) else None
    numbers = set(change.household_numbers)
    numbers |= {one.household_number for one in undone.befores.values()} if undone else set()
    of_named = list(_current(named).values_list("household_number", "state"))
    numbers |= {number for number, _ in of_named}
    households = tuple(sorted(numbers))
    _stand({*change.household_numbers, *(one for one, state in of_named if state != "living")})
    locked = Household.objects.select_for_update().filter(number__in=households)
    list(locked.order_by("number"))
    # read again: between the first look and the lock a person may have changed household
    found = {row.record_id: row for row in _current(named)}
    moved = {row.household_number for row in found.values()} - numbers
    if moved:
        return hold(change, when)
    members = Current.objects.filter(household_number__in=households, state="living")
    rows = {**{row.record_id: row for row in members}, **found}
    records = _records(rows.values())
    by_household: dict[str, list[Record]] = {number: [] for number in households}
    for row in sorted(rows.values(), key=lambda row: row.address_number):
        if row.state == "living":
            by_household[row.household_number].append(records[row.record_id])
    return Held(
        scene=Scene(
            when,
            {one: records[one] for one in named if one in records},
            {number: tuple(members) for number, members in by_household.items()},
            years_on("householder_able", when.processed_on),
            # read again under the lock: another may have cancelled it in between
            undone_by(change) if isinstance(change, Cancelled) else None,
        ),
        history_nos={row.record_id: row.history_no for row in rows.values()},
        residence_nos={row.record_id: row.residence_no for row in rows.values()},
        households=households,
    )


def _stand(numbers: Iterable[str]) -> None:
    """A row to lock also for a household that is only being made: two cannot make the same.

    So it is for that of a 除票, which may have no member any more: two cannot enter one person
    again. A row of nobody is gone again when the projections are renewed.
    """
    rows = [Household(number=number, ward="", member_count=0) for number in sorted(numbers)]
    Household.objects.bulk_create(rows, ignore_conflicts=True)


def _current(record_ids: Iterable[UUID]) -> "Any":
    return Current.objects.filter(record_id__in=list(record_ids))


def _records(rows: Iterable[Current]) -> dict[UUID, Record]:
    keys = [(row.record_id, row.history_no) for row in rows]
    found = RecordVersion.objects.filter(pk__in=keys).values()
    return {values["record_id"]: record_of(values) for values in found}

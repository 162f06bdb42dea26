"""錠: the households that a change touches, locked, and what stands there under the lock."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db import connection

from daicho.law.entries.ages import years_on
from daicho.register.ledger.awaiting import awaiting
from daicho.register.ledger.reading import record_of, undone_by
from daicho.terms.changes import Cancelled, Change, NumberChangeRequested, Scene
from daicho.terms.changes.effects import When
from daicho.terms.records import ITEMS, Record


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
    numbers = _locked(numbers, named)
    households = sorted(numbers)
    # read under the lock: between the first look and the lock a person may have changed household
    found = _standing(named, households)
    if any(one.household_number not in numbers for one in found if one.record_id in named):
        return hold(change, when)
    by_household: dict[str, list[Record]] = {number: [] for number in households}
    for one in sorted(found, key=lambda one: one.record.address_number):
        if one.is_living:
            by_household[one.household_number].append(one.record)
    return Held(
        scene=Scene(
            when,
            {one.record_id: one.record for one in found if one.record_id in named},
            {number: tuple(members) for number, members in by_household.items()},
            years_on("householder_able", when.processed_on),
            # read again under the lock: another may have cancelled it in between
            undone_by(change) if isinstance(change, Cancelled) else None,
            awaiting(named) if isinstance(change, NumberChangeRequested) else frozenset(),
        ),
        history_nos={one.record_id: one.history_no for one in found},
        residence_nos={one.record_id: one.residence_no for one in found},
        households=tuple(households),
    )


# A row to lock also for a household that is only being made: two cannot make the same. So it is for
# that of a 除票, which may have no member any more: two cannot enter one person again. A row of
# nobody is gone again when the projections are renewed. Where there is a row, nothing is updated,
# and yet it is locked, as FOR UPDATE would.
_LOCK = """
WITH touched AS MATERIALIZED (
    SELECT unnest(%s::text[]) AS number
    UNION SELECT household_number FROM register_current WHERE record_id = ANY (%s::uuid[])),
locked AS (
    INSERT INTO register_household (number, ward, member_count)
    SELECT number, '', 0 FROM touched ORDER BY number
    ON CONFLICT (number) DO UPDATE SET number = EXCLUDED.number WHERE false)
SELECT number FROM touched
"""
_COLUMNS = tuple(item.column for item in ITEMS)
_STANDING = f"""
SELECT c.state = 'living' AS is_living, c.history_no, c.residence_no, v.{", v.".join(_COLUMNS)}
FROM register_current c JOIN register_recordversion v USING (record_id, history_no)
WHERE c.record_id = ANY (%s::uuid[]) OR (c.household_number = ANY (%s) AND c.state = 'living')
"""  # noqa: S608  our own columns


@dataclass(frozen=True)
class _Standing:
    is_living: bool
    history_no: int
    residence_no: int
    record: Record

    @property
    def record_id(self) -> UUID:
        return self.record.record_id

    @property
    def household_number(self) -> str:
        return self.record.household_number


def _locked(numbers: Collection[str], named: list[UUID]) -> set[str]:
    """Lock these households and those that the persons are in, in one order; gives all of them."""
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, [list(numbers), named])
        return {number for (number,) in cursor.fetchall()}


def _standing(named: list[UUID], households: list[str]) -> list[_Standing]:
    """Those named, and the living members of the households."""
    with connection.cursor() as cursor:
        cursor.execute(_STANDING, [named, households])
        names = [column.name for column in cursor.description]
        rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    return [
        _Standing(
            is_living=row["is_living"],
            history_no=row["history_no"],
            residence_no=row["residence_no"],
            record=record_of(row),
        )
        for row in rows
    ]

"""関係の導出: who of some persons is a relative or a neighbour of one; for the machine's job.

Relatives: in one household now or at any time, or with the same 本籍 and 筆頭者. Neighbours: living
at the same 番地 of one 町字, or in the same building there; where one of the two is protected or
withheld, that they are is told to nobody: it would tell where they live.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import connection, transaction

from daicho.access.permits import Permit, demand, demand_work, look
from daicho.law.safety.watching.relations import NEIGHBOUR, RELATIVE
from daicho.register.places.rooms import building_of
from daicho.register.visibility import visible

WORK = "trail_relations"

# A 本籍 that is not known or that a foreign resident has not is nobody's in common.
_RELATIVES = """
SELECT DISTINCT v.record_id FROM register_recordversion v JOIN register_recordversion own
    ON (own.household_number <> '' AND own.household_number = v.household_number)
    OR (own.registered_domicile <> '' AND own.family_register_head NOT IN ('', 'なし', '不明')
        AND own.registered_domicile = v.registered_domicile
        AND own.family_register_head = v.family_register_head)
WHERE own.record_id = %(own)s AND v.record_id = ANY(%(seen)s::uuid[]) AND v.record_id <> %(own)s
"""
_HOMES = """
SELECT v.record_id, v.address_municipality, v.address_town, v.address_lot, v.address_building
FROM register_current c JOIN register_recordversion v
    ON v.record_id = c.record_id AND v.history_no = c.history_no
WHERE c.record_id = ANY(%(asked)s::uuid[]) AND c.state = 'living'
"""


@dataclass(frozen=True)
class Home:
    """住所: where somebody lives, as far as it tells neighbours; `building` without the room."""

    town: tuple[str, str]
    lot: str
    building: str

    def is_beside(self, other: "Home") -> bool:
        """Same 番地 of the same 町字, or the same building there? What is blank is like nothing."""
        if not all(self.town) or self.town != other.town:
            return False
        is_on_lot = bool(self.lot) and self.lot == other.lot
        return is_on_lot or (bool(self.building) and self.building == other.building)


def related(
    permit: Permit, operator_id: int, own: UUID, seen: Sequence[UUID]
) -> Mapping[UUID, frozenset[str]]:
    """関係: of those seen who is related to `own`, and how; one look, trailed, of those found."""
    demand_work(permit, WORK)
    demand(permit, "resident")
    demand(permit, "family_register")
    with transaction.atomic():
        relatives = frozenset(_relatives(own, seen))
        neighbours = frozenset(_neighbours(own, _whose_home_may_be_told(permit, own, seen)))
        found = sorted(relatives | neighbours)
        detail: dict[str, int | str] = {"operator": operator_id, "rows": len(found)}
        look(
            permit,
            "relations_compared",
            "register.relating",
            record_ids=[own, *found],
            detail=detail,
        )
    words = {RELATIVE: relatives, NEIGHBOUR: neighbours}
    return {one: frozenset(word for word, there in words.items() if one in there) for one in found}


def _relatives(own: UUID, seen: Sequence[UUID]) -> Iterator[UUID]:
    with connection.cursor() as cursor:
        cursor.execute(_RELATIVES, {"own": own, "seen": list(seen)})
        for (record_id,) in cursor.fetchall():
            yield record_id


def _whose_home_may_be_told(permit: Permit, own: UUID, seen: Sequence[UUID]) -> list[UUID]:
    """Nobody where it is the operator who is protected."""
    marks = visible(permit, [own, *seen]).marks
    guarded = {
        one
        for one, its in marks.items()
        if its.protected or its.provisionally_protected or its.withheld
    }
    return [] if own in guarded else [one for one in seen if one not in guarded]


def _neighbours(own: UUID, seen: Sequence[UUID]) -> Iterator[UUID]:
    with connection.cursor() as cursor:
        cursor.execute(_HOMES, {"asked": [own, *seen]})
        homes = {
            record_id: Home((municipality, town), lot, building_of(building))
            for record_id, municipality, town, lot, building in cursor.fetchall()
        }
    here = homes.pop(own, None)
    if here is not None:
        yield from (record_id for record_id, home in homes.items() if home.is_beside(here))

"""転居 (BRRA 23): residents who move within the municipality, a whole household or a part."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Self
from uuid import UUID

from daicho.terms.changes.effects import Effect, Scene, What
from daicho.terms.changes.household_cells import householder_cells, householder_of, left_by
from daicho.terms.records import Cell, Record, difference, laid_on
from daicho.terms.records.items import ADDRESS_PARTS


@dataclass(frozen=True, slots=True, kw_only=True)
class MovedWithin:
    """転居: `relationships` gives each mover's 続柄 in the household they will be of.

    A whole household that moves keeps its 世帯番号; a part makes a new one or joins another. `ward`
    is that of the new address; blank it is that of the household joined, or the one before.
    """

    kind: ClassVar[str] = "moved_within"
    v: ClassVar[int] = 1

    joins: bool
    household_number: str
    address: Mapping[str, Cell]
    relationships: Mapping[UUID, str]
    ward: str = ""

    @property
    def record_ids(self) -> tuple[UUID, ...]:
        """The persons who move."""
        return tuple(self.relationships)

    @property
    def household_numbers(self) -> tuple[str, ...]:
        """The household they will be of; those they leave are known by their records."""
        return (self.household_number,)

    @property
    def reason(self) -> str:
        """異動事由: 転居."""
        return "moved_within"

    def effects(self, scene: Scene) -> tuple[Effect, ...]:
        """What it does: the movers' address and household, and who heads those left behind."""
        others = [
            one
            for one in scene.members.get(self.household_number, ())
            if one.record_id not in self.relationships
        ]
        ward = self.ward or next((one.ward for one in others if self.joins), "")
        movers = {one: self._moved(one, scene, ward) for one in self.record_ids}
        head = householder_cells(householder_of((*others, *movers.values())))
        effects = [
            self._effect(scene.befores[one], laid_on(moved, head)) for one, moved in movers.items()
        ]
        return (*effects, *left_by(self.record_ids, scene, joined=self.household_number))

    def _moved(self, record_id: UUID, scene: Scene, ward: str) -> Record:
        before = scene.befores[record_id]
        blank = {f"address_{part}": "" for part in ADDRESS_PARTS}
        return laid_on(
            before,
            {
                **blank,
                **self.address,
                "address_since_on": scene.when.occurred_on,
                "household_number": self.household_number,
                "ward": ward or before.ward,
                "relationship": self.relationships[record_id],
                "processed_on": scene.when.processed_on.isoformat(),
            },
        )

    def _effect(self, before: Record, after: Record) -> Effect:
        old = before.address.written
        remark = f"前住所 {old}" if old else ""
        return Effect(
            before.record_id, What.CHANGES, self.reason, difference(before, after), remark
        )

    def to_body(self) -> dict[str, Any]:
        """The JSON object of the statement."""
        return {
            "joins": self.joins,
            "household_number": self.household_number,
            "address": dict(self.address),
            "relationships": {str(one): word for one, word in self.relationships.items()},
            **({"ward": self.ward} if self.ward else {}),
        }

    @classmethod
    def from_body(cls, v: int, body: Mapping[str, Any]) -> Self:
        """The statement in a ledger row's body."""
        assert v == cls.v, f"moved_within v{v} is not known"
        words = {UUID(one): word for one, word in body["relationships"].items()}
        return cls(**{**body, "relationships": words})

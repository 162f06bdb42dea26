"""世帯主変更 (BRRA 25): a household gets another householder; the 続柄 of all are said anew."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Self
from uuid import UUID

from daicho.terms.changes.effects import Effect, Scene, What
from daicho.terms.changes.household_cells import HOUSEHOLDER, householder_cells
from daicho.terms.records import Cell


@dataclass(frozen=True, slots=True, kw_only=True)
class HouseholderChanged:
    """世帯主変更: `relationships` gives the new 続柄 of every member, 世帯主 that of one.

    Every member gets a row, also one whose own 続柄 stays (1.2.1).
    """

    kind: ClassVar[str] = "householder_changed"
    v: ClassVar[int] = 1

    household_number: str
    relationships: Mapping[UUID, str]

    @property
    def record_ids(self) -> tuple[UUID, ...]:
        """The members."""
        return tuple(self.relationships)

    @property
    def household_numbers(self) -> tuple[str, ...]:
        """The household."""
        return (self.household_number,)

    def effects(self, scene: Scene) -> tuple[Effect, ...]:
        """What it does: householder and 続柄 in the record of every member that it names."""
        members = scene.members[self.household_number]
        named = [one for one in members if one.record_id in self.relationships]
        words = {one.record_id: self.relationships[one.record_id] for one in named}
        head = next((one for one in named if words[one.record_id] == HOUSEHOLDER), None)
        shown: dict[str, Cell] = {
            **householder_cells(head),
            "processed_on": scene.when.processed_on.isoformat(),
        }
        return tuple(
            Effect(
                one.record_id,
                What.CHANGES,
                "householder_changed",
                {**shown, "relationship": words[one.record_id]},
                _remark(one.householder_name),
            )
            for one in named
        )

    def to_body(self) -> dict[str, Any]:
        """The JSON object of the statement."""
        words = {str(one): word for one, word in self.relationships.items()}
        return {"household_number": self.household_number, "relationships": words}

    @classmethod
    def from_body(cls, v: int, body: Mapping[str, Any]) -> Self:
        """The statement in a ledger row's body."""
        assert v == cls.v, f"householder_changed v{v} is not known"
        words = {UUID(one): word for one, word in body["relationships"].items()}
        return cls(household_number=body["household_number"], relationships=words)


def _remark(householder_name: str) -> str:
    return f"前世帯主 {householder_name}" if householder_name else ""

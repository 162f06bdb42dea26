"""死亡 (BRRA 8, STD 4.2.2.1): residents who have died; their records close."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Self
from uuid import UUID

from daicho.terms.changes.closing_cells import closes
from daicho.terms.changes.effects import Effect, Scene
from daicho.terms.changes.household_cells import left_by


@dataclass(frozen=True, slots=True, kw_only=True)
class Died:
    """死亡: of one person, or of several on one day. The day may be 不詳 and stands as entered."""

    kind: ClassVar[str] = "died"
    v: ClassVar[int] = 1

    record_ids: tuple[UUID, ...]

    @property
    def household_numbers(self) -> tuple[str, ...]:
        """The households are known by the records."""
        return ()

    def effects(self, scene: Scene) -> tuple[Effect, ...]:
        """What it does: the records close, and who heads those left behind."""
        when = scene.when
        cells = {
            "state": "died",
            "closing_reason": "died",
            "closing_event_on": when.occurred_on,
            "closed_on": when.processed_on.isoformat(),
        }
        dead = [closes(scene.befores[one], scene, "died", cells, "死亡") for one in self.record_ids]
        return (*dead, *left_by(self.record_ids, scene))

    def to_body(self) -> dict[str, Any]:
        """The JSON object of the statement."""
        return {"record_ids": [str(one) for one in self.record_ids]}

    @classmethod
    def from_body(cls, v: int, body: Mapping[str, Any]) -> Self:
        """The statement in a ledger row's body."""
        assert v == cls.v, f"died v{v} is not known"
        return cls(record_ids=tuple(UUID(one) for one in body["record_ids"]))

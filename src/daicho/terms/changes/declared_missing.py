"""失踪宣告による消除 (BRRA 8, STD 4.2.2.2): residents whom a court declared missing."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Self
from uuid import UUID

from daicho.terms.changes.closing_cells import closes
from daicho.terms.changes.effects import Effect, Scene
from daicho.terms.changes.household_cells import left_by


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclaredMissing:
    """失踪宣告による消除: of one person, or of several who are deemed dead from one day.

    The day of the change is that day (CC 31), as the notice says it; it may be 不詳. The 消除事由
    is 職権消除: 失踪 stands in the 異動事由.
    """

    kind: ClassVar[str] = "declared_missing"
    v: ClassVar[int] = 1

    record_ids: tuple[UUID, ...]

    @property
    def household_numbers(self) -> tuple[str, ...]:
        """The households are known by the records."""
        return ()

    def effects(self, scene: Scene) -> tuple[Effect, ...]:
        """What it does: the records close, and who heads those left behind."""
        cells = {
            "state": "closed",
            "closing_reason": "ex_officio",
            "closing_event_on": scene.when.occurred_on,
            "closed_on": scene.when.processed_on.isoformat(),
        }
        missing = [
            closes(scene.befores[one], scene, self.kind, cells, "失踪宣告")
            for one in self.record_ids
        ]
        return (*missing, *left_by(self.record_ids, scene))

    def to_body(self) -> dict[str, Any]:
        """The JSON object of the statement."""
        return {"record_ids": [str(one) for one in self.record_ids]}

    @classmethod
    def from_body(cls, v: int, body: Mapping[str, Any]) -> Self:
        """The statement in a ledger row's body."""
        assert v == cls.v, f"declared_missing v{v} is not known"
        return cls(record_ids=tuple(UUID(one) for one in body["record_ids"]))

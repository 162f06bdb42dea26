"""転出による消除 (STD 1.1.5): the records of those whose day of moving out has come close."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Self
from uuid import UUID

from daicho.terms.changes.closing_cells import closes
from daicho.terms.changes.effects import Effect, Scene
from daicho.terms.changes.household_cells import left_by
from daicho.terms.records import Record


@dataclass(frozen=True, slots=True, kw_only=True)
class MovedOutClosed:
    """転出による消除: on the 転出予定日, by the daily job or by a clerk.

    Where the 転入通知 came first and says an earlier day, its receipt has closed the record.
    """

    kind: ClassVar[str] = "moved_out_closed"
    v: ClassVar[int] = 1

    record_ids: tuple[UUID, ...]

    @property
    def household_numbers(self) -> tuple[str, ...]:
        """The households are known by the records."""
        return ()

    def effects(self, scene: Scene) -> tuple[Effect, ...]:
        """What it does: the records close, and who heads those left behind."""
        gone = [self._closed(scene.befores[one], scene) for one in self.record_ids]
        return (*gone, *left_by(self.record_ids, scene))

    def _closed(self, before: Record, scene: Scene) -> Effect:
        cells = {"state": "moved_out", "closed_on": scene.when.occurred_on}
        return closes(before, scene, before.closing_reason or "moved_out", cells)

    def to_body(self) -> dict[str, Any]:
        """The JSON object of the statement."""
        return {"record_ids": [str(one) for one in self.record_ids]}

    @classmethod
    def from_body(cls, v: int, body: Mapping[str, Any]) -> Self:
        """The statement in a ledger row's body."""
        assert v == cls.v, f"moved_out_closed v{v} is not known"
        return cls(record_ids=tuple(UUID(one) for one in body["record_ids"]))

"""個人番号の指定 (MNA 7, STD 4.4): the number that the 機構 made becomes that of the person."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Self
from uuid import UUID

from daicho.terms.changes.effects import Effect, Scene, What
from daicho.terms.changes.number_change_requested import EX_OFFICIO, REASONS_OF, REQUESTED
from daicho.terms.records import Cell

NEW = "new"
GROUNDS: Mapping[str, str] = {NEW: "individual_number_assigned", **REASONS_OF}
"""指定の事由: the first number, or another by request or ex officio; each with its 異動事由."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberAssigned:
    """個人番号の指定・変更: the number has come (番号法7条1項・2項); `ground` is one of GROUNDS.

    The number itself is in no statement: it goes to the vault beside it. Where another one was
    held, that one ends with it.
    """

    kind: ClassVar[str] = "number_assigned"
    v: ClassVar[int] = 1

    ground: str
    record_ids: tuple[UUID, ...]

    @property
    def household_numbers(self) -> tuple[str, ...]:
        """The households are known by the records."""
        return ()

    @property
    def changes_another(self) -> bool:
        """番号の変更: is there one before it that ends?"""
        return self.ground in (REQUESTED, EX_OFFICIO)

    def effects(self, scene: Scene) -> tuple[Effect, ...]:
        """What it does: the record says that there is a number."""
        cells: dict[str, Cell] = {
            "individual_number_state": "held",
            "processed_on": scene.when.processed_on.isoformat(),
        }
        reason = GROUNDS[self.ground]
        return tuple(Effect(one, What.CHANGES, reason, cells) for one in self.record_ids)

    def to_body(self) -> dict[str, Any]:
        """The JSON object of the statement."""
        return {"ground": self.ground, "record_ids": [str(one) for one in self.record_ids]}

    @classmethod
    def from_body(cls, v: int, body: Mapping[str, Any]) -> Self:
        """The statement in a ledger row's body."""
        assert v == cls.v, f"number_assigned v{v} is not known"
        return cls(ground=body["ground"], record_ids=tuple(map(UUID, body["record_ids"])))

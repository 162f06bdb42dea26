"""個人番号の変更の請求・職権 (MNA 7(2), STD 4.4): another number is asked for."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Self
from uuid import UUID

from daicho.terms.changes.effects import Effect, Scene, What

REQUESTED, EX_OFFICIO = "requested", "ex_officio"
REASONS_OF: Mapping[str, str] = {
    REQUESTED: "individual_number_changed",
    EX_OFFICIO: "individual_number_corrected",
}
"""変更の事由: by the person's 請求, or 職権 where the mayor knows of it; each with its 異動事由.

The standard (7.1.2.1) calls the change ex officio 個人番号の職権修正.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberChangeRequested:
    """個人番号の変更の請求・職権: the 機構 is to make another number for a resident who has one.

    `circumstance` is a code of the law's table: what happened to the number. `in_writing`: the
    person's 請求書 with the reason is there. The number held stays valid until another is assigned.
    """

    kind: ClassVar[str] = "number_change_requested"
    v: ClassVar[int] = 1

    record_id: UUID
    ground: str
    circumstance: str
    in_writing: bool = False

    @property
    def record_ids(self) -> tuple[UUID, ...]:
        """Whose number it is."""
        return (self.record_id,)

    @property
    def household_numbers(self) -> tuple[str, ...]:
        """The household is known by the record."""
        return ()

    def effects(self, scene: Scene) -> tuple[Effect, ...]:
        """What it does: nothing in the record but the day of processing."""
        cells = {"processed_on": scene.when.processed_on.isoformat()}
        return (Effect(self.record_id, What.CHANGES, REASONS_OF[self.ground], cells),)

    def to_body(self) -> dict[str, Any]:
        """The JSON object of the statement."""
        return {
            "record_id": str(self.record_id),
            "ground": self.ground,
            "circumstance": self.circumstance,
            "in_writing": self.in_writing,
        }

    @classmethod
    def from_body(cls, v: int, body: Mapping[str, Any]) -> Self:
        """The statement in a ledger row's body."""
        assert v == cls.v, f"number_change_requested v{v} is not known"
        return cls(
            record_id=UUID(body["record_id"]),
            ground=body["ground"],
            circumstance=body["circumstance"],
            in_writing=body["in_writing"],
        )

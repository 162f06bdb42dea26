"""住民票コードの変更・修正・記載 (BRRA 30-4, STD 4.3.2): a resident's record gets another code."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Self
from uuid import UUID

from daicho.terms.changes.effects import Effect, Scene, What

CODE = "resident_record_code"


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordCodeChanged:
    """住民票コードの変更請求, 職権修正 or 職権記載, as `ground` says: changed, corrected, entered.

    `code` is the right code where it is known; blank, the door draws one of the stock.
    `in_writing`: the 変更請求書 is there. Nothing is said of the day or of the former code in
    統合記載欄: the standard keeps no such item (4.3.2), and the version before has the former code.
    """

    kind: ClassVar[str] = "record_code_changed"
    v: ClassVar[int] = 1

    record_id: UUID
    ground: str
    code: str = ""
    in_writing: bool = False

    @property
    def record_ids(self) -> tuple[UUID, ...]:
        """The one person: a code is of nobody else."""
        return (self.record_id,)

    @property
    def household_numbers(self) -> tuple[str, ...]:
        """The household is known by the record."""
        return ()

    @property
    def reason(self) -> str:
        """異動事由: 住民票コードの変更請求, 職権修正 or 職権記載."""
        return f"record_code_{self.ground}"

    def effects(self, scene: Scene) -> tuple[Effect, ...]:
        """What it does: the code, blank for as long as the door has not drawn it."""
        processed_on = scene.when.processed_on.isoformat()
        cells = {CODE: self.code, "processed_on": processed_on}
        return (Effect(self.record_id, What.CHANGES, self.reason, cells),)

    def to_body(self) -> dict[str, Any]:
        """The JSON object of the statement."""
        return {
            "record_id": str(self.record_id),
            "ground": self.ground,
            "code": self.code,
            "in_writing": self.in_writing,
        }

    @classmethod
    def from_body(cls, v: int, body: Mapping[str, Any]) -> Self:
        """The statement in a ledger row's body."""
        assert v == cls.v, f"record_code_changed v{v} is not known"
        return cls(**{**body, "record_id": UUID(body["record_id"])})

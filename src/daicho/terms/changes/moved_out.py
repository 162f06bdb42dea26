"""転出 (BRRA 24): residents who say that they move out, to another town or abroad."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Self
from uuid import UUID

from daicho.terms.changes.effects import Effect, Scene, What
from daicho.terms.dates import from_cell
from daicho.terms.records import Cell, Record, difference, laid_on
from daicho.terms.records.items import ADDRESS_PARTS


@dataclass(frozen=True, slots=True, kw_only=True)
class MovedOut:
    """国内転出・国外転出: the day of the change is the 転出予定日, `destination` the planned cells.

    Whoever says so stays a resident, with plans, until that day or until the 転入通知 says an
    earlier one (1.1.5). Saying so again replaces the plans. `special` is a 転出 under 24条の2: no
    転出証明書 is given, the 転出証明書情報 is sent instead (4.1.3.0.4).
    """

    kind: ClassVar[str] = "moved_out"
    v: ClassVar[int] = 1

    abroad: bool
    destination: Mapping[str, Cell]
    record_ids: tuple[UUID, ...]
    special: bool = False

    @property
    def household_numbers(self) -> tuple[str, ...]:
        """The households are known by the records."""
        return ()

    @property
    def reason(self) -> str:
        """異動事由: 国内転出 or 国外転出."""
        return "moved_out_abroad" if self.abroad else "moved_out"

    def effects(self, scene: Scene) -> tuple[Effect, ...]:
        """What it does: the plans of each who moves; nobody's record closes yet."""
        return tuple(self._planned(scene.befores[one], scene) for one in self.record_ids)

    def _planned(self, before: Record, scene: Scene) -> Effect:
        when = scene.when
        blank = {f"planned_destination_{part}": "" for part in ADDRESS_PARTS}
        after = laid_on(
            before,
            {
                **blank,
                **self.destination,
                "closing_reason": self.reason,
                "closing_event_on": when.occurred_on,
                "closing_notified_on": when.received_on.isoformat() if when.received_on else None,
                "processed_on": when.processed_on.isoformat(),
            },
        )
        remark = f"{from_cell(when.occurred_on).in_wareki()}転出（予定）"
        cells = difference(before, after)
        return Effect(
            before.record_id, What.CHANGES, self.reason, cells, remark, special=self.special
        )

    def to_body(self) -> dict[str, Any]:
        """The JSON object of the statement."""
        return {
            "abroad": self.abroad,
            "destination": dict(self.destination),
            "record_ids": [str(one) for one in self.record_ids],
            **({"special": True} if self.special else {}),
        }

    @classmethod
    def from_body(cls, v: int, body: Mapping[str, Any]) -> Self:
        """The statement in a ledger row's body."""
        assert v == cls.v, f"moved_out v{v} is not known"
        movers = tuple(UUID(one) for one in body["record_ids"])
        return cls(
            abroad=body["abroad"],
            destination=body["destination"],
            record_ids=movers,
            special=body.get("special", False),  # rows from before there was the choice
        )

"""転入通知の受理 (BRRA 9(1), STD 4.1.3.1.1): what the new town says of those who came to it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar, Self
from uuid import UUID

from daicho.terms.changes.closing_cells import LEAVING, closes
from daicho.terms.changes.effects import Effect, Scene, What
from daicho.terms.changes.household_cells import left_by
from daicho.terms.records import Cell, Record, difference, laid_on
from daicho.terms.records.items import ADDRESS_PARTS


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveInNoticeReceived:
    """転入通知の受理: the day of the change is the 転入日 that the notice states.

    `destination` are the confirmed cells, `noticed_on` the 転入通知年月日. What was planned stays
    beside. A resident's record closes by it; one that has closed gets an added row, and an earlier
    day of closing where the notice states one.
    """

    kind: ClassVar[str] = "move_in_notice_received"
    v: ClassVar[int] = 1

    noticed_on: date
    destination: Mapping[str, Cell]
    record_ids: tuple[UUID, ...]

    @property
    def household_numbers(self) -> tuple[str, ...]:
        """The households are known by the records."""
        return ()

    def effects(self, scene: Scene) -> tuple[Effect, ...]:
        """What it does: 確定 beside 予定, and the closing of who was still a resident."""
        befores = [scene.befores[one] for one in self.record_ids]
        living = [one.record_id for one in befores if one.is_living]
        effects = [
            self._closed(one, scene) if one.is_living else self._added(one, scene)
            for one in befores
        ]
        return (*effects, *left_by(living, scene))

    def _confirmed(self, before: Record, scene: Scene) -> dict[str, Cell]:
        blank = {f"confirmed_destination_{part}": "" for part in ADDRESS_PARTS}
        confirmed: dict[str, Cell] = {
            **blank,
            **self.destination,
            "moved_in_notice_on": self.noticed_on.isoformat(),
            "moved_out_on": scene.when.occurred_on,
        }
        if before.is_living or before.closing_reason in LEAVING:
            confirmed["closed_on"] = _closes_on(before, scene.when.occurred_on)
        return confirmed

    def _closed(self, before: Record, scene: Scene) -> Effect:
        reason = before.closing_reason or "moved_out"
        event_on = None if before.closing_event_on else scene.when.occurred_on
        cells: dict[str, Cell] = {
            **self._confirmed(before, scene),
            "state": "moved_out",
            "closing_reason": reason,
            **({"closing_event_on": event_on} if event_on else {}),
        }
        return closes(before, scene, reason, cells)

    def _added(self, before: Record, scene: Scene) -> Effect:
        processed_on = scene.when.processed_on.isoformat()
        confirmed = self._confirmed(before, scene)
        after = laid_on(before, {**confirmed, "processed_on": processed_on})
        # the state stands in the row: where the day is earlier, so was the closing
        cells = {**difference(before, after), "state": after.state}
        return Effect(before.record_id, What.CHANGES, "moved_out_notice_received", cells)

    def to_body(self) -> dict[str, Any]:
        """The JSON object of the statement."""
        return {
            "noticed_on": self.noticed_on.isoformat(),
            "destination": dict(self.destination),
            "record_ids": [str(one) for one in self.record_ids],
        }

    @classmethod
    def from_body(cls, v: int, body: Mapping[str, Any]) -> Self:
        """The statement in a ledger row's body."""
        assert v == cls.v, f"move_in_notice_received v{v} is not known"
        return cls(
            noticed_on=date.fromisoformat(body["noticed_on"]),
            destination=body["destination"],
            record_ids=tuple(UUID(one) for one in body["record_ids"]),
        )


def _closes_on(before: Record, moved_in_on: str) -> str:
    """The earlier of the 転出予定日 and the 転入日 (1.1.5)."""
    planned = before.closing_event_on
    if planned is None or not planned.certain:
        return moved_in_on
    return min(planned.sort_on.isoformat(), moved_in_on)

"""転入 (BRRA 22, 30-46, 30-47): persons who come to live here, from another town or from abroad."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Self
from uuid import UUID

from daicho.terms.changes.effects import Effect, Scene, What
from daicho.terms.changes.household_cells import householder_cells, householder_of
from daicho.terms.records import Cell, from_row

EVIDENCE = ("certificate", "equivalent", "message", "")
"""転入の証明: 転出証明書, 準ずる証明書, 転出証明書情報, or none (from abroad)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MovedIn:
    """転入: `movers` are each one's own cells (record_id, 宛名番号, names, 続柄, 転入前住所 …).

    What all share stands once: the household they make or join, and `address`, the cells of the
    new 住所. What follows from the days (住民となった年月日 …) is reckoned, not stated.

    `planned_on` is the 転出の予定日 that the 転出証明書情報 tells, as a cell. `becomes_foreign`
    is said of who lives here already and becomes a 中長期在留者等 (30-47); `from_abroad` is true
    then too, for the reason is 国外転入等. A mover whose `ward` is blank has that of the household
    that is joined.
    """

    kind: ClassVar[str] = "moved_in"
    v: ClassVar[int] = 1

    from_abroad: bool
    evidence: str
    joins: bool
    household_number: str
    address: Mapping[str, Cell]
    movers: tuple[Mapping[str, Cell], ...]
    planned_on: str = ""
    becomes_foreign: bool = False

    @property
    def record_ids(self) -> tuple[UUID, ...]:
        """The persons it enters."""
        return tuple(UUID(str(mover["record_id"])) for mover in self.movers)

    @property
    def household_numbers(self) -> tuple[str, ...]:
        """The households it touches."""
        return (self.household_number,)

    @property
    def reason(self) -> str:
        """異動事由: 国内転入 or 国外転入等."""
        return "moved_in_from_abroad" if self.from_abroad else "moved_in"

    def effects(self, scene: Scene) -> tuple[Effect, ...]:
        """What it does: one new record a mover, in the order they were entered."""
        there = scene.members.get(self.household_number, ())
        ward = next((one.ward for one in there if self.joins), "")
        rows = [
            {**mover, "ward": mover.get("ward") or ward, **self._shared(mover, scene)}
            for mover in self.movers
        ]
        entering = [from_row(row) for row in rows]
        head = householder_of((*there, *entering))
        shown = householder_cells(head)
        return tuple(
            Effect(
                record_id,
                What.OPENS,
                self.reason,
                {c: cell for c, cell in {**row, **shown}.items() if cell not in ("", None)},
            )
            for record_id, row in zip(self.record_ids, rows, strict=True)
        )

    def _shared(self, mover: Mapping[str, Cell], scene: Scene) -> dict[str, Cell]:
        when = scene.when
        foreign = mover.get("resident_class") == "foreign"
        since = "foreign_resident_since_on" if foreign else "resident_since_on"
        received = when.received_on.isoformat() if when.received_on else None
        return {
            **self.address,
            "household_number": self.household_number,
            "state": "living",
            # the later of becoming a listed class and becoming a resident may have been stated
            since: mover.get(since) or when.occurred_on,
            # stored equal until a 転居, and printed blank (4.1.1.1)
            "address_since_on": mover.get(since) or when.occurred_on,
            "notified_on": received or when.processed_on.isoformat(),
            "processed_on": when.processed_on.isoformat(),
        }

    def to_body(self) -> dict[str, Any]:
        """The JSON object of the statement."""
        return {
            "from_abroad": self.from_abroad,
            "evidence": self.evidence,
            "joins": self.joins,
            "household_number": self.household_number,
            "address": dict(self.address),
            "movers": [dict(mover) for mover in self.movers],
            **({"planned_on": self.planned_on} if self.planned_on else {}),
            **({"becomes_foreign": True} if self.becomes_foreign else {}),
        }

    @classmethod
    def from_body(cls, v: int, body: Mapping[str, Any]) -> Self:
        """The statement in a ledger row's body."""
        assert v == cls.v, f"moved_in v{v} is not known"
        return cls(**{**body, "movers": tuple(body["movers"])})

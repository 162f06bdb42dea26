"""出生 (BRRA 8, STD 4.2.1.2): a child born to a household; the record opens ex officio."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Self
from uuid import UUID

from daicho.terms.changes.effects import Effect, Scene, What
from daicho.terms.changes.household_cells import householder_cells, householder_of
from daicho.terms.records import Cell, from_row, to_row
from daicho.terms.records.items import ADDRESS_PARTS


@dataclass(frozen=True, slots=True, kw_only=True)
class Born:
    """出生: `children` are each one's own cells (record_id, 宛名番号, names, 続柄, 戸籍 …).

    The household gives 住所 and householder. The day of the change is the day of birth: it is not
    said a second time, may be 不詳, and is the day of becoming a resident.
    """

    kind: ClassVar[str] = "born"
    v: ClassVar[int] = 1

    household_number: str
    children: tuple[Mapping[str, Cell], ...]

    @property
    def record_ids(self) -> tuple[UUID, ...]:
        """The newborns."""
        return tuple(UUID(str(child["record_id"])) for child in self.children)

    @property
    def household_numbers(self) -> tuple[str, ...]:
        """The household they are born to."""
        return (self.household_number,)

    def effects(self, scene: Scene) -> tuple[Effect, ...]:
        """What it does: one new record a child; nothing where the household has no member."""
        members = scene.members.get(self.household_number, ())
        if not members:
            return ()
        home = to_row(members[0])
        shared: dict[str, Cell] = {
            **{f"address_{part}": home[f"address_{part}"] for part in ADDRESS_PARTS},
            **householder_cells(householder_of(members)),
            "household_number": self.household_number,
            "ward": home["ward"],
            "state": "living",
            "individual_number_state": "pending",
            "born_on": scene.when.occurred_on,
            "address_since_on": scene.when.occurred_on,
            # 7条8号: of who is entered ex officio the day of that entry
            "notified_on": scene.when.processed_on.isoformat(),
            "processed_on": scene.when.processed_on.isoformat(),
        }
        return tuple(self._opened(child, shared) for child in self.children)

    def _opened(self, child: Mapping[str, Cell], shared: Mapping[str, Cell]) -> Effect:
        foreign = child.get("resident_class") == "foreign"
        since = "foreign_resident_since_on" if foreign else "resident_since_on"
        entered = from_row({**child, **shared, since: shared["born_on"]})
        cells = {c: cell for c, cell in to_row(entered).items() if cell not in ("", None, False)}
        return Effect(entered.record_id, What.OPENS, self.kind, cells)

    def to_body(self) -> dict[str, Any]:
        """The JSON object of the statement."""
        children = [dict(child) for child in self.children]
        return {"household_number": self.household_number, "children": children}

    @classmethod
    def from_body(cls, v: int, body: Mapping[str, Any]) -> Self:
        """The statement in a ledger row's body."""
        assert v == cls.v, f"born v{v} is not known"
        return cls(household_number=body["household_number"], children=tuple(body["children"]))

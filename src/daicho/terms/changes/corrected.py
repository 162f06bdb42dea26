"""職権修正・誤記修正 (BRRA 8, STD 4.2.3): items that change or were wrong, corrected ex officio."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar, Self
from uuid import UUID

from daicho.terms.calendar_dates import wareki
from daicho.terms.changes.effects import Effect, Scene, What
from daicho.terms.changes.household_cells import HOUSEHOLDER, householder_cells
from daicho.terms.dates import RegisterDate
from daicho.terms.records import ITEMS, Cell, Record, difference, laid_on
from daicho.terms.records.items import Item, Remarks, code_text

# What other kinds change, or what is reckoned; none of them is an item that a clerk corrects.
_BY_OTHERS = {
    "record_id",
    "address_number",
    "household_number",
    "ward",
    "resident_class",
    "state",
    "remade_on",
    "householder_name",
    "householder_name_kana",
    "individual_number_state",
    "resident_record_code",
    "processed_on",
}
CORRECTABLE = frozenset(
    one.column for one in ITEMS if not one.closed_only and one.column not in _BY_OTHERS
)
"""修正できる項目: the columns whose cells a correction may state."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Corrected:
    """職権修正, or 誤記修正 where `is_error`: the new cells of each person, nothing overwritten.

    A closed record takes no new cells: what was wrong in it is said by `note`, the 留意事項 of
    統合記載欄 (1.1.5). A householder's new name goes into the record of every member (4.2.3.1).
    """

    kind: ClassVar[str] = "corrected"
    v: ClassVar[int] = 1

    is_error: bool
    items: Mapping[UUID, Mapping[str, Cell]]
    note: str = ""

    @property
    def record_ids(self) -> tuple[UUID, ...]:
        """The persons whose records are corrected."""
        return tuple(self.items)

    @property
    def household_numbers(self) -> tuple[str, ...]:
        """The households are known by the records."""
        return ()

    @property
    def reason(self) -> str:
        """異動事由: 誤記修正 or 職権修正."""
        return "corrected_error" if self.is_error else "corrected_ex_officio"

    def corrections(self, scene: Scene) -> Mapping[UUID, Mapping[str, Cell]]:
        """修正: of each named person the cells that become different."""
        found = {}
        for record_id, cells in self.items.items():
            before = scene.befores[record_id]
            stated = {c: cell for c, cell in cells.items() if c in CORRECTABLE}
            found[record_id] = difference(before, laid_on(before, stated))
        return found

    def effects(self, scene: Scene) -> tuple[Effect, ...]:
        """What it does: the corrected cells, and a householder's new name in all records."""
        laid = {one: dict(cells) for one, cells in self.corrections(scene).items()}
        for number in {scene.befores[one].household_number for one in laid}:
            for one, shown in _renamed(scene.members.get(number, ()), laid).items():
                laid[one] = {**laid.get(one, {}), **shown}
        processed: dict[str, Cell] = {"processed_on": scene.when.processed_on.isoformat()}
        known = {one.record_id: one for members in scene.members.values() for one in members}
        known.update(scene.befores)
        return tuple(
            Effect(
                one,
                What.CHANGES,
                self.reason,
                {**cells, **processed},
                _remark(known[one], cells),
                self.note if one in self.items else "",
            )
            for one, cells in laid.items()
        )

    def to_body(self) -> dict[str, Any]:
        """The JSON object of the statement."""
        items = {str(one): dict(cells) for one, cells in self.items.items()}
        return {"is_error": self.is_error, "items": items, "note": self.note}

    @classmethod
    def from_body(cls, v: int, body: Mapping[str, Any]) -> Self:
        """The statement in a ledger row's body."""
        assert v == cls.v, f"corrected v{v} is not known"
        return cls(**{**body, "items": {UUID(one): c for one, c in body["items"].items()}})


def _renamed(
    members: tuple[Record, ...], laid: Mapping[UUID, Mapping[str, Cell]]
) -> dict[UUID, dict[str, Cell]]:
    """The householder's new name for every member; nothing where it stays."""
    head = next((one for one in members if one.relationship == HOUSEHOLDER), None)
    if head is None or head.record_id not in laid:
        return {}
    shown = householder_cells(laid_on(head, laid[head.record_id]))
    if shown == householder_cells(head):
        return {}
    return {one.record_id: shown for one in members}


def _remark(before: Record, cells: Mapping[str, Cell]) -> str:
    """A類型: what stood there before, of the items whose history is written."""
    changed = [one for one in ITEMS if one.column in cells and one.remarks is Remarks.HISTORY]
    said = dict.fromkeys(_said(one, before) for one in changed)
    return "、".join(one for one in said if one)


def _said(one: Item, before: Record) -> str:
    value = getattr(before, one.part_of).written if one.part_of else _text(one, before)
    return f"修正前{one.title} {value}" if value else ""


def _text(one: Item, before: Record) -> str:
    value = getattr(before, one.column)
    if isinstance(value, RegisterDate):
        return value.in_wareki()
    if isinstance(value, date):
        return wareki(value)
    return code_text(one.codes, value) if one.codes else str(value or "")

"""異動の取消し (STD 4.6.0.1): the records stand again as before a change, by added rows."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Self
from uuid import UUID

from daicho.terms.addresses import Address
from daicho.terms.changes.effects import Effect, Scene, Undone, What
from daicho.terms.changes.household_cells import (
    HOUSEHOLD_COLUMNS,
    householder_cells,
    householder_of,
    left_by,
    set_apart,
)
from daicho.terms.records import Cell, Record, difference, laid_on, to_row

OF_NUMBERS = ("number_change_requested", "number_assigned")
"""個人番号の異動: what the 機構 was asked and has made, no register can take back. An earlier
change is cancelled as if they were not there, for they change nothing else."""
NOT_CANCELLABLE = ("cancelled", "imported", *OF_NUMBERS)
"""取り消せない異動: a cancellation itself, a row of an older system, those of the 個人番号."""

# Changes of address, by which a household that nobody is left of has ended. By another closing, as
# by a death, it has not: who lived alone comes back to their own.
_ENDS_HOUSEHOLD = ("moved_within", "moved_out_closed", "move_in_notice_received")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cancelled:
    """異動の取消し (増・減・修正): of the change with the id `cancels`, for `record_ids`.

    They are all or part of whom it touched.

    The change and its cancellation both stay in the history. The day of the change is that of the
    cancelled one, or the day of processing where that one is still to come. Whoever left a
    household that is no longer at the old address makes a new one there, `household_number`.
    """

    kind: ClassVar[str] = "cancelled"
    v: ClassVar[int] = 1

    cancels: int
    record_ids: tuple[UUID, ...]
    household_number: str = ""

    @property
    def household_numbers(self) -> tuple[str, ...]:
        """The new household, if any; the others are known by the records, as they were before."""
        return (self.household_number,) if self.household_number else ()

    def homeless(self, scene: Scene) -> tuple[UUID, ...]:
        """戻る世帯のない者: who cannot return to their former household (4.6.0.1).

        It has ended, or those who are left of it live at another address now.
        """
        back = self._restored(scene)
        return tuple(one for one, after in back.items() if _is_homeless(after, back, scene))

    def effects(self, scene: Scene) -> tuple[Effect, ...]:
        """What it does: each person stands as before that change, under the householder of now."""
        undone = scene.undone
        if undone is None:
            return ()
        afters = self._restored(scene)
        if self.household_number:
            new = {one: afters[one] for one in self.homeless(scene)}
            afters |= set_apart(new, self.household_number, scene)
        effects = [
            self._effect(scene.befores[one], _headed(after, afters, scene), undone)
            for one, after in afters.items()
        ]
        leaving = [
            one
            for one, after in afters.items()
            if scene.befores[one].is_living and _leaves(scene.befores[one], after)
        ]
        left = (one for one in left_by(leaving, scene) if one.record_id not in afters)
        return (*effects, *left)

    def _restored(self, scene: Scene) -> dict[UUID, Record]:
        undone = scene.undone
        if undone is None:
            return {}
        named = [one for one in self.record_ids if one in undone.effects]
        return {one: _restored(scene.befores[one], undone, scene) for one in named}

    def _effect(self, now: Record, after: Record, undone: Undone) -> Effect:
        what = undone.effects[now.record_id].what
        if what is What.OPENS:
            cells = difference(now, after)
            return Effect(now.record_id, What.CLOSES, "cancelled_removing", cells)
        row = to_row(after)
        if what is What.CLOSES:
            cells = {c: cell for c, cell in row.items() if cell not in ("", None, False)}
            return Effect(now.record_id, What.OPENS, "cancelled_adding", cells)
        cells = difference(now, after)
        if self.household_number and after.household_number == self.household_number:
            # the new household says all of itself: laid on what was before, nothing else would
            cells |= {column: row[column] for column in HOUSEHOLD_COLUMNS}
        return Effect(now.record_id, What.CHANGES, "cancelled_correcting", cells)

    def to_body(self) -> dict[str, Any]:
        """The JSON object of the statement."""
        new = {"household_number": self.household_number} if self.household_number else {}
        record_ids = [str(one) for one in self.record_ids]
        return {"cancels": self.cancels, "record_ids": record_ids, **new}

    @classmethod
    def from_body(cls, v: int, body: Mapping[str, Any]) -> Self:
        """The statement in a ledger row's body."""
        assert v == cls.v, f"cancelled v{v} is not known"
        return cls(
            cancels=body["cancels"],
            record_ids=tuple(map(UUID, body["record_ids"])),
            household_number=body.get("household_number", ""),  # rows from before it could be said
        )


def _restored(now: Record, undone: Undone, scene: Scene) -> Record:
    effect = undone.effects[now.record_id]
    processed_on = scene.when.processed_on.isoformat()
    if effect.what is What.OPENS:
        closed: dict[str, Cell] = {
            "state": "closed",
            "closing_reason": "cancelled",
            "closing_event_on": scene.when.occurred_on,
            "closed_on": processed_on,
        }
        return laid_on(now, {**closed, "processed_on": processed_on})
    before = to_row(undone.befores[now.record_id])
    back = {column: before[column] for column in effect.cells}
    return laid_on(now, {**back, "processed_on": processed_on})


def _is_homeless(after: Record, back: Mapping[UUID, Record], scene: Scene) -> bool:
    undone = scene.undone
    assert undone is not None, "only a change that is there restores anyone"
    has_left = undone.kind in _ENDS_HOUSEHOLD or undone.effects[after.record_id].what is What.CLOSES
    if not after.is_living or not has_left:
        return False
    members = scene.members.get(after.household_number, ())
    others = [one for one in members if one.record_id not in back]
    if others:
        return all(_plain(one.address) != _plain(after.address) for one in others)
    # where those who return are its members still, the household has not ended
    return not members and undone.kind in _ENDS_HOUSEHOLD


def _plain(address: Address) -> str:
    """Width and spaces do not make another place."""
    return "".join(unicodedata.normalize("NFKC", address.written).split())


def _leaves(now: Record, after: Record) -> bool:
    return not after.is_living or now.household_number != after.household_number


def _headed(after: Record, afters: Mapping[UUID, Record], scene: Scene) -> Record:
    """The record under the householder that its household has once all are back."""
    if not after.is_living:
        return after
    there = scene.members.get(after.household_number, ())
    back = [
        one
        for one in afters.values()
        if one.is_living and one.household_number == after.household_number
    ]
    head = householder_of((*(one for one in there if one.record_id not in afters), *back))
    if head is None:
        return after
    return laid_on(after, householder_cells(head))

"""異動の取消し (STD 4.6.0.1): the records stand again as before a change, by added rows."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Self
from uuid import UUID

from daicho.terms.changes.effects import Effect, Scene, Undone, What, difference
from daicho.terms.changes.household_cells import householder_cells, householder_of, left_by
from daicho.terms.records import Cell, Record, from_row, to_row

NOT_CANCELLABLE = ("cancelled", "imported")
"""取り消せない異動: a cancellation itself, and a row of an older system."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cancelled:
    """異動の取消し (増・減・修正): of the change with the id `cancels`, for `record_ids`.

    They are all or part of whom it touched.

    The change and its cancellation both stay in the history. The day of the change is that of the
    cancelled one, or the day of processing where that one is still to come.
    """

    kind: ClassVar[str] = "cancelled"
    v: ClassVar[int] = 1

    cancels: int
    record_ids: tuple[UUID, ...]

    @property
    def household_numbers(self) -> tuple[str, ...]:
        """The households are known by the records, and by what they were before."""
        return ()

    def effects(self, scene: Scene) -> tuple[Effect, ...]:
        """What it does: each person stands as before that change, under the householder of now."""
        undone = scene.undone
        if undone is None:
            return ()
        named = [one for one in self.record_ids if one in undone.effects]
        afters = {one: _restored(scene.befores[one], undone, scene) for one in named}
        effects = [
            _effect(scene.befores[one], _headed(after, afters, scene), undone)
            for one, after in afters.items()
        ]
        removed = [one.record_id for one in effects if one.what is What.CLOSES]
        return (*effects, *left_by(removed, scene))

    def to_body(self) -> dict[str, Any]:
        """The JSON object of the statement."""
        return {"cancels": self.cancels, "record_ids": [str(one) for one in self.record_ids]}

    @classmethod
    def from_body(cls, v: int, body: Mapping[str, Any]) -> Self:
        """The statement in a ledger row's body."""
        assert v == cls.v, f"cancelled v{v} is not known"
        return cls(cancels=body["cancels"], record_ids=tuple(map(UUID, body["record_ids"])))


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
        return from_row({**to_row(now), **closed, "processed_on": processed_on})
    before = to_row(undone.befores[now.record_id])
    back = {column: before[column] for column in effect.cells}
    return from_row({**to_row(now), **back, "processed_on": processed_on})


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
    return from_row({**to_row(after), **householder_cells(head)})


def _effect(now: Record, after: Record, undone: Undone) -> Effect:
    what = undone.effects[now.record_id].what
    if what is What.OPENS:
        cells = difference(now, after)
        return Effect(now.record_id, What.CLOSES, "cancelled_removing", cells)
    if what is What.CLOSES:
        row = {c: cell for c, cell in to_row(after).items() if cell not in ("", None, False)}
        return Effect(now.record_id, What.OPENS, "cancelled_adding", row)
    return Effect(now.record_id, What.CHANGES, "cancelled_correcting", difference(now, after))

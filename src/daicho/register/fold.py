"""畳込み: from the ledger's rows of one person to the versions and the present state. Pure.

The fold of a change needs the person's rows alone: a body holds what it does to each person it
touches, so that any part of the register can be rebuilt by itself.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from daicho.terms.changes import Imported
from daicho.terms.changes.effects import Effect
from daicho.terms.records import Record, from_row


@dataclass(frozen=True, slots=True)
class Entry:
    """台帳の行: a ledger row as the fold sees it."""

    change_id: int
    kind: str
    v: int
    body: dict[str, Any]
    occurred_on: date | None
    processed_on: date
    recorded_at: datetime

    @property
    def effect(self) -> tuple[date, int]:
        """The order of effect: the day from which it holds, then the order of recording."""
        return (self.occurred_on or self.processed_on, self.change_id)


@dataclass(frozen=True, slots=True)
class Version:
    """履歴: one numbered full row of a person."""

    change_id: int
    history_no: int
    residence_no: int
    reason: str
    history_remark: str
    note: str
    record: Record


def versions(record_id: UUID, entries: Iterable[Entry]) -> Iterator[Version]:
    """The versions that a person's ledger rows make, in the order of recording."""
    yield from _folded(record_id, sorted(entries, key=lambda entry: entry.change_id))


def as_of(record_id: UUID, entries: Iterable[Entry], day: date) -> Version | None:
    """What was so on `day`, by these rows: the last to take effect; None before the first."""
    in_force = [entry for entry in entries if entry.effect[0] <= day]
    folded = tuple(_folded(record_id, sorted(in_force, key=lambda entry: entry.effect)))
    return folded[-1] if folded else None


def _folded(record_id: UUID, entries: Iterable[Entry]) -> Iterator[Version]:
    before: Record | None = None
    for entry in entries:
        fold = _imported if entry.kind == Imported.kind else _changed
        version = fold(record_id, entry, before)
        before = version.record
        yield version


def _imported(record_id: UUID, entry: Entry, before: Record | None) -> Version:
    """A row of an older system is the whole record, whatever stood before."""
    change = Imported.from_body(entry.v, entry.body)
    return Version(
        change_id=entry.change_id,
        history_no=change.history_no,
        residence_no=change.residence_no,
        reason=change.reason,
        history_remark=change.history_remark,
        note=change.note,
        record=from_row({**change.row, "record_id": str(record_id)}),
    )


def _changed(record_id: UUID, entry: Entry, before: Record | None) -> Version:
    """Any other change lays the cells of its effect on what stood before."""
    body = next(one for one in entry.body["effects"] if one["record_id"] == str(record_id))
    effect = Effect.from_body(body)
    return Version(
        change_id=entry.change_id,
        history_no=body["history_no"],
        residence_no=body["residence_no"],
        reason=effect.reason,
        history_remark=effect.history_remark,
        note=body.get("note", ""),
        record=effect.on(before),
    )

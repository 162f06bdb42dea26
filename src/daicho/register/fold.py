"""畳込み: from the ledger's rows of one person to the versions and the present state. Pure.

The fold of a change needs the person's rows alone: a body holds what it does to each person it
touches, so that any part of the register can be rebuilt by itself.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import groupby
from typing import Any
from uuid import UUID

from daicho.terms.changes import Cancelled, Imported
from daicho.terms.changes.cancelled import OF_NUMBERS
from daicho.terms.changes.effects import Effect, What
from daicho.terms.changes.household_cells import HOUSEHOLD_COLUMNS
from daicho.terms.dates import RegisterDate, certain, from_cell
from daicho.terms.records import Record, from_row


@dataclass(frozen=True, slots=True)
class Entry:
    """台帳の行: a ledger row as the fold sees it, with what a history shows beside."""

    change_id: int
    kind: str
    v: int
    body: dict[str, Any]
    received_on: date | None
    processed_on: date
    basis: str
    recorded_at: datetime

    @property
    def occurred_on(self) -> RegisterDate | None:
        """異動日: the date of the event as it was entered, certain or 不詳."""
        cell = self.body.get("occurred_on", "")
        return from_cell(cell) if cell else None


@dataclass(frozen=True, slots=True)
class Version:
    """履歴: one numbered full row of a person; `is_imported`: as an older system had written it."""

    change_id: int
    history_no: int
    residence_no: int
    reason: str
    history_remark: str
    note: str
    record: Record
    is_imported: bool = False


@dataclass(frozen=True)
class Residence:
    """居住期間: one time the person lived here; `state` is that of its last version."""

    residence_no: int
    since_on: date | None
    state: str
    closed_on: date | None


def versions(record_id: UUID, entries: Iterable[Entry]) -> Iterator[Version]:
    """The versions that a person's ledger rows make, in the order of recording."""
    yield from _folded(record_id, sorted(entries, key=lambda entry: entry.change_id))


def as_of(record_id: UUID, entries: Iterable[Entry], day: date) -> Version | None:
    """What was so on `day`, by these rows: those in force by then; None before the first.

    They are laid in the order of recording, as the present is: a row holds what it makes different
    from the rows recorded before it. By the days of the events, a plan that was entered before a
    death of an earlier day would be laid upon the death.
    """
    days = effects_on(record_id, _uncancelled(record_id, entries))
    folded = tuple(_folded(record_id, (entry for since, entry in days if since <= day)))
    return folded[-1] if folded else None


def residences(found: Iterable[Version]) -> Iterator[Residence]:
    """The times the person lived here, the oldest first, of all the person's versions."""
    for number, of_one in groupby(found, key=lambda one: one.residence_no):
        last = [*of_one][-1].record
        began = last.foreign_resident_since_on if last.is_foreign else last.resident_since_on
        closed = last.closing_event_on
        if last.state == "moved_out" and last.closed_on:  # the earlier of planned and confirmed
            closed = certain(last.closed_on)
        yield Residence(
            number,
            began.sort_on if began and began.certain else None,
            last.state or "living",
            closed.sort_on if closed and closed.certain else None,
        )


def last_in_force(record_id: UUID, entries: Iterable[Entry]) -> Entry | None:
    """最後の異動: the person's newest row that is neither cancelled for them nor their cancelling.

    Only this one may be cancelled (4.6.0.1), and only where its kind may be. Changes of the
    個人番号 do not count.
    """
    kept = list(entries)
    undoing = [
        one
        for one in kept
        if one.kind == Cancelled.kind and str(record_id) in one.body["said"]["record_ids"]
    ]
    gone = {one.change_id for one in undoing} | {one.body["said"]["cancels"] for one in undoing}
    in_force = (one for one in kept if one.change_id not in gone and one.kind not in OF_NUMBERS)
    return max(in_force, key=lambda one: one.change_id, default=None)


def _uncancelled(record_id: UUID, entries: Iterable[Entry]) -> list[Entry]:
    """The rows without what was cancelled and without the cancellation: it never was so.

    To lay the reverse of a change after it would leave the days between the two. A residence whose
    opening was cancelled never was, with all that its record says. Only a household that had to be
    made to return to is new, and stays (4.6.0.1).
    """
    kept = list(entries)
    cancelling = [
        entry
        for entry in kept
        if entry.kind == Cancelled.kind and str(record_id) in entry.body["said"]["record_ids"]
    ]
    gone = {entry.change_id for entry in cancelling}
    cancelled = {entry.body["said"]["cancels"] for entry in cancelling}
    never = {
        _residence_no(record_id, entry)
        for entry in kept
        if entry.change_id in cancelled and _effect_body(record_id, entry)["what"] == What.OPENS
    }
    returned = {one.change_id: one for one in _returned(record_id, cancelling)}
    return [
        returned.get(entry.change_id, entry)
        for entry in kept
        if entry.change_id not in (gone - returned.keys()) | cancelled
        if not never or _residence_no(record_id, entry) not in never
    ]


def _returned(record_id: UUID, cancelling: Iterable[Entry]) -> Iterator[Entry]:
    """Of each cancellation that made a new household for this person, that household alone."""
    for entry in cancelling:
        effect = _effect_body(record_id, entry)
        new = entry.body["said"].get("household_number")
        if not new or effect["cells"].get("household_number") != new:
            continue
        # an opening leaves its blank cells out; what was before must not show through
        cells = {column: effect["cells"].get(column, "") for column in HOUSEHOLD_COLUMNS}
        changes = {**effect, "what": What.CHANGES.value, "cells": cells}
        yield replace(entry, body={**entry.body, "effects": [changes]})


def effects_on(record_id: UUID, entries: Iterable[Entry]) -> list[tuple[date, Entry]]:
    """The day from which each row holds, in the order of recording.

    That is the day of the event, or the day of processing where the event's day cannot be told.
    Two things bound it. A row that is a whole record (an import) never takes effect before a row
    that was recorded earlier, for it would undo what it already contains; and nothing takes effect
    before the row that opened the residence it belongs to, whatever day was typed.
    """
    found: list[tuple[date, Entry]] = []
    opened: dict[int, date] = {}
    for entry in sorted(entries, key=lambda entry: entry.change_id):
        day = _told_day(entry) or entry.processed_on
        if day > entry.processed_on and not _closes(record_id, entry):
            day = entry.processed_on  # a plan is held from the day it was entered
        if entry.kind == Imported.kind:
            day = max((day, *(before for before, _ in found)))
        residence_no = _residence_no(record_id, entry)
        day = max(day, opened.setdefault(residence_no, day))
        found.append((day, entry))
    return found


def _told_day(entry: Entry) -> date | None:
    """The day of the event where its date bounds one; 不詳 and 頃 tell none."""
    told = entry.occurred_on
    return told.sort_on if told is not None and told.bounds is not None else None


def _residence_no(record_id: UUID, entry: Entry) -> int:
    if entry.kind == Imported.kind:
        return int(entry.body["residence_no"])
    return int(_effect_body(record_id, entry)["residence_no"])


def _closes(record_id: UUID, entry: Entry) -> bool:
    if entry.kind == Imported.kind:
        return bool(entry.body["row"].get("state", "living") != "living")
    return bool(_effect_body(record_id, entry)["what"] == What.CLOSES)


def _effect_body(record_id: UUID, entry: Entry) -> dict[str, Any]:
    bodies: list[dict[str, Any]] = entry.body["effects"]
    return next(one for one in bodies if one["record_id"] == str(record_id))


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
        is_imported=True,
    )


def _changed(record_id: UUID, entry: Entry, before: Record | None) -> Version:
    """Any other change lays the cells of its effect on what stood before."""
    body = _effect_body(record_id, entry)
    effect = Effect.from_body(body)
    return Version(
        change_id=entry.change_id,
        history_no=body["history_no"],
        residence_no=body["residence_no"],
        reason=effect.reason,
        history_remark=effect.history_remark,
        note=effect.note,
        record=effect.on(before),
    )

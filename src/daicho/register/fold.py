"""畳込み: from the ledger's rows of one person to the versions and the present state. Pure.

The fold of a change needs the person's rows alone: a body holds what it does to each person it
touches, so that any part of the register can be rebuilt by itself.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from daicho.terms import changes
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
    for entry in sorted(entries, key=lambda entry: entry.change_id):
        yield _apply(record_id, entry)


def as_of(record_id: UUID, entries: Iterable[Entry], day: date) -> Version | None:
    """What was so on `day`, by these rows: the last to take effect; None before the first."""
    latest = None
    for entry in sorted(entries, key=lambda entry: entry.effect):
        if entry.effect[0] > day:
            break
        latest = _apply(record_id, entry)
    return latest


def _apply(record_id: UUID, entry: Entry) -> Version:
    change = changes.read(entry.kind, entry.v, entry.body)
    return Version(
        change_id=entry.change_id,
        history_no=change.history_no,
        residence_no=change.residence_no,
        reason=change.reason,
        history_remark=change.history_remark,
        note=change.note,
        record=from_row({**change.row, "record_id": str(record_id)}),
    )

"""廃棄の一覧の行: the functions of the database by which lists are made, decided and carried out.

The database itself keeps to the order of the steps (`vault/migrations/0005_disposal`): what it
refuses is told as `Unfit` (`access.disposing.steps`).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection

from daicho.access.disposing.steps import told
from daicho.law.retention.disposing import Disposal
from daicho.law.retention.of_numbers import Kept


@dataclass(frozen=True)
class Listed:
    """廃棄の一覧: one list as it stands; counts are of lines."""

    list_id: int
    state: str  # a key of law.retention.disposing.STATES
    salt: bytes
    proposed_by: int
    proposed_at: datetime
    proposed_trail: int
    decided_by: int | None
    decided_at: datetime | None
    digest: bytes | None  # of what was decided
    finished_at: datetime | None
    line_count: int
    off_count: int
    done_count: int
    key_version: int | None  # the newest under which a destroyed number was encrypted

    @property
    def facts(self) -> Disposal:
        """What the law judges a step by."""
        return Disposal(self.state, self.proposed_by, self.line_count - self.off_count)

    @property
    def left_count(self) -> int:
        """残り: lines that are to be carried out yet."""
        return self.line_count - self.off_count - self.done_count


@dataclass(frozen=True)
class Line:
    """廃棄の一覧の行: one record, why its number is due, and what became of it."""

    record_id: UUID
    kind: str  # a row of law/tables/retention.toml
    article: str
    due_on: date
    taken_off: str  # a key of law.retention.disposing.REASONS, or blank
    outcome: str  # a key of law.retention.disposing.OUTCOMES
    done_at: datetime | None
    off_before: str = ""  # why it was taken off an earlier list: a key of REASONS, or blank


def lists() -> tuple[Listed, ...]:
    """Every list, the newest first."""
    rows = _asked("SELECT * FROM vault.disposal_lists()", [])
    return tuple(Listed(*_plain(row)) for row in rows)


def listed(list_id: int) -> Listed | None:
    """One list, or None."""
    rows = _asked("SELECT * FROM vault.disposal_lists() WHERE list_id = %s", [list_id])
    return Listed(*_plain(rows[0])) if rows else None


def lines(list_id: int) -> tuple[Line, ...]:
    """The lines of a list, in the order of its digest."""
    rows = _asked("SELECT * FROM vault.disposal_lines(%s)", [list_id])
    return tuple(Line(*row) for row in rows)


def digest(list_id: int) -> bytes:
    """The digest of a list as it stands now: over all its lines, and who was taken off."""
    ((found,),) = _asked("SELECT vault.disposal_digest(%s)", [list_id])
    return bytes(found)


def told_of(list_id: int) -> Mapping[str, str]:
    """証し: the digests that the trail has of a list, in hexadecimal, by event."""
    return dict(_asked("SELECT * FROM vault.disposal_told(%s)", [list_id]))


def destroyed(record_ids: Sequence[UUID]) -> frozenset[UUID]:
    """Of these records those whose number was destroyed, and which have been given none since."""
    rows = _asked("SELECT * FROM vault.destroyed(%s::uuid[])", [list(record_ids)])
    return frozenset(record_id for (record_id,) in rows)


def holders(trail_id: int, after: UUID, size: int) -> list[UUID]:
    """Up to `size` records behind `after` whose numbers are held."""
    rows = _asked("SELECT * FROM vault.holders(%s, %s, %s)", [trail_id, after, size])
    return [record_id for (record_id,) in rows]


def propose(trail_id: int, due: Mapping[UUID, Kept], articles: Mapping[str, str]) -> int:
    """Make a list of what is due, in the order in which the trail row names it; gives its number.

    Raises Unfit where another list is open.
    """
    given = list(due.values())
    with told():
        rows = _asked(
            "SELECT vault.propose_disposal(%s, %s::text[], %s::text[], %s::date[])",
            [
                trail_id,
                [one.kind for one in given],
                [articles[one.kind] for one in given],
                [one.due_on for one in given],
            ],
        )
    return int(rows[0][0])


def take_off(trail_id: int, list_id: int, reason: str) -> int:
    """Take the lines that the trail row names off a list; gives how many were."""
    with told():
        rows = _asked("SELECT vault.take_off_disposal(%s, %s, %s)", [trail_id, list_id, reason])
    return int(rows[0][0])


def decide(trail_id: int, list_id: int, shown: bytes, *, is_approved: bool) -> None:
    """Approve or refuse a list that is still as it was `shown`, by its digest; raises Unfit."""
    with told():
        _asked(
            "SELECT vault.decide_disposal(%s, %s, %s, %s)", [trail_id, list_id, shown, is_approved]
        )


def to_destroy(trail_id: int, list_id: int, size: int) -> list[UUID]:
    """Up to `size` records of an approved list that wait, locked; raises Unfit."""
    with told():
        rows = _asked("SELECT * FROM vault.to_destroy(%s, %s, %s)", [trail_id, list_id, size])
    return [record_id for (record_id,) in rows]


def destroy(trail_id: int, list_id: int) -> int:
    """Destroy the numbers of the records that the trail row names; gives how many lines it was."""
    with told():
        rows = _asked("SELECT vault.destroy(%s, %s)", [trail_id, list_id])
    return int(rows[0][0])


def keep(trail_id: int, list_id: int) -> None:
    """Note that the records which the trail row names keep their numbers."""
    with told():
        _asked("SELECT vault.keep(%s, %s)", [trail_id, list_id])


def stop(trail_id: int, list_id: int) -> None:
    """Carry out no more of an approved list; raises Unfit."""
    with told():
        _asked("SELECT vault.stop_disposal(%s, %s)", [trail_id, list_id])


def finish(trail_id: int, list_id: int) -> None:
    """Close a list that has nothing left to do; raises Unfit."""
    with told():
        _asked("SELECT vault.finish_disposal(%s, %s)", [trail_id, list_id])


def _asked(statement: str, given: Sequence[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, given)
        return list(cursor.fetchall())


def _plain(row: Sequence[Any]) -> Iterator[Any]:
    return (bytes(one) if isinstance(one, memoryview) else one for one in row)

"""データの持出しの照会: what was asked for, what became of it, which files were made."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from daicho.access.data_exports import leaves
from daicho.access.models import DataExportRequest
from daicho.access.people import queries as people
from daicho.access.permits import Permit, demand_work
from daicho.law.data_exports.export_leaves import ExportLeave
from daicho.law.data_exports.kinds import NAMES

SHOWN_MOST = 100
"""表示: so many are shown at once."""
_DIGITS_MOST = 18  # of a number of a row


@dataclass(frozen=True)
class Made:
    """持ち出したファイル: one; `by` is a name of staff."""

    export_id: UUID
    at: datetime
    by_id: int
    by: str
    terminal: str
    rows: int
    digest: str


@dataclass(frozen=True)
class Shown:
    """持出しの求め: one, as it stands; names are of staff."""

    request_no: int
    name: str
    leave: ExportLeave
    conditions: Mapping[str, str | int | bool]
    recipient: str
    ground: str
    asked_at: datetime
    asker: str
    decider: str
    made: tuple[Made, ...]

    @property
    def rows(self) -> int:
        """How many lines left under it, in all files."""
        return sum(one.rows for one in self.made)


def requests(permit: Permit, before: str = "") -> tuple[tuple[Shown, ...], int]:
    """持出しの一覧: the newest first, or those before a number; and before which number there are
    more, 0 where there are none. A request names no resident, so no trail row."""
    demand_work(permit, "data_exports")
    found = DataExportRequest.objects.order_by("-id").prefetch_related("steps", "made")
    if before.isascii() and before.isdigit():
        found = found.filter(pk__lt=int(before[:_DIGITS_MOST]))
    rows = list(found[: SHOWN_MOST + 1])
    shown = _shown(permit, rows[:SHOWN_MOST])
    return shown, shown[-1].request_no if len(rows) > SHOWN_MOST else 0


def one(permit: Permit, request_no: int) -> Shown | None:
    """一つの求め, or None."""
    demand_work(permit, "data_exports")
    rows = DataExportRequest.objects.filter(pk=request_no).prefetch_related("steps", "made")
    return next(iter(_shown(permit, list(rows))), None)


def kind_asked(permit: Permit, request_no: int) -> str:
    """求められた種類: its code, blank where there is no such request."""
    demand_work(permit, "data_export", "export")
    found = DataExportRequest.objects.filter(pk=request_no).values_list("kind", flat=True)
    return found.first() or ""


def may_decide(permit: Permit, shown: Shown) -> bool:
    """Would the law let this person decide on it now?"""
    demand_work(permit, "data_export_approve")
    return leaves.hindered(permit, shown.leave) is None


def _shown(permit: Permit, rows: list[DataExportRequest]) -> tuple[Shown, ...]:
    ids = {it for row in rows for it in _operators(row)}
    names = people.names_of(permit, ids)
    found = []
    for row in rows:
        leave = leaves.leave_of(row)
        made = tuple(
            Made(it.pk, it.at, it.by_id, names[it.by_id], it.terminal, it.rows, it.digest)
            for it in sorted(row.made.all(), key=lambda it: it.at)
        )
        found.append(
            Shown(
                row.pk,
                NAMES.get(row.kind, row.kind),
                leave,
                row.conditions,
                row.recipient,
                row.ground,
                row.at,
                names[row.asked_by_id],
                names.get(leave.decided_by, ""),
                made,
            )
        )
    return tuple(found)


def _operators(row: DataExportRequest) -> set[int]:
    return {
        row.asked_by_id,
        *(one.by_id for one in row.steps.all()),
        *(one.by_id for one in row.made.all()),
    }

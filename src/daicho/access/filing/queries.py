"""特定個人情報ファイルの照会: the permits that were asked for, and what became of them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from daicho.access.filing import leaves
from daicho.access.models import FilePermit
from daicho.access.people import queries as people
from daicho.access.permits import Permit, demand_work
from daicho.law.filing.number_files import FILES, Leave

SHOWN_MOST = 100
"""表示: so many of the newest are shown."""
NAMES = {one.code: one.name for one in FILES}
"""ファイルの名: by code, of those too whose row has ended."""


@dataclass(frozen=True)
class Shown:
    """作成の許可: one, as it stands; names are of staff."""

    permit_id: int
    name: str
    leave: Leave
    asked_at: datetime
    asker: str
    decider: str


def permits(permit: Permit) -> tuple[Shown, ...]:
    """作成の許可の一覧: the newest first; they concern no resident, so no trail row."""
    demand_work(permit, "number_files")
    rows = FilePermit.objects.order_by("-id").prefetch_related("steps")[:SHOWN_MOST]
    return _shown(permit, list(rows))


def one(permit: Permit, permit_id: int) -> Shown | None:
    """一つの許可, or None."""
    demand_work(permit, "number_files")
    rows = FilePermit.objects.filter(pk=permit_id).prefetch_related("steps")
    return next(iter(_shown(permit, list(rows))), None)


def may_decide(permit: Permit, shown: Shown) -> bool:
    """Would the law let this person decide on it now?"""
    demand_work(permit, "number_file_approve")
    return leaves.hindered(permit, shown.leave) is None


def _shown(permit: Permit, rows: Collection[FilePermit]) -> tuple[Shown, ...]:
    deciders = {row.pk: step.by_id for row in rows for step in row.steps.all() if not step.is_end}
    names = people.names_of(permit, {*(row.asked_by_id for row in rows), *deciders.values()})
    return tuple(
        Shown(
            row.pk,
            NAMES.get(row.file, row.file),
            leaves.leave_of(row),
            row.at,
            names[row.asked_by_id],
            names[deciders[row.pk]] if row.pk in deciders else "",
        )
        for row in rows
    )

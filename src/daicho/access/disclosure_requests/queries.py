"""開示請求の照会: what waits with its days, and one request with its steps."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from daicho.access.disclosure_requests.standing import (
    ENDINGS,
    clock_of,
    decision_of,
    mended_by,
    state_of,
    steps_of,
)
from daicho.access.disclosure_requests.steps import in_reach, ward_of
from daicho.access.models import DisclosureRequest, DisclosureStep, DisclosureWaiting
from daicho.access.people import queries as people
from daicho.access.permits import Permit, demand_work, look
from daicho.law.disclosure_requests import deciding, kinds, requesters
from daicho.law.disclosure_requests.clock import Clock

LISTED_MOST = 200
"""一覧の上限: so many that wait are listed, the oldest first; nobody has more at once."""
NEWEST_MOST = 200
"""終わった請求の範囲: among so many of the newest requests."""


@dataclass(frozen=True)
class Line:
    """一覧の行: it names nobody."""

    disclosure_id: int
    kind: str
    capacity: str
    received_on: date
    office: str
    state: str
    clock: Clock
    mended_by: date | None  # by when a 補正 that is waited for was asked for

    @property
    def is_undecided(self) -> bool:
        """Does the clock still matter?"""
        return self.state in deciding.OPEN

    @property
    def state_name(self) -> str:
        """状態の名."""
        return deciding.STATES[self.state]


@dataclass(frozen=True)
class Taken:
    """歩み: one step as shown; `by` is of staff."""

    what: str
    at: datetime
    by: str
    until_on: date | None
    days: int | None
    reason: str
    pages: int | None


@dataclass(frozen=True)
class Decided:
    """決定: as it was made; the last, where it was made again."""

    step_id: int
    at: datetime
    outcome: str
    grounds: tuple[str, ...]
    left_out: tuple[str, ...]
    reason: str
    is_confirmed: bool
    decided_on: date


@dataclass(frozen=True)
class Shown:
    """一つの開示請求: as it stands, with who asks."""

    line: Line
    kind: str  # the code
    reception_id: UUID
    record_id: UUID
    capacity: str  # the code
    requester_name: str
    requester_address: str
    principal_name: str
    since_on: date | None
    until_on: date | None
    taker: str
    steps: tuple[Taken, ...]
    decision: Decided | None


@dataclass(frozen=True)
class Waiting:
    """待っている開示請求の数: undecided ones, and of these the overdue."""

    undecided_count: int
    overdue_count: int


def open_ones(permit: Permit) -> tuple[Line, ...]:
    """待っている開示請求: what is due first stands first. It names nobody: no trail row."""
    demand_work(permit, "disclosures")
    desk = DisclosureWaiting.objects.all()
    ward = ward_of(permit)
    mine = desk.filter(ward=ward) if ward else desk
    numbers = list(mine.order_by("pk").values_list("pk", flat=True)[:LISTED_MOST])
    lines = _lines(in_reach(permit).filter(pk__in=numbers), permit.on)
    return tuple(sorted(lines, key=lambda one: (not one.is_undecided, one.clock.due_on)))


def waiting(permit: Permit) -> Waiting:
    """決定を待つ数: for the first screen; it names nobody: no trail row."""
    undecided = [one for one in open_ones(permit) if one.is_undecided]
    return Waiting(len(undecided), sum(one.clock.is_overdue for one in undecided))


def closed_ones(permit: Permit) -> tuple[Line, ...]:
    """終わった開示請求: those among the newest requests, the newest first; it names nobody."""
    demand_work(permit, "disclosures")
    lines = _lines(in_reach(permit).order_by("-id")[:NEWEST_MOST], permit.on)
    return tuple(one for one in lines if one.state in ENDINGS)


def one(permit: Permit, disclosure_id: int) -> Shown | None:
    """一つの開示請求: with who asks; one look, trailed. None where there is none in reach."""
    demand_work(permit, "disclosures")
    with transaction.atomic():
        row = in_reach(permit).filter(pk=disclosure_id).first()
        if row is None:
            return None
        said = {"rows": 1}
        look(permit, "look", "disclosure_requests.one", record_ids=[row.record_id], detail=said)
    (line,) = _lines([row], permit.on)
    steps, decision = steps_of(row), decision_of(row)
    names = people.names_of(permit, {row.taken_by_id, *(each.by_id for each in steps)})
    return Shown(
        line=line,
        kind=row.kind,
        reception_id=row.reception_id,
        record_id=row.record_id,
        capacity=row.capacity,
        requester_name=row.requester_name,
        requester_address=row.requester_address,
        principal_name=row.principal_name,
        since_on=row.since_on,
        until_on=row.until_on,
        taker=names[row.taken_by_id],
        steps=tuple(
            Taken(
                each.what,
                each.at,
                names[each.by_id],
                each.until_on,
                each.days,
                each.reason,
                each.pages,
            )
            for each in steps
        ),
        decision=_decided(decision) if decision else None,
    )


def _decided(step: DisclosureStep) -> Decided:
    return Decided(
        step_id=step.pk,
        at=step.at,
        outcome=step.outcome,
        grounds=tuple(step.grounds),
        left_out=tuple(step.left_out),
        reason=step.reason,
        is_confirmed=step.confirmed,
        decided_on=step.taken_on,
    )


def _lines(rows: Iterable[DisclosureRequest], on: date) -> tuple[Line, ...]:
    return tuple(
        Line(
            disclosure_id=row.pk,
            kind=kinds.NAMES[row.kind],
            capacity=requesters.NAMES[row.capacity],
            received_on=row.received_on,
            office=row.office,
            state=state_of(row),
            clock=clock_of(row, on),
            mended_by=mended_by(row),
        )
        for row in rows
    )

"""廃棄の差止め: a responsible keeps months of a kind from disposal, until one lifts it again.

For what the program cannot know by itself: a claim, a suit, an inquiry. What is listed or approved
already is kept too; lifting destroys nothing, for then a list is made and decided on as any other.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from daicho.access.acting import roles_of
from daicho.access.disposing.lists import WAY
from daicho.access.disposing.steps import step, who
from daicho.access.models import DisposalHold, DisposalHoldEnd
from daicho.access.people import queries as people
from daicho.access.people.registering import NotThere, alone, refuse
from daicho.access.permits import Permit, demand_work
from daicho.law.retention import disposing

_ALONE = "disposal holds"


@dataclass(frozen=True)
class Hold:
    """廃棄の差止め: from month to month, each by its first day; `by` names who is responsible."""

    hold_id: int
    kind: str  # a row of law/tables/retention.toml
    from_month: date
    until_month: date
    reason: str  # a key of law.retention.disposing.HOLDS
    by: str
    at: datetime


def holds(permit: Permit) -> Sequence[Hold]:
    """差止めの一覧: those that are in force, the oldest first."""
    demand_work(permit, "retention")
    rows = list(DisposalHold.objects.filter(end=None).order_by("id"))
    names = people.names_of(permit, {one.by_id for one in rows})
    return [
        Hold(
            hold_id=one.pk,
            kind=one.kind,
            from_month=one.from_month,
            until_month=one.until_month,
            reason=one.reason,
            by=names.get(one.by_id, ""),
            at=one.at,
        )
        for one in rows
    ]


def place(permit: Permit, kind: str, first_on: date, last_on: date, reason: str) -> None:
    """差止め: of the months in which these days lie, and those between; the same is placed once.
    Raises Refused."""
    demand_work(permit, "retention_approve")
    assert reason in disposing.HOLDS, "the form offers nothing else"
    assert first_on <= last_on, "the form takes nothing else"
    said = {
        "kind": kind,
        "from_month": first_on.replace(day=1),
        "until_month": last_on.replace(day=1),
        "reason": reason,
    }
    with step(WAY, permit, "hold", done_as="retention_held"):
        _may(permit)
        if DisposalHold.objects.filter(end=None, **said).exists():
            return
        row = DisposalHold.objects.create(by_id=who(permit).operator_id, **said)
        _trail(permit, "retention_held", row, reason=reason)


def lift(permit: Permit, hold_id: int) -> None:
    """差止めの終わり: once, by any responsible. Raises Refused, or NotThere."""
    demand_work(permit, "retention_approve")
    with step(WAY, permit, "lift", done_as="retention_hold_ended"):
        _may(permit)
        row = DisposalHold.objects.filter(pk=hold_id).first()
        if row is None:
            raise NotThere(hold_id)
        if not DisposalHoldEnd.objects.filter(hold=row).exists():
            DisposalHoldEnd.objects.create(hold=row, by_id=who(permit).operator_id)
            _trail(permit, "retention_hold_ended", row)


def _may(permit: Permit) -> None:
    alone(_ALONE)
    borne = roles_of(who(permit).operator_id, permit.on)
    refuse([disposing.may_hold(borne, on=permit.on)])


def _trail(permit: Permit, event: str, row: DisposalHold, **said: str) -> None:
    months = {"since": row.from_month.isoformat()[:7], "until": row.until_month.isoformat()[:7]}
    WAY.trail(permit, event, detail={"kind": row.kind, **months, **said})

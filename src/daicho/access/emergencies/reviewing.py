"""緊急の利用を点検する: a third person looks at what was done under it, once, in time."""

from dataclasses import dataclass
from datetime import date

from daicho.access import clock
from daicho.access.emergencies.uses import (
    day,
    facts,
    held,
    step,
    trail,
    who,
    written,
)
from daicho.access.models import EmergencyUse, Holding, Responsible, Right
from daicho.access.people.registering import refuse, running
from daicho.access.permits import Permit, demand_work
from daicho.law import purposes
from daicho.law.rule import Finding
from daicho.law.safety import emergencies, responsibles


@dataclass(frozen=True)
class Overdue:
    """期限を過ぎた点検: of which office, and what the law says of it."""

    office: str
    finding: Finding


def review(permit: Permit, use_id: int, outcome: str, note: str) -> None:
    """点検: proper or improper, and why; what is improper needs a note. Raises Refused."""
    demand_work(permit, "emergency_review")
    assert outcome in emergencies.OUTCOMES, "the form offers nothing else"
    with step(permit, "review", use_id, done_as=["reviewed"]) as done:
        row = held(use_id)
        if done:
            return
        reviewer, at = who(permit), clock.now()
        refuse(
            [
                emergencies.may_review(facts(row), reviewer.operator_id, at, on=permit.on),
                emergencies.explained(outcome, bool(note), on=permit.on),
                written(permit, note),
            ]
        )
        row.reviewed_by_id, row.reviewed_at = reviewer.operator_id, at
        row.outcome, row.note = outcome, note
        row.save(update_fields=["reviewed_by", "reviewed_at", "outcome", "note"])
        trail(permit, row, "reviewed")


def overdue(on: date) -> tuple[Overdue, ...]:
    """期限を過ぎた点検: one line an office and day; names no person, so it takes no Permit."""
    at = clock.now()
    open_ones = EmergencyUse.objects.filter(reviewed_at=None, asked_at__lt=at, is_granted=True)
    found = [
        Overdue(row.office.name, finding)
        for row in open_ones.select_related("office").order_by("asked_at", "id")
        if (finding := _overdue(row, on)) is not None
    ]
    return tuple(dict.fromkeys(found))


def reviewers(on: date) -> frozenset[int]:
    """点検できる者: who bears a role, or has a right, with a post that reviews, on that day."""
    posts = set(purposes.purpose("emergency.review", on).posts)
    roles = [one.code for one in responsibles.roles(on) if not posts.isdisjoint(one.posts)]
    borne = Responsible.objects.filter(running(on), role__in=roles).values("position")
    holders = Holding.objects.filter(running(on), position__in=borne, operator__is_active=True)
    given = Right.objects.filter(running(on), post__in=posts, operator__is_active=True)
    return frozenset(
        key for rows in (holders, given) for key in rows.values_list("operator", flat=True)
    )


def _overdue(row: EmergencyUse, on: date) -> Finding | None:
    over_at = facts(row).over_at
    assert over_at is not None, "a grant has an end"
    return emergencies.review_overdue(row.purpose, day(over_at), on=on)

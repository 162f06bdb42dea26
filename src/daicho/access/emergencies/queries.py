"""緊急の利用の照会: one's own, what waits for a decision or a review, and what was done under it.

Behind a Permit, whose work says what of them concerns the person; who reviews sees no resident.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet

from daicho.access import clock
from daicho.access.emergencies import proofs, reviewing
from daicho.access.emergencies.proofs import EVENT
from daicho.access.emergencies.uses import NAMES, facts, recent, who
from daicho.access.models import EmergencyUse, Trail
from daicho.access.permits import Permit, demand_work, look
from daicho.access.trail import EVENTS
from daicho.law.safety import emergencies
from daicho.law.safety.emergencies import OUTCOMES, Use

PAST_MOST = 50
"""過去の表示: so many of the latest uses are shown."""
PAST_WITHIN = 1_000
"""過去の範囲: among so many of the newest of all offices those are looked for that are shown."""

_OPEN = frozenset({"waiting", "granted"})


@dataclass(frozen=True)
class Shown:
    """緊急の利用: one, as it stands at the moment of the look."""

    use_id: int
    operator: str
    login: str
    office: str
    terminal: str
    purpose: str
    purpose_name: str
    reason: str
    state: str  # a key of emergencies.STATES
    facts: Use
    asked_at: datetime
    decided_at: datetime | None
    decided_by: str
    reviewed_at: datetime | None
    reviewed_by: str
    outcome: str  # as shown
    note: str


@dataclass(frozen=True)
class Done:
    """許可の間にしたこと: one row of the trail; how many residents it concerned, not whom."""

    at: datetime
    event: str  # as shown
    terminal: str
    finding: str
    subject_count: int


def own(permit: Permit) -> tuple[Shown, ...]:
    """自分の求め: newest first. No trail row: it is the person's own."""
    demand_work(permit, "emergency_ask")
    rows = EmergencyUse.objects.filter(operator=who(permit).operator_id)
    return _shown(rows.order_by("-id")[:PAST_MOST])


def waiting(permit: Permit) -> tuple[Shown, ...]:
    """許可を待つ求め: those that this person may decide, the oldest first; one look, trailed."""
    demand_work(permit, "emergency_decide")
    found = tuple(
        one for one in reversed(_shown(recent(clock.now()))) if _may_decide(permit, one.facts)
    )
    _trail(permit, "emergencies.waiting", found)
    return found


def waiting_count(permit: Permit) -> int:
    """許可を待つ求めの数: of those that this person may decide; a count leaves no trail row."""
    demand_work(permit, "emergency_decide")
    return sum(_may_decide(permit, facts(one)) for one in recent(clock.now()))


def to_review(permit: Permit) -> tuple[Shown, ...]:
    """点検を待つもの: those that this person may review, the oldest first; one look, trailed."""
    demand_work(permit, "emergency_review")
    found = tuple(one for one in reversed(_shown(_unreviewed())) if may_review(permit, one))
    _trail(permit, "emergencies.to_review", found)
    return found


def past(permit: Permit) -> tuple[Shown, ...]:
    """過去のもの: of the latest uses those that concern this work and wait for nobody; trailed."""
    demand_work(permit, "emergency_decide", "emergency_review")
    found = _shown(_past(permit).order_by("-id")[:PAST_MOST])
    _trail(permit, "emergencies.past", found)
    return found


def _past(permit: Permit) -> QuerySet[EmergencyUse]:
    """Of others, over, of this work, and not waiting for this person's review."""
    me, at = who(permit), clock.now()
    still_open = [one.pk for one in recent(at) if emergencies.state(facts(one), at) in _OPEN]
    newest = EmergencyUse.objects.order_by("-id").values_list("pk", flat=True).first() or 0
    rows = EmergencyUse.objects.filter(pk__gt=newest - PAST_WITHIN)
    rows = rows.exclude(operator=me.operator_id).exclude(pk__in=still_open)
    if "emergency_review" in permit.functions:
        return rows.exclude(~Q(decided_by=me.operator_id), is_granted=True, reviewed_at=None)
    if emergencies.decides_everywhere(me.posts):
        return rows
    return rows.filter(office__code=me.office)


def use(permit: Permit, use_id: int) -> Shown | None:
    """一つの緊急の利用: None where there is none or it does not concern this work; somebody else's
    is trailed."""
    demand_work(permit, "emergencies")
    found = [one for one in _shown(_by_id(use_id)) if _concerns(permit, one)]
    if not found:
        return None
    if found[0].facts.operator != who(permit).operator_id:
        _trail(permit, "emergencies.one", found, operator=found[0].facts.operator)
    return found[0]


def done(permit: Permit, use_id: int) -> tuple[Done, ...]:
    """許可の間にしたこと: all that the person did for that purpose under that grant, in its order.

    From the grant's own trail row to that of the person's next one: no clock is compared with
    another. What was refused after the end stands there too.
    """
    demand_work(permit, "emergency_review")
    (row,) = _by_id(use_id)
    grants = _grants(row)
    if row.pk not in grants:
        return ()
    rows = Trail.objects.filter(operator=row.operator_id, id__gt=grants[row.pk])
    later = [place for key, place in grants.items() if key > row.pk]
    if later:
        rows = rows.filter(id__lt=min(later))
    found = rows.filter(purpose=row.purpose).order_by()
    return tuple(
        Done(one.at, EVENTS[one.event]["name"], one.terminal, one.finding, one.subject_count)
        for one in sorted(found, key=lambda one: one.pk)
    )


def _grants(row: EmergencyUse) -> dict[int, int]:
    """The trail rows of this grant and of later ones to the same person, by the use."""
    rows = EmergencyUse.objects.filter(operator=row.operator_id, is_granted=True, pk__gte=row.pk)
    keys = list(rows.order_by().values_list("pk", flat=True))
    granted = Trail.objects.filter(event=EVENT, detail__what="granted", detail__use__in=keys)
    return {int(one["detail"]["use"]): one["id"] for one in granted.values("id", "detail")}


def may_review(permit: Permit, one: Shown) -> bool:
    """Would the law let this person review it now?"""
    reviewer = who(permit).operator_id
    return emergencies.may_review(one.facts, reviewer, clock.now(), on=permit.on) is None


def may_decide(permit: Permit, one: Shown) -> bool:
    """Would the law let this person decide it now?"""
    return _may_decide(permit, one.facts)


def others_review(permit: Permit, one: Shown) -> bool:
    """ほかの点検者の有無: could anybody review it, if this person granted it?"""
    both = {one.facts.operator, who(permit).operator_id}
    return bool(reviewing.reviewers(permit.on) - both)


def altered(permit: Permit, use_id: int) -> tuple[str, ...]:
    """記録の食い違い: what row and trail of a use disagree about, in words; empty where nothing."""
    demand_work(permit, "emergencies")
    (row,) = _by_id(use_id)
    return tuple(proofs.ALTERED[one] for one in proofs.altered(row))


def _may_decide(permit: Permit, its: Use) -> bool:
    me, at = who(permit), clock.now()
    found = emergencies.may_decide(its, me.operator_id, me.office, me.posts, at, on=permit.on)
    return found is None


def _concerns(permit: Permit, one: Shown) -> bool:
    """Is it over and to be reviewed, to be decided by this person, or his own?"""
    me = who(permit)
    if "emergency_review" in permit.functions:
        return one.state not in _OPEN
    if "emergency_decide" in permit.functions:
        return emergencies.decides_for(one.facts, me.office, me.posts)
    return one.facts.operator == me.operator_id


def _unreviewed() -> QuerySet[EmergencyUse]:
    at = clock.now()
    return EmergencyUse.objects.filter(reviewed_at=None, asked_at__lte=at, is_granted=True)


def _by_id(use_id: int) -> QuerySet[EmergencyUse]:
    return EmergencyUse.objects.filter(pk=use_id)


def _shown(rows: QuerySet[EmergencyUse]) -> tuple[Shown, ...]:
    """The rows as shown, newest first; persons and offices are fetched by themselves."""
    at = clock.now()
    found = rows.prefetch_related("office", "operator", "decided_by", "reviewed_by")
    return tuple(_one(row, at) for row in sorted(found, key=lambda row: -row.pk))


def _one(row: EmergencyUse, at: datetime) -> Shown:
    its = facts(row)
    return Shown(
        use_id=row.pk,
        operator=row.operator.name,
        login=row.operator.login,
        office=row.office.name,
        terminal=row.terminal,
        purpose=row.purpose,
        purpose_name=NAMES[row.purpose],
        reason=row.reason,
        state=emergencies.state(its, at),
        facts=its,
        asked_at=row.asked_at,
        decided_at=row.decided_at,
        decided_by=row.decided_by.name if row.decided_by else "",
        reviewed_at=row.reviewed_at,
        reviewed_by=row.reviewed_by.name if row.reviewed_by else "",
        outcome=OUTCOMES.get(row.outcome, ""),
        note=row.note,
    )


def _trail(permit: Permit, door: str, shown: Sequence[Shown], **said: int) -> None:
    if not shown:
        return
    with transaction.atomic():
        look(permit, "people_shown", door, detail={**said, "rows": len(shown)})

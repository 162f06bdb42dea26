"""本人の利用記録: who looked at one person's record, for which 事務 and when.

Behind a Permit for the work `own_log`; each showing is trailed with the person as its subject. An
operator is never named: the office and the 事務 are.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from daicho.access import clock
from daicho.access.models import EmergencyUse, Office, Trail
from daicho.access.permits import Permit, demand_work, look
from daicho.access.trailing import finding
from daicho.access.trailing.conditions import Conditions
from daicho.access.trailing.finding import Row
from daicho.law import purposes
from daicho.law.own_log import withheld
from daicho.law.own_log.withheld import Looked

WORK = "own_log"
"""本人の利用記録の機能: for which a permit must be; also the machine's job for a resident."""
MOST = 500
"""一覧の上限: the newest so many uses are shown."""
SEEN_MOST = 2_000
"""調べる行の上限: so many of the newest rows are looked through."""
BY_THE_PERSON = frozenset({"own_log_shown", "own_log_asked"})
"""本人がしたこと: with the own card; that somebody came in with it stays on the list."""
_PAPERS = ("issue", "issue_spoiled")
_EMERGENCIES = frozenset(one.code for one in purposes.PURPOSES if one.needs_grant)
_GRANTED = "emergency_changed"


@dataclass(frozen=True)
class OwnLook:
    """自分の記録の利用: one use, by codes; `office` is its name, blank where a machine worked.

    `id` is the row of the trail. `article` is as written in code ("BRRA 12(1)"). `capacity` is of
    whoever asked for a paper (`requesters.toml`), blank where there is none or it is not known.
    """

    id: int
    at: datetime
    event: str
    purpose: str
    office: str
    article: str
    number_seen: bool
    capacity: str = ""


@dataclass(frozen=True)
class HeldBack:
    """示さない利用: for who decides on a disclosure; `reason` is a code of `own_log_withheld`."""

    look: OwnLook
    reason: str


@dataclass(frozen=True)
class OwnLog:
    """本人の利用記録: newest first; `has_more` tells that there are older ones in the period.

    `held_back` is never shown to the person, nor counted before him.
    """

    shown: tuple[OwnLook, ...]
    held_back: tuple[HeldBack, ...]
    has_more: bool = False


def looks(permit: Permit, record_id: UUID, since: date, until: date) -> OwnLog:
    """利用の一覧: of one person's record, within business days, both of them within; one look,
    trailed."""
    return _looked(permit, Conditions(person=record_id, since=since, until=until), frozenset())


def _looked(permit: Permit, asked: Conditions, left_out: frozenset[str]) -> OwnLog:
    demand_work(permit, WORK)
    assert asked.person is not None, "an own log is somebody's"
    with transaction.atomic():
        found = _told(asked, permit.on, left_out)
        said = {"rows": len(found.shown)}
        look(permit, "own_log_shown", "own_log.looks", record_ids=[asked.person], detail=said)
    return found


@dataclass(frozen=True)
class ShownLog:
    """本人に示す一覧: what is left of the own log for its person."""

    shown: tuple[OwnLook, ...]
    has_more: bool


def of_person(permit: Permit, record_id: UUID, since: date, until: date) -> ShownLog:
    """本人の一覧: as `looks`, without what the person does here: it would bury the rest.

    What is held back is not among it: no screen for the person can show it.
    """
    asked = Conditions(person=record_id, since=since, until=until)
    found = _looked(permit, asked, BY_THE_PERSON)
    return ShownLog(found.shown, found.has_more)


def one(permit: Permit, record_id: UUID, trail_id: int) -> OwnLook | None:
    """一つの利用: None where it is not the person's, or is held back; leaves no row of its own."""
    demand_work(permit, WORK)
    row = Trail.objects.filter(pk=trail_id).values_list("at", flat=True).first()
    if row is None:
        return None
    day = _day(row)
    found = _told(Conditions(person=record_id, since=day, until=day), permit.on)
    return next((each for each in found.shown if each.id == trail_id), None)


def _told(asked: Conditions, on: date, left_out: frozenset[str] = frozenset()) -> OwnLog:
    upto = finding.newest()
    rows = finding.page(asked, upto, None, SEEN_MOST)
    is_cut = len(rows) == SEEN_MOST
    # the oldest day is judged whole: what was refused in its morning spreads to its evening
    older = _rest_of_day(asked, upto, rows[-1]) if is_cut else ()
    reasons = _reasons((*rows, *older), on)
    offices = dict(Office.objects.order_by().values_list("code", "name"))
    capacities = _capacities(rows)
    every = [(_look(row, offices, capacities), reasons[row.id]) for row in rows]
    own = {row.id for row in rows if row.job == WORK and row.event in left_out}
    shown = [each for each, reason in every if reason is None and each.id not in own]
    held = tuple(HeldBack(each, reason) for each, reason in every if reason is not None)
    return OwnLog(tuple(shown[:MOST]), held, has_more=is_cut or len(shown) > MOST)


def _rest_of_day(asked: Conditions, upto: int, oldest: Row) -> tuple[Row, ...]:
    day = _day(oldest.at)
    within = Conditions(person=asked.person, since=day, until=day)
    return finding.page(within, upto, oldest.id, SEEN_MOST)


def _reasons(rows: tuple[Row, ...], on: date) -> Mapping[int, str | None]:
    """Why each row is held back, by its number; None: it is shown."""
    capacities, reviewed = _capacities(rows), _reviewed(rows)
    own: dict[int, str | None] = {}
    for row in rows:
        own[row.id] = withheld.withheld(_facts(row, capacities, reviewed), on=on)
    beside: dict[tuple[int | None, date, str], str] = {}
    for row in rows:
        reason = own[row.id]
        if reason is not None and withheld.REASONS[reason].spreads:
            beside[_work(row)] = reason
    for row in rows:
        near = beside.get(_work(row), "")
        if own[row.id] is None and near and row.operator_id is not None:
            facts = _facts(row, capacities, reviewed, near)
            own[row.id] = withheld.withheld(facts, on=on)
    return own


def _work(row: Row) -> tuple[int | None, date, str]:
    """一日の同じ仕事: whose, on which day, and of which kind."""
    return row.operator_id, _day(row.at), row.purpose.partition(".")[0]


def _facts(
    row: Row, capacities: Mapping[int, str], reviewed: frozenset[int], beside: str = ""
) -> Looked:
    return Looked(
        event=row.event,
        purpose=row.purpose,
        is_refused=bool(row.finding),
        capacity=capacities.get(row.id, ""),
        is_reviewed=row.purpose not in _EMERGENCIES or row.id in reviewed,
        beside=beside,
    )


def _capacities(rows: Iterable[Row]) -> Mapping[int, str]:
    """請求の資格: of the papers among the rows, by their numbers."""
    papers = [row.id for row in rows if row.event in _PAPERS]
    told = Trail.objects.filter(pk__in=papers).order_by().values_list("id", "detail")
    return {trail_id: str(detail.get("capacity", "")) for trail_id, detail in told}


def _reviewed(rows: Iterable[Row]) -> frozenset[int]:
    """点検済みの緊急の利用: the rows under a grant that has been reviewed.

    A row is under the newest grant before it, by their places in the trail: no clock is compared.
    """
    theirs = [row for row in rows if row.purpose in _EMERGENCIES and row.operator_id is not None]
    if not theirs:
        return frozenset()
    uses = EmergencyUse.objects.filter(
        operator__in={row.operator_id for row in theirs}, is_granted=True
    )
    by_use = {use.pk: use for use in uses}
    grants = Trail.objects.filter(
        event=_GRANTED, detail__what="granted", detail__use__in=list(by_use)
    )
    given = [
        (one["id"], by_use[int(one["detail"]["use"])]) for one in grants.values("id", "detail")
    ]
    return frozenset(row.id for row in theirs if _is_reviewed(row, given))


def _is_reviewed(row: Row, given: Iterable[tuple[int, EmergencyUse]]) -> bool:
    before = [
        (place, use)
        for place, use in given
        if place < row.id and (use.operator_id, use.purpose) == (row.operator_id, row.purpose)
    ]
    return bool(before) and max(before, key=lambda one: one[0])[1].reviewed_at is not None


def _look(row: Row, offices: Mapping[str, str], capacities: Mapping[int, str]) -> OwnLook:
    return OwnLook(
        id=row.id,
        at=row.at,
        event=row.event,
        purpose=row.purpose,
        office=offices.get(row.office, row.office),
        article=row.article,
        number_seen=row.number_seen,
        capacity=capacities.get(row.id, ""),
    )


def _day(at: datetime) -> date:
    return at.astimezone(clock.TOKYO).date()

"""本人の利用記録: who looked at one person's record, for which 事務 and when.

Behind a Permit for the work `own_log`; each showing is trailed with the person as its subject. An
operator is never named: the office and the 事務 are.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from daicho.access.models import Trail
from daicho.access.own_log import offices
from daicho.access.own_log.withholding import SEEN_MOST, capacities, day_of, reasons
from daicho.access.permits import Permit, demand_work, look
from daicho.access.trailing import finding
from daicho.access.trailing.conditions import Conditions
from daicho.access.trailing.finding import Row

WORK = "own_log"
"""本人の利用記録の機能: for which a permit must be; also the machine's job for a resident."""
MOST = 500
"""一覧の上限: the newest so many uses are shown."""
BY_THE_PERSON = frozenset({"own_log_shown", "own_log_asked"})
"""本人がしたこと: with the own card; that somebody came in with it stays on the list."""


@dataclass(frozen=True)
class OwnLook:
    """自分の記録の利用: one use, by codes; `office` is its name, blank where a machine worked.

    `is_untold`: it is blank since the person is not told which office it was (`offices`).
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
    is_untold: bool = False


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
        found = _told(permit, asked, left_out)
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
    day = day_of(row)
    found = _told(permit, Conditions(person=record_id, since=day, until=day))
    return next((each for each in found.shown if each.id == trail_id), None)


def _told(permit: Permit, asked: Conditions, left_out: frozenset[str] = frozenset()) -> OwnLog:
    assert asked.person is not None, "an own log is somebody's"
    upto = finding.newest()
    rows = finding.page(asked, upto, None, SEEN_MOST)
    is_cut = len(rows) == SEEN_MOST
    why = reasons(asked.person, rows, upto, permit.on)
    names, asked_by = offices.names(permit), capacities(rows)
    every = [(_look(row, names, asked_by), why[row.id]) for row in rows]
    own = {row.id for row in rows if row.job == WORK and row.event in left_out}
    shown = [each for each, reason in every if reason is None and each.id not in own]
    held = tuple(HeldBack(each, reason) for each, reason in every if reason is not None)
    return OwnLog(tuple(shown[:MOST]), held, has_more=is_cut or len(shown) > MOST)


def _look(row: Row, names: Mapping[str, str], asked_by: Mapping[int, str]) -> OwnLook:
    office = names.get(row.office, row.office)
    return OwnLook(
        id=row.id,
        at=row.at,
        event=row.event,
        purpose=row.purpose,
        office=office,
        article=row.article,
        number_seen=row.number_seen,
        capacity=asked_by.get(row.id, ""),
        is_untold=bool(row.office) and not office,
    )

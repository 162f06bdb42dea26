"""受付の照会: a reception as it was recorded, and what became of it.

A reception belongs to the office that took it; for other offices it is not there. Its state is not
stored: it follows from its ending, its draft and the ledger.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from uuid import UUID

from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from daicho.access.acting import Actor
from daicho.access.permits import Permit, demand_work, look, refuse
from daicho.law import purposes, receptions
from daicho.law.receptions import works
from daicho.register.models import Reception as Row
from daicho.register.models import ReceptionEnding, RecordedChange
from daicho.terms.changes.reasons import BASES

STATES: Mapping[str, str] = {
    "open": "受付中",
    "draft": "仮登録",
    "recorded": "記録済み",
    "issued": "交付済み",
    "withdrawn": "取下げ",
    "declined": "不受理",
}
"""受付の状態: every state by code; the last three are said by an ending."""

LOOK_BACK = timedelta(days=14)
"""前の日の受付を一覧に残す日数: the period of a notification; drafts are listed for ever."""

DAY_PER_PAGE = 50
"""受付の一覧の件数: receptions on one page of the day's list."""

# A supervisor opens the drafts of the office for review, of whatever purpose they are.
_REVIEW = "change.reviewed"


@dataclass(frozen=True)
class Reception:
    """受付: one visitor with one work, or one notice, or one matter taken up ex officio."""

    reception_id: UUID
    number: str  # 受付番号: day and running number of the office; tells nothing of a person
    work: str
    basis: str
    purpose: str
    party: str
    received_on: date
    taken_on: date
    taken_at: datetime
    capacity: str
    visitor_name: str
    visitor_address: str
    visitor_phone: str
    principal_name: str
    identity: tuple[str, ...]
    authority: tuple[str, ...]
    sender: str
    reference: str
    reason: str
    asked: tuple[str, ...]
    copy_count: int | None
    post_to_principal: bool
    previous_id: UUID | None
    office: str
    operator_id: int
    terminal: str
    state: str
    ended_because: str

    @property
    def work_name(self) -> str:
        """受付の種類の名: 転入, 証明書の請求."""
        return works.NAMES[self.work]

    @property
    def capacity_name(self) -> str:
        """来庁した者の資格の名; blank where nobody stood at the counter."""
        return dict(receptions.capacities(self.party, self.taken_on)).get(self.capacity, "")

    @property
    def state_name(self) -> str:
        """受付の状態の名."""
        return STATES[self.state]

    @property
    def is_ended(self) -> bool:
        """Was it withdrawn or declined?"""
        return self.state in ("withdrawn", "declined")

    @property
    def is_answered(self) -> bool:
        """Was what it asked for done?"""
        return self.state in ("recorded", "issued")


@dataclass(frozen=True)
class Numbered:
    """受付の番号: by which one reception is told from another; nothing of a person."""

    reception_id: UUID
    number: str


@dataclass(frozen=True)
class Latest(Numbered):
    """直前の受付: with the name of its visitor."""

    visitor_name: str


@dataclass(frozen=True)
class DayLine:
    """受付の一覧の行: what the first screen shows, which stands open at a counter: `visitor` is
    blank unless the names were asked for."""

    reception_id: UUID
    number: str
    work_name: str
    basis: str
    capacity: str
    state: str
    taken_on: date
    taken_at: datetime
    operator: str
    visitor: str = ""

    @property
    def state_name(self) -> str:
        """受付の状態の名."""
        return STATES[self.state]


def reception(actor: Actor, reception_id: UUID) -> Reception | None:
    """受付: that of the actor's own office; None where it has none of that id.

    No Permit: the reception is what says for which purpose one is asked.
    """
    found = next(iter(_as_they_are([reception_id])), None)
    return found if found is not None and found.office == actor.office else None


def owned(permit: Permit, reception_id: UUID) -> Reception:
    """The reception, for a permit of its own purpose or of review, in its own office.

    Anything else is refused, and the refusal trailed.
    """
    assert permit.actor is not None, f"the job {permit.job} receives nobody"
    found = reception(permit.actor, reception_id)
    if found is None:
        refuse(permit.actor, permit.purpose, purposes.not_seen(permit.purpose, permit.on))
    demand_own(permit, found)
    return found


def demand_own(permit: Permit, its: Reception) -> None:
    """Refuse, trailed, where a reception is another office's, or the permit of another purpose."""
    assert permit.actor is not None, f"the job {permit.job} receives nobody"
    if its.office != permit.actor.office or permit.purpose not in (its.purpose, _REVIEW):
        refuse(permit.actor, permit.purpose, purposes.not_seen(permit.purpose, permit.on))


def is_undecided(reception_id: UUID) -> bool:
    """Has it neither ended nor led to a change? Asked under `answering.take`."""
    return not (
        ReceptionEnding.objects.filter(pk=reception_id).exists()
        or RecordedChange.objects.filter(reception_id=reception_id).exists()
    )


def shown(permit: Permit, reception_id: UUID) -> Reception | None:
    """受付の表示: with what the visitor said; one look, trailed."""
    demand_work(permit, "reception_day")
    assert permit.actor is not None, "a job shows no reception"
    with transaction.atomic():
        found = reception(permit.actor, reception_id)
        look(permit, "reception_shown", "register.reception", detail={"rows": int(bool(found))})
    return found


def of_the_day(
    permit: Permit, page: int = 1, *, named: bool = False
) -> tuple[tuple[DayLine, ...], bool]:
    """受付の一覧: those the own office took today, and first the unfinished of the days before.

    One page (from 1), the newest first; also tells whether there are more. Only where it is
    `named` it says who came, and then it is a look; else it leaves no trail row.
    """
    demand_work(permit, "reception_day")
    assert permit.actor is not None, "a job lists no receptions"
    mine = Row.objects.filter(office=permit.actor.office)
    start = (page - 1) * DAY_PER_PAGE
    today = list(
        mine.filter(taken_on=permit.on).order_by("-day_no")[start : start + DAY_PER_PAGE + 1]
    )
    left_over = _unfinished(mine, permit.on) if page == 1 else []
    found = _as_they_are(row.pk for row in [*left_over, *today[:DAY_PER_PAGE]])
    names = names_of(one.operator_id for one in found)
    lines = tuple(_line(one, names) for one in found)
    if named:
        visitors = {one.reception_id: one.visitor_name for one in found}
        lines = tuple(replace(one, visitor=visitors[one.reception_id]) for one in lines)
        with transaction.atomic():
            rows = {"rows": len(lines)}
            look(permit, "reception_shown", "register.reception", detail=rows)
    return lines, len(today) > DAY_PER_PAGE


def _unfinished(mine: "QuerySet[Row]", on: date) -> list[Row]:
    """What nothing has answered of the days before; each is asked for by its own index entry."""
    before = mine.filter(taken_on__range=(on - LOOK_BACK, on - timedelta(days=1)))
    changes = RecordedChange.objects.filter(reception_id=OuterRef("pk"))
    endings = ReceptionEnding.objects.filter(pk=OuterRef("pk"))
    found = before.filter(~Exists(changes), ~Exists(endings))
    return list(found.order_by("taken_on", "day_no")[:DAY_PER_PAGE])


def _line(one: Reception, names: Mapping[int, str]) -> DayLine:
    return DayLine(
        reception_id=one.reception_id,
        number=one.number,
        work_name=one.work_name,
        basis=BASES[one.basis],
        capacity=one.capacity_name,
        state=one.state,
        taken_on=one.taken_on,
        taken_at=one.taken_at,
        operator=names.get(one.operator_id, ""),
    )


def of_that_day(actor: Actor, reception_id: UUID, on: date) -> Numbered | None:
    """その日の受付: that of the actor's own office, by its number alone; None for no such one."""
    found = Row.objects.filter(pk=reception_id, office=actor.office, taken_on=on).first()
    return Numbered(found.reception_id, number_of(on, found.day_no)) if found else None


def latest_of(permit: Permit) -> Latest | None:
    """前の受付: what this operator took last today, for the same visitor's next work; one look,
    trailed, for it names who came."""
    demand_work(permit, "reception_day")
    assert permit.actor is not None, "a job receives nobody"
    own = Row.objects.filter(
        office=permit.actor.office, taken_on=permit.on, operator_id=permit.actor.operator_id
    )
    with transaction.atomic():
        row = own.exclude(visitor_name="").order_by("-day_no").first()
        if row is None:
            return None
        look(permit, "reception_shown", "register.reception", detail={"rows": 1})
    return Latest(row.reception_id, number_of(permit.on, row.day_no), row.visitor_name)


def names_of(operator_ids: Iterable[int]) -> dict[int, str]:
    """操作者の氏名: of each id that there is."""
    people = get_user_model().objects.filter(pk__in=set(operator_ids))
    return dict(people.values_list("pk", "name"))


def number_of(taken_on: date, day_no: int) -> str:
    """受付番号: month and day, and the running number of the office on that day."""
    return f"{taken_on:%m%d}-{day_no:04}"


# Asked by every page of the counter, so in one statement. What is recorded cannot be a draft
# again, whatever was kept beside it; an ending says more than either.
_AS_THEY_ARE = """
SELECT r.*, COALESCE(e.reason, '') AS ended_because, CASE
    WHEN e.how IS NOT NULL THEN e.how
    WHEN EXISTS (SELECT FROM register_recordedchange WHERE reception_id = r.reception_id)
        THEN 'recorded'
    WHEN EXISTS (SELECT FROM register_draft WHERE reception_id = r.reception_id) THEN 'draft'
    ELSE 'open' END AS state
FROM unnest(%s::uuid[]) WITH ORDINALITY AS asked (reception_id, place)
JOIN register_reception r USING (reception_id)
LEFT JOIN register_receptionending e USING (reception_id)
ORDER BY asked.place
"""


def _as_they_are(reception_ids: Iterable[UUID]) -> list[Reception]:
    """The receptions with their states, in the order in which they are asked for."""
    found = Row.objects.raw(_AS_THEY_ARE, [list(reception_ids)])
    return [
        _of_row(row, row.state, row.ended_because)  # type: ignore[attr-defined]  # of the statement
        for row in found
    ]


def _of_row(row: Row, state: str, ended_because: str) -> Reception:
    basis = works.basis(row.work, row.basis, row.taken_on)
    return Reception(
        reception_id=row.reception_id,
        number=number_of(row.taken_on, row.day_no),
        work=row.work,
        basis=row.basis,
        purpose=basis.purpose,
        party=basis.party,
        received_on=row.received_on,
        taken_on=row.taken_on,
        taken_at=row.at,
        capacity=row.capacity,
        visitor_name=row.visitor_name,
        visitor_address=row.visitor_address,
        visitor_phone=row.visitor_phone,
        principal_name=row.principal_name,
        identity=tuple(row.identity),
        authority=tuple(row.authority),
        sender=row.sender,
        reference=row.reference,
        reason=row.reason,
        asked=tuple(row.asked),
        copy_count=row.copy_count,
        post_to_principal=row.post_to_principal,
        previous_id=row.previous_id,
        office=row.office,
        operator_id=row.operator_id,
        terminal=row.terminal,
        state=state,
        ended_because=ended_because,
    )

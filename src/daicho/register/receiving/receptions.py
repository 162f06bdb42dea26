"""受付の照会: a reception as it was recorded, and what became of it.

A reception belongs to the office that took it; for other offices it is not there. Its state is not
stored: it follows from its ending, its draft and the ledger. Who came is told by a look alone.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from uuid import UUID

from django.contrib.auth import get_user_model
from django.db import connection, transaction
from django.db.models import Exists, OuterRef, QuerySet

from daicho.access.acting import Actor
from daicho.access.permits import Permit, demand_work, look, refuse
from daicho.law import purposes
from daicho.register.models import Reception as Row
from daicho.register.models import ReceptionEnding, RecordedChange
from daicho.register.receiving.reception import STATES, Reception, number_of, of_row
from daicho.terms.changes.reasons import BASES

__all__ = ["STATES", "Reception", "number_of"]

LOOK_BACK = timedelta(days=14)
"""前の日の受付を一覧に残す日数: the period of a notification; drafts are listed for ever."""

DAY_PER_PAGE = 50
"""受付の一覧の件数: receptions on one page of the day's list."""

# A supervisor opens the drafts of the office for review, of whatever purpose they are.
_REVIEW = "change.reviewed"


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

    No Permit, for it is what says for which purpose one is asked; and no look, for it names nobody.
    """
    found = next(iter(_as_they_are([reception_id])), None)
    return found if found is not None and found.office == actor.office else None


def unnamed(reception_ids: Iterable[UUID]) -> list[Reception]:
    """受付の今: how these stand, of whatever office; they name nobody."""
    asked = list(reception_ids)
    return _as_they_are(asked) if asked else []


def owned(permit: Permit, reception_id: UUID) -> Reception:
    """The reception, for a permit of its own purpose or of review, in its own office; names nobody.

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


_UNDECIDED = """
SELECT NOT EXISTS (SELECT FROM register_receptionending WHERE reception_id = %(asked)s)
    AND NOT EXISTS (SELECT FROM register_recordedchange WHERE reception_id = %(asked)s)
"""


def is_undecided(reception_id: UUID) -> bool:
    """Has it neither ended nor led to a change? Asked under `answering.take`."""
    with connection.cursor() as cursor:
        cursor.execute(_UNDECIDED, {"asked": reception_id})
        (is_undecided,) = cursor.fetchone()
    return bool(is_undecided)


def shown(permit: Permit, reception_id: UUID) -> Reception | None:
    """受付の表示: with what the visitor said; one look, trailed."""
    demand_work(permit, "reception_day")
    assert permit.actor is not None, "a job shows no reception"
    with transaction.atomic():
        found = next(iter(_as_they_are([reception_id], named=True)), None)
        found = found if found is not None and found.office == permit.actor.office else None
        look(permit, "reception_shown", "register.reception", detail={"rows": int(bool(found))})
    return found


def with_visitor(permit: Permit, its: Reception) -> Reception:
    """来庁した人の確認: the same with what the visitor said, for its own work; a look, trailed."""
    demand_own(permit, its)
    with transaction.atomic():
        (found,) = _as_they_are([its.reception_id], named=True)
        look(permit, "reception_shown", "register.reception", detail={"rows": 1})
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
    found = _as_they_are((row.pk for row in [*left_over, *today[:DAY_PER_PAGE]]), named=named)
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
    """操作者の氏名: of each id that there is; how staff sign their work, nothing of a resident."""
    people = get_user_model().objects.filter(pk__in=set(operator_ids))
    return dict(people.values_list("pk", "name"))


# Asked by every page of the counter, so in one statement. What is recorded cannot be a draft
# again, whatever was kept beside it; an ending says more than either.
_COLUMNS = ", ".join(f"r.{one.column}" for one in Row._meta.concrete_fields)
_AS_THEY_ARE = f"""
SELECT {_COLUMNS}, COALESCE(e.reason, '') AS ended_because, CASE
    WHEN e.how IS NOT NULL THEN e.how
    WHEN EXISTS (SELECT FROM register_recordedchange WHERE reception_id = r.reception_id)
        THEN 'recorded'
    WHEN EXISTS (SELECT FROM register_draft WHERE reception_id = r.reception_id) THEN 'draft'
    ELSE 'open' END AS state
FROM unnest(%s::uuid[]) WITH ORDINALITY AS asked (reception_id, place)
JOIN register_reception r USING (reception_id)
LEFT JOIN register_receptionending e USING (reception_id)
ORDER BY asked.place
"""  # noqa: S608  our own columns


def _as_they_are(reception_ids: Iterable[UUID], *, named: bool = False) -> list[Reception]:
    """The receptions with their states, in the order in which they are asked for."""
    found = Row.objects.raw(_AS_THEY_ARE, [list(reception_ids)])
    return [
        of_row(row, row.state, row.ended_because, named=named)  # type: ignore[attr-defined]  # of the statement
        for row in found
    ]

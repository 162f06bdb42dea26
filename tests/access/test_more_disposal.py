"""終わった記録の廃棄: each kind is let go by the month in which it ended, and no other of it."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import DatabaseError, transaction
from psycopg import sql

import beginnings
import ended
from access.conftest import Superuser
from daicho.access import clock
from daicho.access.disposing import carrying_out, deciding, holding, lists, proposing
from daicho.access.disposing.sources import sources
from daicho.access.models import (
    DataExportStep,
    DisclosureRequest,
    Operator,
    OwnRecord,
    RelationNotice,
    ResidentCard,
    ResidentCardRevocation,
)
from daicho.access.permits import look
from daicho.access.refusals import Refused
from people import FAR_AWAY, Cast
from retention import approved, files_with, responsible, worker

JUNE = date(2017, 6, 15)
"""A day whose period is over, of every kind."""
OF_TEXTS = ("data_export", "disclosure", "own_log")


def ended_on(kind: str, *found: str) -> list[date | None]:
    """On which day the database says that each of these of a kind ended."""
    asked = sql.SQL("SELECT id, ended_on FROM disposal.{}()")
    days = dict(lists.asked(asked.format(sql.Identifier(f"{kind}_ended"))))
    assert days.keys() == set(found)
    return [days[one] for one in found]


def ids(kind: str) -> set[tuple[str, object]]:
    """Every row of a kind that is there."""
    return {
        (model.__name__, row.pk)
        for model in ended.models_of(kind)
        for row in model._default_manager.all()
    }


def named(*made: ended.Made) -> set[tuple[str, object]]:
    return {(type(row).__name__, row.pk) for one in made for row in one.rows}


# -- What has ended goes, with real commits --------------------------------------------------------


@pytest.fixture
def durable(stage: str) -> str:
    """A database on a server apart: in the run's own, whatever another worker has open would keep
    a table from being written anew."""
    return stage


def _listed(list_id: int) -> list[tuple[str, date, int]]:
    return [(one.kind, one.month, one.row_count) for one in lists.lines(list_id)]


def _held_and_lifted(cast: Cast, kind: str) -> None:
    """As long as a responsible holds the month, nothing of it is listed."""
    holding.place(responsible(cast), kind, JUNE, JUNE, "disputed")
    with pytest.raises(Refused) as refused:
        proposing.propose(worker(cast))
    assert [one.code for one in refused.value.findings] == ["brra36-2.nothing_due"]
    (held,) = holding.holds(responsible(cast))
    holding.lift(responsible(cast), held.hold_id)


@pytest.mark.durable
@pytest.mark.parametrize("kind", ended.KINDS)
def test_what_ended_long_ago_goes_and_what_has_not_stays(
    kind: str, durable: str, superuser: Superuser
) -> None:
    cast, make, today = beginnings.cast_again(), ended.KINDS[kind], clock.today()
    old = make(cast, JUNE, ended.MARKER)
    ended.backdated(superuser(), old, JUNE)
    young, open_one = make(cast, today - timedelta(days=40), ""), make(cast, None, "")
    assert ids(kind) == named(old, young, open_one)
    tables = sources()[kind].tables
    assert bool(files_with(durable, ended.MARKER, tables)) == (kind in OF_TEXTS)
    _held_and_lifted(cast, kind)
    list_id = approved(cast)
    assert _listed(list_id) == [(kind, date(2017, 6, 1), 2 if kind == "own_record" else 1)]
    carrying_out.carry_out(worker(cast), list_id)
    assert lists.there(list_id).state == "done"
    assert ids(kind) == named(young, open_one)
    assert files_with(durable, ended.MARKER, tables) == []


# -- On which day it ended -------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_card_ends_when_it_is_revoked_or_its_certificate_ends(cast: Cast) -> None:
    del cast
    last_days = [JUNE, FAR_AWAY, FAR_AWAY, JUNE, None, None]
    made = [
        ResidentCard.objects.create(
            serial=str(no), fingerprint=bytes(32), record_id=uuid4(), until_on=day
        )
        for no, day in enumerate(last_days)
    ]
    for card in (made[2], made[3], made[5]):
        ResidentCardRevocation.objects.create(card=card, reason="lost")
    today, found = clock.today(), [str(card.pk) for card in made]
    assert ended_on("resident_card", *found) == [JUNE, FAR_AWAY, today, JUNE, None, today]


@pytest.mark.django_db
def test_leave_for_an_export_ends_with_its_last_day_or_before(cast: Cast) -> None:
    asked_by, other = cast.system_operator.operator, cast.security_manager.operator
    steps: list[tuple[date, list[dict[str, object]]]] = [
        (JUNE, []),
        (FAR_AWAY, []),
        (FAR_AWAY, [{"is_end": False, "is_approved": True, "by": other}]),
        (FAR_AWAY, [{"is_end": False, "is_approved": False, "by": other}]),
        (FAR_AWAY, [{"is_end": False, "is_approved": True, "by": asked_by}]),
        (FAR_AWAY, [{"is_end": True, "by": asked_by}]),
        (JUNE, [{"is_end": False, "is_approved": True, "by": other}]),
    ]
    found = []
    for last_day, taken in steps:
        row = ended.asked_for(cast, last_day)
        found.append(str(row.pk))
        for step in taken:
            DataExportStep.objects.create(request=row, **step)
    today = clock.today()
    days = [JUNE, FAR_AWAY, FAR_AWAY, today, today, today, JUNE]
    assert ended_on("data_export", *found) == days


@pytest.mark.django_db
def test_an_own_record_ends_with_the_next_one_or_with_the_operator(cast: Cast) -> None:
    stays, leaves = cast.clerk.operator, cast.clerk_of_another_office.operator
    Operator.objects.filter(pk=leaves.pk).update(until_on=JUNE)
    first, then = date(2015, 4, 1), date(2016, 8, 1)
    found = []
    for who in (stays, leaves):
        for since in (first, then):
            by = cast.administrator.operator
            row = OwnRecord.objects.create(operator=who, record_id=uuid4(), since=since, by=by)
            found.append(f"o{row.pk}")
        found.append(f"n{RelationNotice.objects.create(operator=who, version=1).pk}")
    assert ended_on("own_record", *found) == [then, None, None, then, JUNE, JUNE]


# -- The database itself ---------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ended.KINDS)
def test_the_program_deletes_none_of_it_in_any_other_way(kind: str, cast: Cast) -> None:
    ended.KINDS[kind](cast, None, "")
    for table in sources()[kind].tables:
        assert _refused(sql.SQL("DELETE FROM {}").format(sql.Identifier(table))) == "42501"
    destroy = sql.SQL("SELECT disposal.{}(1, 1)").format(sql.Identifier(f"destroy_{kind}"))
    assert _refused(destroy) == "VD001", "there is no such line"


def _refused(statement: sql.Composable) -> str:
    with pytest.raises(DatabaseError) as refused, transaction.atomic():
        lists.asked(statement)
    return str(getattr(refused.value.__cause__, "sqlstate", ""))


@pytest.mark.django_db
def test_a_disclosure_that_is_given_again_is_not_what_was_approved(cast: Cast) -> None:
    row, *steps = ended.disclosure(cast, JUNE).rows
    list_id = proposing.propose(worker(cast))
    shown = lists.digest(list_id)
    deciding.decide(responsible(cast), list_id, shown, is_approved=True)
    (line,) = lists.lines(list_id)
    assert isinstance(row, DisclosureRequest)
    ended.step_of(cast, row, "given", clock.today())
    detail: dict[str, int | str] = {"list": list_id, "rows": 1}
    with transaction.atomic():
        trail_id = look(worker(cast), "retention_done", "x", detail=detail)
        assert lists.destroy("disclosure", trail_id, line.line_id) is None
    assert len(ids("disclosure")) == 2 + len(steps)

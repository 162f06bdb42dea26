"""保存期間の過ぎた記録の廃棄: by the month, by a list that another approved, and nothing twice."""

import os
import signal
from collections.abc import Callable, Iterator
from datetime import date
from uuid import uuid4

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction

import beginnings
import databases
from access.conftest import apart  # noqa: F401  its fixture, by name
from access.conftest import stage as alone  # noqa: F401  its fixture, by name
from daicho.access import clock
from daicho.access.disposing import carrying_out, deciding, holding, lists, proposing
from daicho.access.disposing.steps import Unfit
from daicho.access.models import (
    DisclosureRequest,
    DisclosureWaiting,
    DisposalList,
    DisposalStep,
    Trail,
)
from daicho.access.permits import Permit, look, system_permit
from daicho.access.refusals import Refused
from daicho.register.models import Reception, ReceptionEnding
from people import WARD, Cast
from retention import DISPOSER, approved, reception, responsible, worker
from vault.made_up import beside

JANUARY, FEBRUARY, MARCH = (date(2020, month, 6) for month in (1, 2, 3))


def codes(step: Callable[[], object]) -> list[str]:
    """What refuses a step, also as the trail has it."""
    with pytest.raises(Refused) as refused:
        step()
    found = [one.code for one in refused.value.findings]
    assert Trail.objects.filter(event="retention_refused").latest("id").finding == found[0]
    return found


def months(list_id: int) -> list[date]:
    return [one.month for one in lists.lines(list_id) if one.kind == "reception"]


def of_the_machine() -> Permit:
    number = "7b0c9a52-4d6f-4c53-8f6f-2f6d5e1f9c11"
    return system_permit(proposing.JOB, clock.today(), number)  # type: ignore[arg-type]  # as text


# -- Proposing and deciding ------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_months_that_are_over_are_listed_and_one_with_a_draft_waits(cast: Cast) -> None:
    for day in (JANUARY, JANUARY, MARCH, clock.today()):
        reception(day)
    reception(FEBRUARY)
    reception(FEBRUARY, has_draft=True)
    list_id = proposing.propose(worker(cast))
    assert months(list_id) == [date(2020, 1, 1), date(2020, 3, 1)]
    assert [one.row_count for one in lists.lines(list_id)] == [2, 1]
    assert codes(lambda: proposing.propose(worker(cast))) == ["brra36-2.disposal_open"]


@pytest.mark.django_db
def test_the_machine_proposes_once_a_month_what_is_there(cast: Cast) -> None:
    assert proposing.propose_due(of_the_machine()) is None, "nothing is due"
    reception(JANUARY)
    list_id = proposing.propose_due(of_the_machine())
    assert list_id is not None
    assert DisposalList.objects.get(pk=list_id).proposed_by is None
    shown = lists.digest(list_id)
    deciding.decide(responsible(cast), list_id, shown, is_approved=False)
    assert proposing.propose_due(of_the_machine()) is None, "not again in the same month"


@pytest.mark.django_db
def test_a_list_is_decided_as_it_was_shown_and_once(cast: Cast) -> None:
    reception(JANUARY)
    reception(MARCH)
    list_id = proposing.propose(worker(cast))
    shown, (first, _) = lists.digest(list_id), lists.lines(list_id)
    deciding.take_off(responsible(cast), list_id, [first.line_id], "disputed")
    decide = deciding.decide
    assert codes(lambda: decide(responsible(cast), list_id, shown, is_approved=True)) == [
        "brra36-2.disposal_changed"
    ]
    decide(responsible(cast), list_id, lists.digest(list_id), is_approved=True)
    assert codes(lambda: decide(responsible(cast), list_id, shown, is_approved=False)) == [
        "brra36-2.disposal_decided"
    ]


@pytest.mark.django_db
def test_a_month_that_is_held_is_neither_listed_nor_destroyed(cast: Cast) -> None:
    for day in (JANUARY, FEBRUARY):
        reception(day)
    list_id = approved(cast)
    holding.place(responsible(cast), "reception", JANUARY, JANUARY, "disputed")
    holding.place(responsible(cast), "reception", JANUARY, JANUARY, "disputed")
    (held,) = holding.holds(responsible(cast))
    line = lists.lines(list_id)[0]
    assert _destroys(cast, list_id, line.line_id) == "kept", "though it was approved"
    deciding.stop(responsible(cast), list_id)
    carrying_out.carry_out(worker(cast), list_id)
    assert months(proposing.propose(worker(cast))) == [date(2020, 2, 1)]
    holding.lift(responsible(cast), held.hold_id)
    assert not holding.holds(responsible(cast))
    deciding.decide(
        responsible(cast),
        newest := lists.lists()[0].list_id,
        lists.digest(newest),
        is_approved=False,
    )
    assert months(proposing.propose(worker(cast))) == [date(2020, 1, 1), date(2020, 2, 1)]


@pytest.mark.django_db
def test_a_month_of_which_a_disclosure_waits_is_not_listed(cast: Cast) -> None:
    waits = reception(JANUARY)
    reception(FEBRUARY)
    row = DisclosureRequest.objects.create(
        request_id=uuid4(),
        reception_id=waits,
        kind="resident_record",
        record_id=uuid4(),
        received_on=JANUARY,
        capacity="principal",
        requester_name="架空　花子",
        requester_address="",
        taken_by=cast.system_operator.operator,
        office="001",
        ward=WARD,
    )
    DisclosureWaiting.objects.create(disclosure=row, ward=WARD)
    assert months(proposing.propose(worker(cast))) == [date(2020, 2, 1)]


# -- The database itself ---------------------------------------------------------------------------


def _destroys(cast: Cast, list_id: int, line_id: int = 0) -> str:
    """What the database answers where its function is called by the way, past the program."""
    line_id = line_id or lists.lines(list_id)[0].line_id
    detail = {"list": list_id, "rows": 1}
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            trail_id = look(worker(cast), "retention_done", "x", detail=detail)
            cursor.execute("SELECT disposal.destroy_reception(%s, %s)", [trail_id, line_id])
            ((count,),) = cursor.fetchall()
    except DatabaseError as refused:
        return str(getattr(refused.__cause__, "sqlstate", ""))
    return "kept" if count is None else "destroyed"


@pytest.mark.django_db
def test_the_database_deletes_by_an_approved_list_of_another_alone(cast: Cast) -> None:
    reception(JANUARY)
    list_id = proposing.propose(worker(cast))
    assert _destroys(cast, list_id) == "VD001", "nobody has approved it"
    step = {"list_id": list_id, "is_end": False, "is_approved": True, "trail_id": 1}
    with transaction.atomic():
        saved = transaction.savepoint()
        by = cast.system_operator.operator
        DisposalStep.objects.create(by=by, digest=lists.digest(list_id), **step)
        assert _destroys(cast, list_id) == "VD003", "who carries it out has approved it"
        transaction.savepoint_rollback(saved)
    by = cast.security_manager.operator
    DisposalStep.objects.create(by=by, digest=lists.digest(list_id), **step)
    assert _destroys(cast, list_id) == "VD002", "no trail row bears the approval out"
    assert Reception.objects.count() == 1


# -- Carrying out, with real commits ---------------------------------------------------------------


@pytest.fixture
def durable(alone: str) -> str:  # noqa: F811  the fixture
    """A database on a server apart: in the run's own, whatever another worker has open would keep
    a table from being written anew."""
    return alone


@pytest.fixture
def stage(durable: str) -> Cast:
    return beginnings.cast_again()


@pytest.fixture
def superuser(durable: str) -> Iterator["psycopg.Connection[tuple[object, ...]]"]:
    url = databases.the_server().url(durable, "superuser")
    with psycopg.connect(url, autocommit=True) as signed_in:
        yield signed_in


@pytest.mark.durable
def test_not_even_the_role_that_deletes_does_so_without_an_approved_list(
    stage: Cast, superuser: "psycopg.Connection[tuple[object, ...]]"
) -> None:
    reception(JANUARY)
    list_id = proposing.propose(worker(stage))
    (line,) = lists.lines(list_id)
    role = databases.TEMPLATE.role("disposal")
    superuser.execute(f"SET ROLE {role}")
    with pytest.raises(psycopg.Error, match="no trail row of this transaction"):
        superuser.execute("SELECT disposal.destroy_reception(1, %s)", [line.line_id])
    with pytest.raises(psycopg.errors.InsufficientPrivilege, match="approved list"):
        superuser.execute("DELETE FROM register_reception")
    assert Reception.objects.count() == 1


@pytest.mark.durable
def test_cut_off_between_two_lines_it_goes_on_where_it_was(durable: str, stage: Cast) -> None:
    for day in (JANUARY, FEBRUARY, MARCH):
        reception(day)
    list_id = approved(stage)
    with beside(DISPOSER, durable, str(list_id)) as working:
        assert working.stdout is not None
        assert working.stdout.readline().strip() == "2"
        os.kill(working.pid, signal.SIGKILL)
        working.communicate(timeout=10)
    assert (lists.there(list_id).state, Reception.objects.count()) == ("approved", 2)
    assert carrying_out.carry_out(worker(stage), list_id) == carrying_out.CarriedOut(2, 0)
    assert not Reception.objects.exists()
    assert not ReceptionEnding.objects.exists()
    assert lists.there(list_id).state == "done"
    assert Trail.objects.filter(event="retention_done").count() == 3, "each line once"


@pytest.mark.durable
def test_while_an_old_look_at_the_table_lasts_the_list_is_not_closed(
    stage: Cast, superuser: "psycopg.Connection[tuple[object, ...]]"
) -> None:
    reception(JANUARY)
    list_id = approved(stage)
    with superuser.transaction():
        superuser.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        superuser.execute("SELECT 1")  # what it may still ask for is kept in the new file too
        carry_out = carrying_out.carry_out
        assert codes(lambda: carry_out(worker(stage), list_id)) == ["brra36-2.disposal_busy"]
    assert lists.there(list_id).state == "approved"
    carrying_out.carry_out(worker(stage), list_id)
    assert lists.there(list_id).state == "done"
    assert Trail.objects.filter(event="retention_done").count() == 1


def _rewrites_the_trail(cast: Cast, list_id: int) -> None:
    """Call the function of the database by the way, of a table in which nobody may delete."""
    detail: dict[str, int | str] = {"list": list_id, "table": "access_trail"}
    with transaction.atomic():
        trail_id = look(worker(cast), "retention_rewritten", "x", detail=detail)
        lists.rewrite(trail_id, list_id, "access_trail")


@pytest.mark.durable
def test_a_row_that_was_only_vacuumed_away_is_written_over_all_the_same(
    stage: Cast, superuser: "psycopg.Connection[tuple[object, ...]]"
) -> None:
    reception(JANUARY)
    list_id = approved(stage)

    def cut_off(_left_count: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        carrying_out.carry_out(worker(stage), list_id, cut_off)
    superuser.execute("VACUUM (FREEZE) register_reception, register_receptionending")
    assert not lists.is_rewritten("register_reception", list_id)
    with pytest.raises(Unfit):
        _rewrites_the_trail(stage, list_id)
    carrying_out.carry_out(worker(stage), list_id)
    assert Trail.objects.filter(event="retention_rewritten").count() == 2
    assert lists.is_rewritten("register_reception", list_id)


@pytest.mark.durable
def test_a_table_that_is_too_large_for_the_day_is_left_to_the_command(stage: Cast) -> None:
    reception(JANUARY)
    list_id = approved(stage)
    by_day = carrying_out.carry_out_by_day
    assert codes(lambda: by_day(worker(stage), list_id, bytes_most=0)) == [
        "brra36-2.disposal_large"
    ]
    assert Reception.objects.count() == 1, "nothing was begun"
    assert by_day(worker(stage), list_id).destroyed_count == 1


@pytest.mark.durable
def test_what_is_other_than_was_approved_stays(stage: Cast) -> None:
    reception(JANUARY)
    list_id = approved(stage)
    reception(JANUARY)  # as where rows were brought over from elsewhere
    assert carrying_out.carry_out(worker(stage), list_id) == carrying_out.CarriedOut(0, 1)
    assert [one.outcome for one in lists.lines(list_id)] == ["kept"]
    assert Reception.objects.count() == 2

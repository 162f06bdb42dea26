"""除票の廃棄: by the month of the closing, a residence at a time, and the living are untouched."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import psycopg
import pytest
from django.db import connection

import beginnings
import databases
from access.conftest import apart  # noqa: F401  its fixture, by name
from access.conftest import stage as alone  # noqa: F401  its fixture, by name
from daicho.access import clock
from daicho.access.acting import Actor
from daicho.access.disposing import carrying_out, deciding, lists, proposing
from daicho.access.models import DisclosureRequest
from daicho.access.permits import permit
from daicho.law.retention.of_closed_records import Residence, closed_record_kept
from daicho.register import rebuilding
from daicho.register.models import Current, Draft, Reception, RecordedChange, RecordVersion
from daicho.terms.changes import Cancelled
from old_town import (
    KIND,
    LAST,
    LATER,
    MARKER,
    NUMBERS,
    OLD,
    came_back,
    closed,
    old_town,
    taken_over,
    twice,
)
from people import WARD, Cast
from register.counter import Clerk, Family
from register.entering import left, moves_in, number, umeko
from retention import approved, files_with, reception, responsible, worker

TABLES = ("recordedchange", "recordversion", "remark", "current", "searchkey")


def listed(list_id: int) -> list[tuple[str, date, int]]:
    return [(one.kind, one.month, one.row_count) for one in lists.lines(list_id)]


def is_whole(cast: Cast) -> bool:
    """Do ledger, versions and projections say the same?"""
    moving = permit(cast.system_operator.acting(), "data.migration", clock.today())
    return rebuilding.check(moving).equal


def rows_of(record_id: UUID) -> int:
    """What stands of a record in all tables of the register."""
    found = RecordedChange.objects.filter(record_ids__contains=[record_id]).count()
    with connection.cursor() as cursor:
        for name in TABLES[1:]:
            asked = f"SELECT count(*) FROM register_{name} WHERE record_id = %s"  # noqa: S608  our own names
            cursor.execute(asked, [record_id])
            found += cursor.fetchone()[0]
    return int(found)


# -- What is listed --------------------------------------------------------------------------------


@pytest.mark.django_db
def test_those_are_listed_whose_five_years_had_ended_before_the_amendment(
    cast: Cast, tmp_path: Path
) -> None:
    old_town(cast, tmp_path)
    assert listed(proposing.propose(worker(cast))) == [
        (KIND, date(1990, 3, 1), 2),
        (KIND, date(2013, 5, 1), 1),
        (KIND, date(2014, 6, 1), 1),
    ]


@pytest.mark.django_db
def test_the_database_draws_the_line_where_the_law_does(cast: Cast, tmp_path: Path) -> None:
    days = [LAST + timedelta(days=by) for by in range(-2, 4)]
    lines = [
        closed(name, day, given_name=f"{place}郎")
        for place, (name, day) in enumerate(zip(NUMBERS, days, strict=False))
    ]
    taken_over(cast, tmp_path, *lines)
    of_law = [closed_record_kept(Residence(closed_on=day), clock.today()).kind for day in days]
    month = date(2014, 6, 1)
    assert {kind: of_law.count(kind) for kind in of_law} == {
        kind: lists.found_of(kind, month)[0] for kind in (KIND, "closed_record")
    }


@pytest.mark.django_db
def test_what_stands_in_one_ledger_row_waits_for_the_last_of_it(
    clerk: Clerk, family: Family
) -> None:
    month = clock.today().replace(day=1)
    left(clerk, family.hanako, family.taro)
    assert lists.found_of("closed_record", month)[0] == 0, "次郎 stands in the same row, and stays"
    left(clerk, family.jiro)
    assert lists.found_of("closed_record", month)[0] == 3
    assert lists.is_held("closed_record", month), "numbers, receptions and messages are there yet"


@pytest.mark.django_db
def test_a_closing_that_was_cancelled_waits_with_the_residence_that_goes_on(
    clerk: Clerk, family: Family
) -> None:
    month, person = clock.today().replace(day=1), family.taro
    closing = left(clerk, person)
    counter = replace(clerk, permit=permit(_actor(clerk), "change.moved_in", clock.today()))
    again = umeko(
        record_id=str(person),
        address_number="000000000000116",
        given_name="太郎",
        given_name_kana="タロウ",
        born_on="2005-10-10",
        sex="1",
        resident_record_code="98765432103",
    )
    entering = counter.record(moves_in(again))
    assert lists.found_of("closed_record", month)[0] == 1
    for change, number_of in ((entering, ""), (closing, "000000000000248")):
        undone = Cancelled(
            cancels=change.change_id, record_ids=(person,), household_number=number_of
        )
        clerk.record(undone, basis="ex_officio")
    assert Current.objects.get(record_id=person).state == "living"
    assert lists.found_of("closed_record", month)[0] == 0


def _actor(clerk: Clerk) -> Actor:
    assert clerk.permit.actor is not None
    return clerk.permit.actor


@pytest.mark.django_db
@pytest.mark.parametrize("is_lost", [False, True])
def test_who_lives_here_by_the_present_row_is_not_listed(
    cast: Cast, tmp_path: Path, *, is_lost: bool
) -> None:
    records = taken_over(cast, tmp_path, closed("old", OLD), closed("later", LATER))
    present = Current.objects.filter(record_id=records["old"])
    if is_lost:
        present.delete()
    else:
        present.update(state="living")
    assert listed(proposing.propose(worker(cast))) == [(KIND, date(2013, 5, 1), 1)]


def _asked_for(cast: Cast, record_id: UUID) -> None:
    DisclosureRequest.objects.create(
        request_id=uuid4(),
        reception_id=uuid4(),
        kind="resident_record",
        record_id=record_id,
        received_on=LATER,
        capacity="principal",
        requester_name="架空　花子",
        requester_address="",
        taken_by=cast.system_operator.operator,
        office="001",
        ward=WARD,
    )


@pytest.mark.django_db
def test_a_month_with_a_record_that_is_needed_waits(cast: Cast, tmp_path: Path) -> None:
    records = taken_over(
        cast,
        tmp_path,
        closed("old", OLD),
        closed(
            "later", LATER, individual_number=number(55_555_555_556), individual_number_state="held"
        ),
        closed("last", LAST, protected_from_on="2014-01-01"),
        closed("recent", date(2012, 1, 1)),
        closed("undated", date(2011, 1, 1)),
        closed("first", date(2010, 1, 1), protected_from_on="2010-01-01"),
    )
    has_draft = reception(clock.today(), has_draft=True)
    Draft.objects.filter(reception=has_draft).update(record_ids=[records["recent"]])
    _asked_for(cast, records["undated"])
    assert listed(proposing.propose(worker(cast))) == [(KIND, date(1990, 3, 1), 1)]


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
def test_what_is_due_goes_and_the_rest_stays_as_it_was(stage: Cast, tmp_path: Path) -> None:
    records = old_town(stage, tmp_path)
    before = {name: rows_of(one) for name, one in records.items()}
    list_id = approved(stage)
    assert carrying_out.carry_out(worker(stage), list_id) == carrying_out.CarriedOut(4, 0)
    after = {name: rows_of(one) for name, one in records.items()}
    gone = dict.fromkeys(("old", "later", "last"), 0)
    half = {"back": before["back"] - 2}  # a ledger row and its version
    assert after == {**before, **gone, **half}
    assert is_whole(stage)
    assert RecordVersion.objects.filter(address_number__in=town_numbers()).count() == 2
    assert lists.there(list_id).state == "done"


def town_numbers() -> tuple[str, str]:
    """花子 and 太郎, who live here."""
    return "000000000000108", "000000000000116"


@pytest.mark.durable
def test_no_file_holds_the_name_any_more(durable: str, stage: Cast, tmp_path: Path) -> None:
    taken_over(stage, tmp_path, closed("old", OLD), closed("later", LATER), *came_back())
    tables = [f"register_{name}" for name in TABLES]
    assert files_with(durable, MARKER, tables), "the search finds what is there"
    carrying_out.carry_out(worker(stage), approved(stage))
    assert files_with(durable, MARKER, tables) == []
    assert files_with(durable, "モドル", tables), "what stays is there"


@pytest.mark.durable
def test_of_two_residences_that_are_due_the_later_does_not_go_alone(
    stage: Cast, tmp_path: Path
) -> None:
    record_id = taken_over(stage, tmp_path, *twice())["twice"]
    list_id = proposing.propose(worker(stage))
    assert listed(list_id) == [(KIND, date(1990, 3, 1), 1), (KIND, date(2013, 5, 1), 1)]
    first = lists.lines(list_id)[0].line_id
    deciding.take_off(responsible(stage), list_id, [first], "disputed")
    deciding.decide(responsible(stage), list_id, lists.digest(list_id), is_approved=True)
    assert carrying_out.carry_out(worker(stage), list_id) == carrying_out.CarriedOut(0, 1)
    assert RecordVersion.objects.filter(record_id=record_id).count() == 2
    assert carrying_out.carry_out(worker(stage), approved(stage)).destroyed_count == 2
    assert rows_of(record_id) == 0
    assert is_whole(stage)


@pytest.mark.durable
def test_not_even_the_role_that_deletes_does_so_without_an_approved_list(
    stage: Cast, superuser: "psycopg.Connection[tuple[object, ...]]", tmp_path: Path
) -> None:
    record_id = taken_over(stage, tmp_path, closed("old", OLD))["old"]
    (line,) = lists.lines(proposing.propose(worker(stage)))
    superuser.execute(f"SET ROLE {databases.TEMPLATE.role('disposal')}")
    with pytest.raises(psycopg.Error, match="no trail row of this transaction"):
        superuser.execute(f"SELECT disposal.destroy_{KIND}(1, %s)", [line.line_id])
    for table in ("recordedchange", "recordversion"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege, match="approved list"):
            superuser.execute(f"DELETE FROM register_{table}")  # noqa: S608  our own names
    assert rows_of(record_id) == len(TABLES)
    assert not Reception.objects.exists()

"""消除できなかった転出予定者: whoever should have been closed by now is shown with the reason."""

from datetime import timedelta
from io import StringIO
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

import town
from daicho import recording
from daicho.access import clock
from daicho.access.permits import permit, system_permit
from daicho.access.refusals import NotPermitted
from daicho.recording import ClosedDue
from daicho.register import due
from daicho.terms.changes import Cancelled, MovedOut, MovedOutClosed
from people import Cast
from register.conftest import Import
from register.counter import TODAY, Clerk, Family, next_form, on_day, place, rows

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


def _plans(clerk: Clerk, *movers: UUID) -> None:
    change = MovedOut(abroad=False, destination=place("planned_destination"), record_ids=movers)
    clerk.record(change, occurred_on=clock.today())


def _close() -> ClosedDue:
    on = clock.today()
    return recording.close_due(system_permit("daily_closing", on, uuid4()), on)


def _not_closed(clerk: Clerk) -> list[tuple[set[str], set[str], bool, bool]]:
    """Names, codes of what refuses, whether an error did, and whether a closing was cancelled."""
    clerk.permit = next_form(clerk.permit)
    return [
        (
            {hit.name for hit in one.overdue.people},
            {finding.code for finding in one.refusals},
            one.failed,
            one.overdue.due.is_stopped,
        )
        for one in recording.not_closed(clerk.permit, clock.today(), 50)
    ]


def test_what_refuses_a_closing_is_told_with_its_remedy(
    clerk: Clerk, take_over: Import, tmp_path: Path
) -> None:
    planned = town.hanako(closing_reason="moved_out", closing_event_on="2019-04-01")
    _, faults = take_over(town.write(tmp_path, [planned]))
    assert faults == set(), "an old system's plan of a day before she came is taken over"
    closed = _close()
    assert (closed.person_count, len(closed.refused), closed.failed_count) == (0, 1, 0)
    assert _not_closed(clerk) == [({"架空　花子"}, {"dates.leaves_before_residence"}, False, False)]


def test_who_waits_for_the_next_run_is_shown_until_it_has_been(
    clerk: Clerk, family: Family
) -> None:
    _plans(clerk, family.taro, family.jiro)
    assert _not_closed(clerk) == [({"架空　太郎", "架空　次郎"}, set(), False, False)]
    assert due.overdue_count(clerk.permit, clock.today()) == 2
    assert due.overdue_count(clerk.permit, clock.today() - DAY) == 0
    assert _close() == ClosedDue(2, ())
    assert _not_closed(clerk) == []
    assert due.overdue_count(clerk.permit, clock.today()) == 0


def test_who_is_passed_over_after_a_cancelled_closing_is_shown_as_that(
    clerk: Clerk, family: Family
) -> None:
    _plans(clerk, family.taro)
    _close()
    ((closing,),) = rows(
        "SELECT id FROM register_recordedchange WHERE kind = %s", MovedOutClosed.kind
    )
    clerk.record(Cancelled(cancels=closing, record_ids=(family.taro,)), basis="ex_officio")
    assert _close() == ClosedDue(0, ())
    assert _not_closed(clerk) == [({"架空　太郎"}, set(), False, True)]


def test_an_error_that_nobody_expected_is_told_and_leaves_the_others(
    clerk: Clerk, family: Family
) -> None:
    _plans(clerk, family.taro)
    with on_day(TODAY + DAY):
        _plans(clerk, family.jiro)
        _take_next_version(family.taro)
        assert _close() == ClosedDue(1, (), 1)
        assert _not_closed(clerk) == [({"架空　太郎"}, set(), True, False)]


def test_to_look_closes_nobody_and_is_trailed(clerk: Clerk, family: Family) -> None:
    _plans(clerk, family.taro)
    before = rows("SELECT count(*) FROM register_recordedchange")
    _not_closed(clerk)
    assert rows("SELECT count(*) FROM register_recordedchange") == before
    assert clerk.see(family.taro).record.is_living
    ((seen,),) = rows(
        "SELECT s.record_ids FROM access_trail t JOIN access_trailsubjects s ON s.trail_id = t.id"
        " WHERE t.door = 'register.due' AND t.request_id = %s",
        clerk.permit.request_id,
    )
    assert seen == [family.taro]


def test_of_many_households_as_many_are_shown_as_were_asked(clerk: Clerk, family: Family) -> None:
    _plans(clerk, family.taro)
    with on_day(TODAY + DAY):
        _plans(clerk, family.hanako)
        found = due.overdue(clerk.permit, clock.today(), 1)
    assert [one.due.planned_on for one in found] == [TODAY], "the earliest day first"


def test_who_does_not_serve_movers_sees_none(cast: Cast) -> None:
    births = permit(cast.clerk.acting(), "change.born", clock.today())
    with pytest.raises(NotPermitted):
        recording.not_closed(births, clock.today(), 50)


def test_the_command_tells_of_an_error_and_ends_with_it(clerk: Clerk, family: Family) -> None:
    _plans(clerk, family.hanako, family.taro)
    _take_next_version(family.taro)
    said, wrong = StringIO(), StringIO()
    with pytest.raises(CommandError, match="1 世帯を消除できませんでした"):
        call_command("close_due", stdout=said, stderr=wrong)
    assert said.getvalue() == "0 人を消除しました。\n"
    assert wrong.getvalue() == "誤りで止まった世帯: 1\n"


def _take_next_version(record_id: UUID) -> None:
    """The number of the next version is taken: an error when it is written."""
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMP TABLE taken ON COMMIT DROP AS SELECT * FROM register_recordversion"
            " WHERE record_id = %s ORDER BY history_no DESC LIMIT 1",
            [record_id],
        )
        cursor.execute("UPDATE taken SET history_no = history_no + 1")
        cursor.execute("INSERT INTO register_recordversion SELECT * FROM taken")

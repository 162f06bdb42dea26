"""転出: planned, closed on its day, and what the 転入通知 says of it, through the write door."""

from datetime import date, timedelta
from io import StringIO
from uuid import UUID, uuid4

import pytest
from django.core.management import call_command

from daicho import recording
from daicho.access.permits import Permit, system_permit
from daicho.access.refusals import Refused
from daicho.recording import ClosedDue, Statement
from daicho.register import due, queries, rebuilding
from daicho.terms.changes import Cancelled, Died, MovedOut, MovedOutClosed, MoveInNoticeReceived
from register.counter import LATER, TODAY, Clerk, Family, on_day, place, rows, sent

pytestmark = pytest.mark.django_db

CLOSED = MovedOutClosed.kind
PLANNED_ON = TODAY + timedelta(days=10)


def _leaves(*movers: UUID, abroad: bool = False) -> MovedOut:
    destination = place("planned_destination", free_text="フランス") if abroad else None
    return MovedOut(
        abroad=abroad,
        destination=destination or place("planned_destination"),
        record_ids=movers,
    )


def _notice(*movers: UUID, noticed_on: date = TODAY, **parts: str) -> MoveInNoticeReceived:
    destination = place("confirmed_destination", **parts)
    return MoveInNoticeReceived(noticed_on=noticed_on, destination=destination, record_ids=movers)


def _close(on: date) -> ClosedDue:
    with on_day(on):
        return recording.close_due(system_permit("daily_closing", on, uuid4()), on)


def test_who_says_that_they_move_out_stays_a_resident_with_plans(
    clerk: Clerk, family: Family, allowed: Permit
) -> None:
    recorded = clerk.record(_leaves(family.hanako), occurred_on=PLANNED_ON)
    seen = clerk.see(family.hanako).record
    assert seen.is_living
    assert seen.relationship == "世帯主"
    assert seen.closing_reason == "moved_out"
    assert seen.planned_destination.municipality == "宇都宮市"
    assert str(seen.closing_event_on and seen.closing_event_on.sort_on) == PLANNED_ON.isoformat()
    assert (seen.closing_notified_on, seen.closed_on) == (TODAY, None)
    assert sent(recorded) == []
    assert rebuilding.check(allowed).equal


@pytest.mark.parametrize(
    ("occurred_on", "how", "code", "because"),
    [
        ("2026-11-05", "asked", "brra24.ex_officio", "A08: 14 days have passed on the 20th"),
        ("2019-01-01", "refused", "dates.leaves_before_residence", "E09: before she came"),
        ("about_day:2026-11-25", "refused", "std1-1-8.moved_out_uncertain", "E05"),
    ],
)
def test_the_day_of_moving_out(
    clerk: Clerk, family: Family, occurred_on: str, how: str, code: str, because: str
) -> None:
    answer, codes = clerk.codes(_leaves(family.hanako), occurred_on=occurred_on)
    assert answer == how, because
    assert code in codes, because


def test_a_blank_destination_and_a_second_plan_ask(clerk: Clerk, family: Family) -> None:
    clerk.record(_leaves(family.hanako), occurred_on=PLANNED_ON)
    nowhere = MovedOut(abroad=False, destination={}, record_ids=(family.hanako,))
    how, codes = clerk.codes(nowhere, occurred_on=PLANNED_ON)
    assert how == "asked"
    assert {"brra24.destination_blank", "std4-1-3.planned_already"} <= codes
    assert "std11-1.planned_to_leave" not in codes, "what moving out asks itself is enough"


@pytest.mark.parametrize(
    ("abroad", "parts", "asks", "because"),
    [
        (False, {"postal_code": "3200001"}, True, "E14: figures are no address"),
        (False, {"prefecture": "栃木県"}, True, "no town is named"),
        (False, {"municipality": "宇都宮市"}, False, "a town is named"),
        (True, {"free_text": "フランス"}, False, "a country will do"),
        (True, {"postal_code": "3200001"}, True, "figures are no country either"),
    ],
)
def test_a_destination_names_a_place(
    clerk: Clerk, family: Family, abroad: bool, parts: dict[str, str], asks: bool, because: str
) -> None:
    to = place("planned_destination", **parts)
    change = MovedOut(abroad=abroad, destination=to, record_ids=(family.hanako,))
    _, codes = clerk.codes(change, occurred_on=PLANNED_ON)
    assert ("brra24.destination_blank" in codes) is asks, because


def test_the_daily_job_closes_on_the_day_and_not_before(
    clerk: Clerk, family: Family, allowed: Permit
) -> None:
    clerk.record(_leaves(family.hanako), occurred_on=PLANNED_ON)
    assert _close(PLANNED_ON - timedelta(days=1)) == ClosedDue(0, ())
    assert _close(PLANNED_ON) == ClosedDue(1, ())
    gone = clerk.see(family.hanako).record
    assert (gone.state, gone.closed_on) == ("moved_out", PLANNED_ON)
    assert clerk.see(family.taro).record.relationship == ""
    assert rebuilding.check(allowed).equal


def test_missed_days_are_caught_up_and_nobody_is_closed_twice(clerk: Clerk, family: Family) -> None:
    clerk.record(_leaves(family.hanako), occurred_on=PLANNED_ON)
    clerk.record(_leaves(family.taro, abroad=True), occurred_on=PLANNED_ON + timedelta(days=3))
    assert _close(PLANNED_ON + timedelta(days=9)) == ClosedDue(2, ())
    assert _close(PLANNED_ON + timedelta(days=9)) == ClosedDue(0, ())
    assert clerk.see(family.hanako).record.closed_on == PLANNED_ON
    assert clerk.see(family.taro).record.closed_on == PLANNED_ON + timedelta(days=3)
    # 太郎 stood without 世帯主 with 次郎; the small child left alone is made one by nobody
    assert clerk.see(family.jiro).record.relationship == ""


def _cancel_the_closing(clerk: Clerk, *record_ids: UUID) -> None:
    ((closing,),) = rows("SELECT max(id) FROM register_recordedchange WHERE kind = %s", CLOSED)
    clerk.record(Cancelled(cancels=closing, record_ids=record_ids), basis="ex_officio")


def test_a_cancelled_closing_is_not_closed_again_an_hour_later(
    clerk: Clerk, family: Family
) -> None:
    clerk.record(_leaves(family.taro, family.jiro), occurred_on=TODAY)
    assert _close(TODAY) == ClosedDue(2, ())
    _cancel_the_closing(clerk, family.taro, family.jiro)
    assert clerk.see(family.taro).record.closing_reason == "moved_out"
    assert _close(TODAY + timedelta(days=3)) == ClosedDue(0, ())
    assert clerk.see(family.taro).record.is_living


def test_of_a_closing_cancelled_for_one_the_other_stays_closed(
    clerk: Clerk, family: Family
) -> None:
    clerk.record(_leaves(family.taro, family.jiro), occurred_on=TODAY)
    _close(TODAY)
    _cancel_the_closing(clerk, family.taro)
    clerk.record(_leaves(family.hanako), occurred_on=TODAY)
    assert _close(TODAY) == ClosedDue(1, ())
    states = [clerk.see(one).record.state for one in (family.hanako, family.taro, family.jiro)]
    assert states == ["moved_out", "living", "moved_out"]


@pytest.mark.parametrize("days_later", [0, 2])
def test_a_new_plan_closes_although_a_closing_was_cancelled(
    clerk: Clerk, family: Family, days_later: int
) -> None:
    clerk.record(_leaves(family.taro), occurred_on=TODAY)
    _close(TODAY)
    _cancel_the_closing(clerk, family.taro)
    planned_on = TODAY + timedelta(days=days_later)
    clerk.record(_leaves(family.taro), occurred_on=planned_on)
    assert _close(planned_on) == ClosedDue(1, ())
    assert clerk.see(family.taro).record.closed_on == planned_on


def test_a_domestic_closing_is_told_to_the_prefecture_alone(clerk: Clerk, family: Family) -> None:
    clerk.record(_leaves(family.hanako), occurred_on=PLANNED_ON)
    clerk.record(_leaves(family.taro, abroad=True), occurred_on=PLANNED_ON)
    _close(PLANNED_ON)
    told = rows("SELECT kind, record_id, body->>'what' FROM network_outbox ORDER BY id")
    assert set(told) == {
        ("identification_information", family.hanako, "closes"),
        ("identification_information", family.taro, "closes"),
        ("supplement_notice", family.taro, "closes"),
    }


def test_a_clerk_may_close_but_not_before_the_day_nor_without_a_plan(
    clerk: Clerk, family: Family
) -> None:
    close = MovedOutClosed(record_ids=(family.hanako,))
    assert clerk.codes(close, basis="ex_officio") == ("refused", {"std1-1-5.no_plan"})
    clerk.record(_leaves(family.hanako), occurred_on=PLANNED_ON)
    how, codes = clerk.codes(close, basis="ex_officio", occurred_on=PLANNED_ON)
    assert how == "refused"
    assert "std1-1-5.not_due" in codes
    with on_day(PLANNED_ON):
        clerk.record(close, basis="ex_officio")
    assert clerk.see(family.hanako).record.closed_on == PLANNED_ON


def test_a_job_records_nothing_but_what_is_its_own(clerk: Clerk, family: Family) -> None:
    job = system_permit("daily_closing", TODAY, uuid4())
    dead = Statement(
        change=Died(record_ids=(family.taro,)),
        occurred_on=TODAY.isoformat(),
        received_on=None,
        basis="ex_officio",
    )
    with pytest.raises(Refused) as refused:
        recording.record(job, dead)
    assert [one.code for one in refused.value.findings] == ["access.not_by_job"]
    assert clerk.see(family.taro).record.is_living


def test_the_command_says_how_many_it_closed(clerk: Clerk, family: Family) -> None:
    clerk.record(_leaves(family.hanako, family.taro), occurred_on=TODAY)
    said = StringIO()
    call_command("close_due", stdout=said)
    assert said.getvalue() == "2 人を消除しました。\n"
    assert due.moving_out(system_permit("daily_closing", TODAY, uuid4()), TODAY) == ()


def test_a_notice_of_an_earlier_day_closes_on_that_day(
    clerk: Clerk, family: Family, allowed: Permit
) -> None:
    clerk.record(_leaves(family.hanako), occurred_on=PLANNED_ON)
    moved_in_on = TODAY - timedelta(days=2)
    recorded = clerk.record(
        _notice(family.hanako, municipality="水戸市"), occurred_on=moved_in_on, basis="notice"
    )
    gone = clerk.see(family.hanako).record
    assert (gone.state, gone.closed_on, gone.moved_out_on) == (
        "moved_out",
        moved_in_on,
        moved_in_on,
    )
    assert str(gone.closing_event_on and gone.closing_event_on.sort_on) == PLANNED_ON.isoformat()
    assert gone.planned_destination.municipality == "宇都宮市"
    assert gone.confirmed_destination.municipality == "水戸市"
    assert sent(recorded) == [
        ("identification_information", "closes"),
        ("moving_out_confirmed", "closes"),
    ]
    assert rebuilding.check(allowed).equal


def test_a_notice_after_the_closing_is_an_added_row_that_may_move_it_back(
    clerk: Clerk, family: Family
) -> None:
    clerk.record(_leaves(family.hanako), occurred_on=TODAY)
    _close(TODAY)
    moved_in_on = TODAY - timedelta(days=3)
    recorded = clerk.record(_notice(family.hanako), occurred_on=moved_in_on, basis="notice")
    seen = clerk.see(family.hanako)
    assert (seen.record.closed_on, seen.history_no) == (moved_in_on, 4)
    assert sent(recorded) == [("moving_out_confirmed", "changes")]
    between = queries.person_as_of(clerk.permit, family.hanako, moved_in_on, LATER)
    assert between.version is not None
    assert not between.version.record.is_living


def test_a_death_before_the_plan_was_entered_is_what_was_so_ever_since(
    clerk: Clerk, family: Family
) -> None:
    clerk.record(_leaves(family.taro), occurred_on=PLANNED_ON)
    died_on = TODAY - timedelta(days=5)
    clerk.record(Died(record_ids=(family.taro,)), occurred_on=died_on, basis="ex_officio")
    present = clerk.see(family.taro).record
    today = queries.person_as_of(clerk.permit, family.taro, TODAY, LATER).version
    assert (present.state, present.closing_reason) == ("died", "died")
    assert today is not None
    assert today.record == present
    before = queries.person_as_of(clerk.permit, family.taro, died_on, LATER).version
    assert before is not None
    assert (before.record.state, before.record.closing_reason) == ("died", "died")


def test_a_closing_that_a_notice_moves_back_has_the_day_of_the_notice_today(
    clerk: Clerk, family: Family
) -> None:
    clerk.record(_leaves(family.hanako), occurred_on=TODAY)
    _close(TODAY)
    moved_in_on = TODAY - timedelta(days=3)
    clerk.record(_notice(family.hanako), occurred_on=moved_in_on, basis="notice")
    seen = queries.person_as_of(clerk.permit, family.hanako, TODAY, LATER).version
    assert seen is not None
    assert seen.record.closed_on == moved_in_on


def test_the_newest_notice_wins_and_is_confirmed_once(clerk: Clerk, family: Family) -> None:
    clerk.record(_leaves(family.hanako), occurred_on=TODAY)
    _close(TODAY)
    clerk.record(_notice(family.hanako), basis="notice")
    older = _notice(family.hanako, noticed_on=TODAY - timedelta(days=1))
    assert clerk.codes(older, basis="notice") == ("refused", {"std4-1-3-1-2.older_notice"})
    newer = _notice(family.hanako, municipality="水戸市")
    recorded = clerk.record(newer, basis="notice")
    assert clerk.see(family.hanako).record.confirmed_destination.municipality == "水戸市"
    assert sent(recorded) == []


def test_a_notice_of_one_who_never_said_so_asks_and_closes(clerk: Clerk, family: Family) -> None:
    how, codes = clerk.codes(_notice(family.hanako), basis="notice")
    assert how == "asked"
    assert "std4-1-3-1-1.not_notified" in codes
    clerk.record(_notice(family.hanako), basis="notice")
    assert clerk.see(family.hanako).record.closed_on == TODAY


def test_a_notice_of_the_dead_is_refused(clerk: Clerk, family: Family) -> None:
    clerk.record(Died(record_ids=(family.taro,)), basis="ex_officio")
    how, codes = clerk.codes(_notice(family.taro), basis="notice")
    assert (how, codes) == ("refused", {"std4-1-3-1-1.not_moved_out"})


@pytest.mark.parametrize("abroad", [False, True])
def test_a_repeat_gives_the_first_result(clerk: Clerk, family: Family, abroad: bool) -> None:
    change = _leaves(family.hanako, abroad=abroad)
    statement = clerk.state(change, occurred_on=PLANNED_ON)
    first = clerk.record(change, occurred_on=PLANNED_ON)
    assert recording.record(clerk.permit, statement) == first
    assert first.touched[0].effect.reason == ("moved_out_abroad" if abroad else "moved_out")

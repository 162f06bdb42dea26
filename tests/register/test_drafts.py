"""仮登録: kept apart from the register, without numbers, told to who opens another change."""

from dataclasses import replace
from datetime import UTC, datetime
from uuid import uuid4

import pytest

from daicho import recording
from daicho.access import clock
from daicho.access.permits import permit
from daicho.access.refusals import NotPermitted, Refused
from daicho.law.rule import FINDINGS
from daicho.recording import Statement
from daicho.register.models import Draft
from daicho.register.receiving import drafts, receptions
from daicho.terms.changes import Died
from people import Cast
from receptions import day_of, permit_under, received
from register.counter import TODAY, Clerk, Family, rows

pytestmark = pytest.mark.django_db

HANAKO, TARO = uuid4(), uuid4()
TYPED = {
    "occurred_on": "R8.11.1",
    "person-0-given_name": "三花",
    "person-0-individual_number": "123456789018",
    "note": "番号は123456789018",
    f"seen-{HANAKO}": "3",
}


def keep(cast: Cast, typed: dict[str, str] | None = None) -> receptions.Reception:
    found = received(cast.clerk)
    its = permit_under(cast.clerk, found)
    drafts.keep(its, found, "moved_within", typed or TYPED, [HANAKO])
    return found


def test_a_draft_gives_back_what_was_typed_but_numbers(cast: Cast) -> None:
    found = keep(cast)
    kept = drafts.find(permit_under(cast.clerk, found), found)
    assert kept is not None
    assert kept.typed == {
        "occurred_on": "R8.11.1",
        "person-0-given_name": "三花",
        f"seen-{HANAKO}": "3",
    }
    assert "123456789018" not in repr(rows("SELECT * FROM register_draft"))


def test_a_draft_is_kept_in_the_place_of_the_one_that_was_seen(cast: Cast) -> None:
    found = keep(cast)
    its = permit_under(cast.supervisor, found)
    seen = drafts.find(its, found)
    assert seen is not None
    changed = {"occurred_on": "R8.11.2"}
    assert drafts.keep(its, found, "moved_within", changed, [TARO], over=seen.kept_at)
    kept = drafts.find(its, found)
    assert kept is not None
    assert (kept.typed, kept.record_ids) == ({"occurred_on": "R8.11.2"}, (TARO,))
    assert kept.operator_id == cast.supervisor.operator.pk


@pytest.mark.parametrize("over", [None, datetime(2026, 1, 1, tzinfo=UTC)])
def test_a_draft_that_was_not_seen_is_not_overwritten(cast: Cast, over: datetime | None) -> None:
    found = keep(cast)
    its = permit_under(cast.supervisor, found)
    with pytest.raises(drafts.KeptMeanwhile) as raised:
        drafts.keep(its, found, "moved_within", {"occurred_on": "R8.11.2"}, [TARO], over=over)
    assert raised.value.standing.operator == "窓口 花"
    kept = drafts.find(its, found)
    assert kept is not None
    assert (kept.typed["occurred_on"], kept.kept_at) == ("R8.11.1", raised.value.standing.kept_at)


def test_a_draft_is_no_history_and_nobody_is_told_of_it(cast: Cast) -> None:
    tables = ("register_recordedchange", "network_outbox", "network_due")
    before = [rows(f"SELECT count(*) FROM {one}") for one in tables]  # noqa: S608  our own names
    found = keep(cast)
    assert [rows(f"SELECT count(*) FROM {one}") for one in tables] == before  # noqa: S608  the same
    again = receptions.reception(cast.clerk.acting(), found.reception_id)
    assert again is not None
    assert again.state_name == "仮登録"


def test_a_discarded_draft_is_gone_and_that_is_trailed(cast: Cast) -> None:
    found = keep(cast)
    its = permit_under(cast.clerk, found)
    assert drafts.discard(its, found)
    assert not drafts.discard(its, found)
    assert drafts.find(its, found) is None
    said = (
        "SELECT detail->>'what', subject_count FROM access_trail WHERE event = 'draft' ORDER BY id"
    )
    assert rows(said) == [("kept", 1), ("discarded", 1)]


def test_the_office_lists_its_drafts_without_their_content(cast: Cast) -> None:
    found = keep(cast)
    (one,) = drafts.of_office(day_of(cast.supervisor))
    assert (one.number, one.work_name, one.operator, one.person_count) == (
        found.number,
        "転居",
        "窓口 花",
        1,
    )
    assert drafts.of_office(day_of(cast.clerk_of_another_office)) == ()


def _dying(cast: Cast, clerk: Clerk, family: Family) -> tuple[receptions.Reception, Statement]:
    """A death that was kept as a draft, about to be recorded."""
    found = received(cast.clerk, "died", basis="ex_officio")
    drafts.keep(permit_under(cast.clerk, found), found, "died", TYPED, [family.taro])
    change = Died(record_ids=(family.taro,))
    stated = clerk.state(change, basis="ex_officio", reception_id=found.reception_id)
    return found, replace(stated, accepted=frozenset(FINDINGS))


def test_a_draft_goes_with_the_change_that_was_typed_in_it(
    cast: Cast, clerk: Clerk, family: Family
) -> None:
    found, statement = _dying(cast, clerk, family)
    its = permit_under(cast.clerk, found)
    recording.record(its, statement)
    assert rows("SELECT count(*) FROM register_draft") == [(0,)]
    trailed = rows(
        "SELECT t.detail->>'what', s.record_ids FROM access_trail t JOIN access_trailsubjects s"
        " ON s.trail_id = t.id WHERE t.event = 'draft' AND t.request_id = %s",
        its.request_id,
    )
    assert trailed == [("discarded", [family.taro])]


def test_a_draft_stays_where_nothing_is_recorded(cast: Cast, clerk: Clerk, family: Family) -> None:
    found, statement = _dying(cast, clerk, family)
    its = permit_under(cast.clerk, found)
    recording.preview(its, statement)
    with pytest.raises(Refused):
        recording.record(its, replace(statement, basis="notice"))
    kept = drafts.find(its, found)
    assert kept is not None
    assert kept.record_ids == (family.taro,)


def test_a_draft_beside_a_change_that_was_recorded_without_it_is_listed_no_more(
    cast: Cast, clerk: Clerk, family: Family
) -> None:
    found, statement = _dying(cast, clerk, family)
    recording.record(permit_under(cast.clerk, found), statement)
    Draft.objects.create(  # as a stop between the two left it, when they were two transactions
        reception_id=found.reception_id,
        kind="died",
        typed={},
        record_ids=[family.taro],
        office="001",
        operator_id=1,
        terminal="C001",
        kept_at=clock.now(),
    )
    assert drafts.of_office(day_of(cast.supervisor)) == ()


def test_a_reviewer_opens_what_a_clerk_typed(cast: Cast) -> None:
    found = keep(cast)
    reviewing = permit(cast.supervisor.acting(), "change.reviewed", TODAY)
    assert drafts.find(reviewing, found) is not None


def test_who_opens_a_change_is_told_of_a_draft_of_any_office(cast: Cast) -> None:
    found = keep(cast)
    other = received(cast.clerk_of_another_office)
    its = permit_under(cast.clerk_of_another_office, other)
    (one,) = drafts.pending(its, [TARO, HANAKO], besides=other.reception_id)
    assert (one.number, one.office) == (found.number, "001")
    assert drafts.pending(its, [TARO]) == ()
    assert drafts.pending(its, [HANAKO], besides=found.reception_id) == ()


def test_a_kind_that_the_reception_is_not_for_is_not_kept(cast: Cast) -> None:
    found = received(cast.clerk)
    with pytest.raises(NotPermitted):
        drafts.keep(permit_under(cast.clerk, found), found, "moved_in", {}, [])
    assert rows("SELECT count(*) FROM register_draft") == [(0,)]


def test_an_inquiry_keeps_and_opens_no_draft(cast: Cast) -> None:
    found = keep(cast)
    looking = permit(cast.clerk.acting(), "inquiry.change", TODAY)
    with pytest.raises(NotPermitted):
        drafts.find(looking, found)
    with pytest.raises(NotPermitted):
        drafts.of_office(looking)

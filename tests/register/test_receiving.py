"""受付: recorded once, numbered by office and day, kept from other offices, ended in words."""

import json
from dataclasses import replace
from datetime import date
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, ProgrammingError, transaction

from daicho.access import clock
from daicho.access.permits import permit
from daicho.access.refusals import NotPermitted, Refused
from daicho.register.models import RecordedChange
from daicho.register.receiving import drafts, receptions, taking
from daicho.register.receiving.receptions import DAY_PER_PAGE
from people import Cast
from receptions import VISITOR, day_of, permit_for, permit_under, received, said
from register.counter import TODAY, on_day, rows

pytestmark = pytest.mark.django_db


def trailed(event: str) -> list[tuple[object, ...]]:
    found = rows(
        "SELECT door, purpose, detail FROM access_trail WHERE event = %s ORDER BY id", event
    )
    return [(door, purpose, json.loads(detail)) for door, purpose, detail in found]


def test_a_reception_keeps_what_was_said_to_the_code_point(cast: Cast) -> None:
    name = "渡邉󠄏　𠮷子\u3000"
    found = received(cast.clerk, visitor_name=name, visitor_phone="0242-00-0000")
    assert receptions.reception(cast.clerk.acting(), found.reception_id) == found
    seen = receptions.with_visitor(permit_under(cast.clerk, found), found)
    assert (seen.visitor_name, seen.visitor_phone) == (name, "0242-00-0000")
    assert (found.state, found.work_name, found.purpose) == (
        "open",
        "転居",
        "change.moved_within",
    )


def test_numbers_run_by_office_and_day_and_tell_nothing_of_a_person(cast: Cast) -> None:
    with on_day(TODAY):
        first, second = received(cast.clerk), received(cast.supervisor)
        other = received(cast.clerk_of_another_office)
    with on_day(date(2026, 11, 21)):
        later = received(cast.clerk)
    assert [one.number for one in (first, second, other, later)] == [
        "1120-0001",
        "1120-0002",
        "1120-0001",
        "1121-0001",
    ]


def test_the_same_form_sent_twice_is_one_reception(cast: Cast) -> None:
    its = permit_for(cast.clerk.acting(), said())
    assert taking.receive(its, said()) == taking.receive(its, said())
    assert len(trailed("reception")) == 1


@pytest.mark.parametrize("change", [{"visitor_name": "架空　太郎"}, {"identity": ("passport",)}])
def test_the_same_form_with_other_words_is_refused(cast: Cast, change: dict[str, object]) -> None:
    its = permit_for(cast.clerk.acting(), said())
    first = taking.receive(its, said())
    with pytest.raises(Refused, match="reception_request_used"):
        taking.receive(its, said(**change))  # type: ignore[arg-type]  # as `said`
    assert receptions.reception(cast.clerk.acting(), first.reception_id) == first


def test_what_is_missing_is_refused_trailed_and_not_written(cast: Cast) -> None:
    content = said(capacity="agent", visitor_name="")
    with pytest.raises(Refused):
        taking.receive(permit_for(cast.clerk.acting(), content), content)
    ((_, _, detail),) = trailed("refused")
    assert detail == {
        "kind": "reception",
        "findings": "brra27.name,brra27.principal,brra27.authority",
    }
    assert rows("SELECT count(*) FROM register_reception") == [(0,)]


def test_an_alert_is_confirmed_by_its_code(cast: Cast) -> None:
    content = said(identity=())
    its = permit_for(cast.clerk.acting(), content)
    with pytest.raises(taking.Unconfirmed) as asked:
        taking.receive(its, content)
    codes = frozenset(one.code for one in asked.value.findings)
    assert codes == {"brra27.identity"}
    found = taking.receive(its, replace(content, accepted=codes))
    assert receptions.with_visitor(its, found).identity == ()


def test_a_permit_of_another_purpose_takes_no_reception(cast: Cast) -> None:
    its = permit(cast.clerk.acting(), "change.moved_in", clock.today())
    with pytest.raises(NotPermitted):
        taking.receive(its, said("moved_within"))
    assert rows("SELECT count(*) FROM register_reception") == [(0,)]


@pytest.mark.parametrize("purpose", ["reception.day", "inquiry.change"])
def test_who_may_only_look_takes_no_reception(cast: Cast, purpose: str) -> None:
    with pytest.raises(NotPermitted):
        taking.receive(permit(cast.clerk.acting(), purpose, TODAY), said())


def test_another_office_has_no_such_reception(cast: Cast) -> None:
    found = received(cast.clerk)
    elsewhere = cast.clerk_of_another_office
    assert receptions.reception(elsewhere.acting(), found.reception_id) is None
    assert receptions.shown(day_of(elsewhere), found.reception_id) is None
    assert receptions.of_the_day(day_of(elsewhere)) == ((), False)
    with pytest.raises(NotPermitted):
        taking.end(permit_under(elsewhere, found), found.reception_id, "withdrawn", "誤り")
    with pytest.raises(NotPermitted):
        drafts.find(permit_under(elsewhere, found), found)


def test_a_copy_with_a_number_for_an_agent_is_marked_to_be_posted(cast: Cast) -> None:
    found = received(
        cast.clerk,
        "certificate",
        basis="request",
        capacity="agent",
        principal_name="架空　太郎",
        authority=("letter",),
        asked=("individual_number",),
        copy_count=2,
    )
    assert found.post_to_principal
    assert (found.asked, found.copy_count) == (("individual_number",), 2)


def test_a_withdrawn_reception_stays_withdrawn(cast: Cast) -> None:
    found = received(cast.clerk)
    its = permit_under(cast.clerk, found)
    ended = taking.end(its, found.reception_id, "withdrawn", "来庁者の都合")
    assert (ended.state, ended.ended_because) == ("withdrawn", "来庁者の都合")
    assert taking.end(its, found.reception_id, "declined", "二度目") == ended
    assert [detail for _, _, detail in trailed("reception_ended")] == [{"how": "withdrawn"}]


def test_an_ending_throws_the_draft_away(cast: Cast) -> None:
    found = received(cast.clerk)
    its = permit_under(cast.clerk, found)
    drafts.keep(its, found, "moved_within", {"occurred_on": "R8.11.1"}, [uuid4()])
    assert taking.end(its, found.reception_id, "declined", "書類の不足").state == "declined"
    assert drafts.of_office(day_of(cast.clerk)) == ()


def _recorded_under(reception_id: UUID) -> None:
    RecordedChange.objects.create(
        kind="moved_within",
        v=1,
        body={},
        record_ids=[],
        processed_on=TODAY,
        basis="notification",
        article="BRRA 23",
        ward="072036",
        request_id=uuid4(),
        reception_id=reception_id,
    )


def test_a_recorded_change_answers_its_reception(cast: Cast) -> None:
    found = received(cast.clerk)
    _recorded_under(found.reception_id)
    again = receptions.reception(cast.clerk.acting(), found.reception_id)
    assert again is not None
    assert (again.state, again.is_answered) == ("recorded", True)
    its = permit_under(cast.clerk, found)
    assert taking.end(its, found.reception_id, "withdrawn", "遅い").state == "recorded"


def test_a_recorded_reception_is_no_draft_again_and_is_not_withdrawn(cast: Cast) -> None:
    found = received(cast.clerk)
    its = permit_under(cast.clerk, found)
    assert drafts.keep(its, found, "moved_within", {"occurred_on": "R8.11.1"}, [])
    _recorded_under(found.reception_id)
    again = receptions.reception(cast.clerk.acting(), found.reception_id)
    assert again is not None
    assert again.state == "recorded", "the draft that is still there says nothing any more"
    other = {"occurred_on": "R8.11.2"}
    assert not drafts.keep(its, found, "moved_within", other, [])
    kept = drafts.find(its, found)
    assert kept is not None
    assert kept.typed == {"occurred_on": "R8.11.1"}
    assert taking.end(its, found.reception_id, "withdrawn", "取下げ").state == "recorded"
    assert rows("SELECT how FROM register_receptionending") == []


def test_a_draft_is_not_kept_under_what_was_withdrawn(cast: Cast) -> None:
    found = received(cast.clerk)
    its = permit_under(cast.clerk, found)
    taking.end(its, found.reception_id, "withdrawn", "来庁者の都合")
    assert not drafts.keep(its, found, "moved_within", {}, [])
    assert rows("SELECT count(*) FROM register_draft") == [(0,)]


def test_the_list_of_the_day_names_states_and_nobody_who_came(cast: Cast) -> None:
    with on_day(date(2026, 11, 19)):
        left_over, done = received(cast.clerk), received(cast.clerk)
        _recorded_under(done.reception_id)
    with on_day(TODAY):
        own = received(cast.clerk)
        withdrawn = received(cast.supervisor)
        taking.end(permit_under(cast.supervisor, withdrawn), withdrawn.reception_id, "withdrawn")
        lines, has_more = receptions.of_the_day(day_of(cast.clerk))
    assert [(one.number, one.state_name, one.operator) for one in lines] == [
        (left_over.number, "受付中", "窓口 花"),
        (withdrawn.number, "取下げ", "審査 太郎"),
        (own.number, "受付中", "窓口 花"),
    ]
    assert not has_more
    assert VISITOR not in repr(lines)


def test_the_list_names_who_came_where_it_is_asked_to_and_that_is_trailed(cast: Cast) -> None:
    received(cast.clerk)
    (line,), _ = receptions.of_the_day(day_of(cast.clerk))
    assert (line.visitor, trailed("reception_shown")) == ("", [])
    (line,), _ = receptions.of_the_day(day_of(cast.clerk), named=True)
    assert line.visitor == VISITOR
    assert trailed("reception_shown") == [("register.reception", "reception.day", {"rows": 1})]


def test_a_reception_is_known_by_its_number_on_its_own_day_and_in_its_own_office(
    cast: Cast,
) -> None:
    found = received(cast.clerk)
    acting, other = cast.clerk.acting(), cast.clerk_of_another_office.acting()
    told = receptions.of_that_day(acting, found.reception_id, found.taken_on)
    assert told == receptions.Numbered(found.reception_id, found.number)
    assert receptions.of_that_day(other, found.reception_id, found.taken_on) is None
    assert receptions.of_that_day(acting, found.reception_id, date(2026, 1, 5)) is None


def test_the_list_of_the_day_is_paged(cast: Cast) -> None:
    for _ in range(DAY_PER_PAGE + 1):
        received(cast.clerk)
    lines, has_more = receptions.of_the_day(day_of(cast.clerk))
    rest, has_rest = receptions.of_the_day(day_of(cast.clerk), page=2)
    assert (len(lines), has_more, len(rest), has_rest) == (DAY_PER_PAGE, True, 1, False)


def test_to_open_a_reception_is_trailed(cast: Cast) -> None:
    found = received(cast.clerk)
    receptions.shown(day_of(cast.clerk), found.reception_id)
    assert trailed("reception_shown") == [("register.reception", "reception.day", {"rows": 1})]


def test_the_latest_visitor_is_that_of_this_operator_today(cast: Cast) -> None:
    with on_day(date(2026, 11, 19)):
        received(cast.clerk)
    with on_day(TODAY):
        assert receptions.latest_of(day_of(cast.clerk)) is None
        found = received(cast.clerk)
        received(cast.clerk, "moved_within", basis="ex_officio", visitor_name="")
        latest = receptions.latest_of(day_of(cast.clerk))
        assert latest is not None
        assert (latest.reception_id, latest.visitor_name) == (found.reception_id, VISITOR)
        assert receptions.latest_of(day_of(cast.supervisor)) is None
    names = ("register.reception", "reception.day", {"rows": 1})
    assert trailed("reception_shown") == [names], "who is named has been looked at"


@pytest.mark.parametrize(
    "rewriting",
    [
        "UPDATE register_reception SET terminal = '' RETURNING 1",
        "UPDATE register_receptionending SET terminal = '' RETURNING 1",
        "DELETE FROM register_receptionending RETURNING 1",
    ],
)
def test_a_reception_is_never_rewritten(cast: Cast, rewriting: str) -> None:
    found = received(cast.clerk)
    taking.end(permit_under(cast.clerk, found), found.reception_id, "withdrawn")
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        rows(rewriting)


def test_two_receptions_never_share_a_number(cast: Cast) -> None:
    found = received(cast.clerk)
    with pytest.raises(IntegrityError, match="one_reception_a_number"), transaction.atomic():
        rows(
            "INSERT INTO register_reception SELECT (jsonb_populate_record(r, jsonb_build_object("
            "'reception_id', gen_random_uuid(), 'request_id', gen_random_uuid()))).*"
            " FROM register_reception r WHERE reception_id = %s RETURNING 1",
            found.reception_id,
        )

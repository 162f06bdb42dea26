"""受付と異動: the door believes the register about a 受付, not what a screen says of it."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from daicho import recording
from daicho.access.permits import permit, trail_refusal
from daicho.access.refusals import Refused
from daicho.law.changes import door
from daicho.law.receptions import of_changes
from daicho.register.receiving import receptions, taking
from daicho.terms.changes import Died, MovedOut, MovedOutClosed
from people import Cast
from receptions import permit_under, received, standing
from register.counter import TODAY, Clerk, Family, next_form, place, rows

pytestmark = pytest.mark.django_db


def _dies(family: Family) -> Died:
    return Died(record_ids=(family.taro,))


def _codes(clerk: Clerk, family: Family, its: UUID | None, **said: object) -> set[str]:
    """What the door says of a death ex officio under that 受付."""
    statement = clerk.state(_dies(family), basis="ex_officio")
    statement = replace(statement, reception_id=its, **said)  # type: ignore[arg-type]  # fields of Statement
    found = recording.preview(clerk.under(statement), statement)
    return {one.code for one in found.findings if one.refuses}


def test_without_a_reception_an_operator_records_nothing(clerk: Clerk, family: Family) -> None:
    assert _codes(clerk, family, None) == {"brra27.no_reception"}
    statement = replace(clerk.state(_dies(family), basis="ex_officio"), reception_id=None)
    with pytest.raises(Refused) as refused:
        recording.record(clerk.permit, statement)
    assert [one.code for one in refused.value.findings] == ["brra27.no_reception"]
    assert clerk.see(family.taro).record.is_living


@pytest.mark.parametrize(
    ("work", "basis", "office", "codes"),
    [
        ("died", "ex_officio", "001", set()),
        ("died", "ex_officio", "101", {"std4-0.reception_unknown"}),
        ("moved_within", "ex_officio", "001", {"std4-0.reception_other_work"}),
        ("died", "notice", "001", {"brra8.basis_of_reception"}),
    ],
)
def test_a_reception_is_of_this_office_and_work_and_says_the_same_basis(
    clerk: Clerk, family: Family, work: str, basis: str, office: str, codes: set[str]
) -> None:
    assert _codes(clerk, family, standing(work, basis, office=office)) == codes


def test_a_reception_that_is_not_there_is_told_as_one_of_another_office(
    clerk: Clerk, family: Family
) -> None:
    assert _codes(clerk, family, uuid4()) == {"std4-0.reception_unknown"}


@pytest.mark.parametrize(
    ("purpose", "basis", "codes"),
    [
        ("change.died", "notice", set()),
        ("change.ex_officio", "ex_officio", set()),
        ("change.ex_officio", "notice", {"std10-3.purpose_of_reception"}),
        ("change.died", "ex_officio", {"std10-3.purpose_of_reception"}),
    ],
)
def test_a_change_is_recorded_for_the_purpose_of_its_reception(
    clerk: Clerk, cast: Cast, family: Family, purpose: str, basis: str, codes: set[str]
) -> None:
    given = permit(cast.clerk.acting(), purpose, TODAY)
    found = recording.preview(given, clerk.state(_dies(family), basis=basis))
    assert {one.code for one in found.findings if one.refuses} == codes


def test_the_refusal_of_another_purpose_names_its_article_and_is_trailed(
    clerk: Clerk, family: Family
) -> None:
    statement = clerk.state(_dies(family), basis="notice")
    with pytest.raises(Refused) as refused:
        recording.record(clerk.permit, statement)
    (found,) = refused.value.findings
    assert [str(one) for one in found.articles] == ["BRRA 36-2(1)", "STD 10.3"]
    trailed = rows(
        "SELECT t.purpose, t.finding, s.record_ids FROM access_trail t"
        " JOIN access_trailsubjects s ON s.trail_id = t.id WHERE t.event = 'refused'"
    )
    assert trailed == [("change.ex_officio", found.code, [family.taro])]
    assert clerk.see(family.taro).record.is_living
    assert rows("SELECT count(*) FROM register_recordedchange WHERE kind = 'died'") == [(0,)]


def test_a_basis_that_no_table_has_for_the_work_is_for_no_purpose() -> None:
    its = of_changes.Standing("001", "died", "request", TODAY, TODAY, False, False, 0)
    assert its.purpose == ""
    found = of_changes.judge(its, "died", "request", TODAY, office="001", purpose="", on=TODAY)
    assert [one.code for one in found] == ["std10-3.purpose_of_reception"]


@pytest.mark.parametrize(("days", "codes"), [(0, set()), (1, {"std4-1-0-2.day_of_reception"})])
def test_the_day_of_a_notification_is_that_of_its_reception(
    clerk: Clerk, family: Family, days: int, codes: set[str]
) -> None:
    change = MovedOut(
        abroad=False, destination=place("planned_destination"), record_ids=(family.taro,)
    )
    its = standing("moved_out", "notification", TODAY - timedelta(days=days))
    found = clerk.preview(change, reception_id=its)
    assert {one.code for one in found.findings if one.refuses} == codes


def test_a_closing_on_the_planned_day_comes_from_no_reception(clerk: Clerk, family: Family) -> None:
    assert standing(MovedOutClosed.kind, "ex_officio") is None
    change = MovedOut(
        abroad=False, destination=place("planned_destination"), record_ids=(family.taro,)
    )
    clerk.record(change, basis="ex_officio")
    assert clerk.codes(MovedOutClosed(record_ids=(family.taro,)), basis="ex_officio") == (
        "recorded",
        set(),
    )


def test_the_trail_names_the_first_refusal_whole_and_all_in_its_detail(clerk: Clerk) -> None:
    on = TODAY
    findings = [
        found
        for found in (
            door.remark_fits(False, on=on),
            door.somebody_there(False, on=on),
            door.not_here_already(True, on=on),
        )
        if found is not None
    ]
    trail_refusal(clerk.permit, findings, event="refused", door="recording", kind="remark")
    codes = "std1-1-14.remark_unfit,std11-1.not_there,std4-1-1-2.here_already"
    found = rows(
        "SELECT finding, detail->>'kind', detail->>'findings' FROM access_trail"
        " WHERE event = 'refused'"
    )
    assert found == [("std1-1-14.remark_unfit", "remark", codes)]


def test_a_reception_is_ended_in_the_transaction_of_what_answers_it(cast: Cast) -> None:
    found = received(cast.clerk)
    its = permit_under(cast.clerk, found)
    mine = receptions.owned(its, found.reception_id)
    with transaction.atomic():
        taking.write_end(its, mine, "issued")
        assert receptions.owned(its, found.reception_id).state == "issued"
        transaction.set_rollback(True)
    assert receptions.owned(its, found.reception_id).state == "open"


@pytest.mark.parametrize("count", [1, 3])
def test_a_repeat_reads_its_first_result_in_as_many_statements_for_three_as_for_one(
    clerk: Clerk, family: Family, count: int
) -> None:
    people = (family.hanako, family.taro, family.jiro)[:count]
    change = MovedOut(abroad=False, destination=place("planned_destination"), record_ids=people)
    clerk.permit = next_form(clerk.permit)
    statement = clerk.state(change, basis="ex_officio")
    codes = {one.code for one in recording.preview(clerk.permit, statement).findings}
    statement = replace(statement, accepted=frozenset(codes))
    first = recording.record(clerk.permit, statement)
    with CaptureQueriesContext(connection) as asked:
        assert recording.record(clerk.permit, statement) == first
    said = [one["sql"] for one in asked if "SAVEPOINT" not in one["sql"]]
    assert len(said) == 8, said

"""個人番号の指定と変更: what the 機構 made is written, and another one is asked for (番号法7条)."""

from dataclasses import replace
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from daicho import recording
from daicho.access import clock
from daicho.access.permits import Permit, system_permit
from daicho.access.refusals import NotPermitted, Refused
from daicho.law.safety.acquiring import Acquired
from daicho.recording import Statement
from daicho.register import ledger, queries, rebuilding
from daicho.terms.changes import (
    Born,
    Cancelled,
    Change,
    Corrected,
    Died,
    NumberAssigned,
    NumberChangeRequested,
)
from daicho.terms.changes.recorded import Recorded
from daicho.vault import numbers as vault
from daicho.vault.acquiring import acquisitions
from register.conftest import Import
from register.counter import (
    HOUSEHOLD,
    LATER,
    NEWBORNS_CODE,
    TODAY,
    Clerk,
    Family,
    child,
    in_stock,
    moved_in_family,
    next_form,
    rows,
    sent,
)
from register.entering import number

pytestmark = pytest.mark.django_db
FIRST, ANOTHER = number(55_555_555_551), number(55_555_555_552)
REPLY = Acquired("agency_reply")
STATE = "SELECT individual_number_state FROM register_recordversion WHERE record_id = %s"
LEAVES_NUMBERS = ("register_recordedchange", "register_recordversion", "network_outbox")


def job(request_id: UUID | None = None) -> Permit:
    """The job that records what the 機構 has made."""
    return system_permit("number_assigning", clock.today(), request_id or uuid4())


def assigning(
    one: UUID, typed: str, ground: str = "new", whose: UUID | None = None, **more: object
) -> Statement:
    """What the job states of a number that has come, as the founder's loop does."""
    found = rows("SELECT history_no FROM register_current WHERE record_id = %s", one)
    said = Statement(
        change=NumberAssigned(ground=ground, record_ids=(one,)),
        occurred_on=clock.today().isoformat(),
        received_on=None,
        basis="ex_officio",
        expected={one: found[0][0]},
        numbers={whose or one: typed},
        acquired={whose or one: REPLY},
    )
    return replace(said, **more)  # type: ignore[arg-type]  # fields of Statement


def assigned(one: UUID, typed: str, ground: str = "new") -> Recorded:
    return recording.record(job(), assigning(one, typed, ground))


def refused(statement: Statement) -> set[str]:
    """The codes by which the job is refused; nothing is written then."""
    before = rows("SELECT count(*) FROM register_recordedchange")
    with pytest.raises(Refused) as refusal:
        recording.record(job(), statement)
    assert rows("SELECT count(*) FROM register_recordedchange") == before
    return {one.code for one in refusal.value.findings}


def asking(one: UUID, ground: str = "requested", **more: object) -> NumberChangeRequested:
    said = NumberChangeRequested(
        record_id=one, ground=ground, circumstance="leaked", in_writing=ground == "requested"
    )
    return replace(said, **more)  # type: ignore[arg-type]  # fields of the change


def asks(clerk: Clerk, one: UUID, ground: str = "requested") -> Recorded:
    basis = "request" if ground == "requested" else "ex_officio"
    return clerk.record(asking(one, ground), basis=basis)


@pytest.fixture
def baby(clerk: Clerk, family: Family) -> UUID:
    """A newborn whose number is to be made."""
    in_stock(NEWBORNS_CODE)
    newborn = child()
    clerk.record(Born(household_number=HOUSEHOLD, children=(newborn,)), basis="notice")
    return UUID(str(newborn["record_id"]))


@pytest.fixture
def holder(baby: UUID) -> UUID:
    """The same, with the number that came."""
    assigned(baby, FIRST)
    return baby


def number_of(allowed: Permit, one: UUID) -> str | None:
    return vault.get(allowed, one)


def test_the_number_that_comes_is_written_told_and_kept_in_the_vault_alone(
    clerk: Clerk, baby: UUID, allowed: Permit
) -> None:
    before = clerk.see(baby)
    assert before.record.individual_number_state == "pending"
    done = assigned(baby, FIRST)
    (one,) = done.touched
    assert one.effect.reason == "individual_number_assigned"
    assert clerk.see(baby).record.individual_number_state == "held"
    assert sent(done) == [("identification_information", "changes")]
    assert number_of(allowed, baby) == FIRST
    (kept,) = acquisitions(allowed, baby)
    assert (kept.acquired, kept.job, kept.operator_id) == (REPLY, "number_assigning", None)
    for table in LEAVES_NUMBERS:
        assert rows(f"SELECT 1 FROM {table} t WHERE t::text LIKE %s", f"%{FIRST}%") == []  # noqa: S608  our own names
    ((basis, operator_id, terminal, ward),) = rows(
        "SELECT basis, operator_id, terminal, ward FROM register_recordedchange WHERE id = %s",
        done.change_id,
    )
    assert (basis, operator_id, terminal, ward) == ("ex_officio", None, "", before.record.ward)
    assert rebuilding.check(allowed).equal


def test_the_same_notice_twice_gives_the_first_result(baby: UUID, allowed: Permit) -> None:
    its = job()
    statement = assigning(baby, FIRST)
    first = recording.record(its, statement)
    assert recording.record(replace(its), statement) == first
    assert len(rows(STATE, baby)) == 2
    assert rebuilding.check(allowed).equal


def test_the_same_number_by_another_notice_is_told_as_done(holder: UUID) -> None:
    assert refused(assigning(holder, FIRST)) == {"mna7.assigned_already", "mna7.has_number"}
    again = assigning(holder, FIRST, "requested")
    assert refused(again) == {"mna7.assigned_already"}


@pytest.mark.parametrize(
    ("ground", "reason"),
    [("requested", "individual_number_changed"), ("ex_officio", "individual_number_corrected")],
)
def test_another_number_takes_the_place_of_the_one_before_and_is_told(
    clerk: Clerk, holder: UUID, allowed: Permit, ground: str, reason: str
) -> None:
    asked = asks(clerk, holder, ground)
    assert sent(asked) == [("individual_number_request", "changes")]
    told = rows(
        "SELECT article, body->>'reason' FROM network_outbox WHERE change_id = %s", asked.change_id
    )
    assert told == [("MNA 8(1)", reason)]
    assert number_of(allowed, holder) == FIRST, "it stays valid until another is assigned"
    assert ledger.awaits_number(clerk.permit, holder)
    done = assigned(holder, ANOTHER, ground)
    assert done.touched[0].effect.reason == reason
    assert sent(done) == [("identification_information", "changes")], "though no column differs"
    assert number_of(allowed, holder) == ANOTHER
    assert vault.whose(allowed, FIRST) == vault.Whose(before=(holder,))
    assert refused(assigning(holder, FIRST, ground)) == {"mna7.former_number"}, "it came late"
    assert not ledger.awaits_number(clerk.permit, holder)
    assert rebuilding.check(allowed).equal


def test_a_change_that_is_awaited_is_not_asked_for_again(clerk: Clerk, holder: UUID) -> None:
    asks(clerk, holder)
    for ground, basis in (("requested", "request"), ("ex_officio", "ex_officio")):
        answer = clerk.codes(asking(holder, ground), basis=basis)
        assert answer == ("refused", {"mna7.change_awaited"})
    assigned(holder, ANOTHER, "requested")
    asks(clerk, holder)


def test_a_request_changes_nothing_but_the_day_of_processing(clerk: Clerk, holder: UUID) -> None:
    before = clerk.see(holder)
    statement = clerk.state(asking(holder), basis="request")
    clerk.permit = next_form(clerk.permit)
    its = clerk.under(statement)
    first = recording.record(its, statement)
    assert recording.record(its, statement) == first, "a repeat gives the first result"
    now = clerk.see(holder)
    assert now.record == before.record
    assert now.history_no == before.history_no + 1
    said = rows(
        "SELECT body->'said'->>'circumstance' FROM register_recordedchange WHERE id = %s",
        first.change_id,
    )
    assert said == [("leaked",)]
    assert "leaked" not in str(rows("SELECT body::text FROM network_outbox")), "told to nobody"


@pytest.mark.parametrize(
    ("change", "basis", "code"),
    [
        ({}, "ex_officio", "mna7.ground_of_basis"),
        ({"in_writing": False}, "request", "mno3.not_in_writing"),
        ({"circumstance": "disliked"}, "request", "mna7.circumstance"),
        ({"ground": "ex_officio", "in_writing": False}, "request", "mna7.ground_of_basis"),
    ],
)
def test_what_is_no_ground_for_another_number_is_refused(
    clerk: Clerk, holder: UUID, change: dict[str, object], basis: str, code: str
) -> None:
    assert clerk.codes(asking(holder, **change), basis=basis) == ("refused", {code})  # type: ignore[arg-type]  # fields of the change


def test_no_notification_and_no_application_changes_a_number(clerk: Clerk, holder: UUID) -> None:
    for basis in ("notification", "application", "notice"):
        how, codes = clerk.codes(asking(holder), basis=basis)
        assert how == "refused"
        assert "brra8.basis_of_kind" in codes


def test_who_has_no_number_yet_or_is_gone_has_none_to_change(clerk: Clerk, baby: UUID) -> None:
    answer = clerk.codes(asking(baby), basis="request")
    assert answer == ("refused", {"mna7.no_number_to_change"})
    assigned(baby, FIRST)
    clerk.record(Died(record_ids=(baby,)), basis="ex_officio")
    assert clerk.codes(asking(baby), basis="request") == ("refused", {"std11-1.not_there"})


def test_a_number_for_who_is_gone_is_refused_and_told_until_the_closing_is_taken_back(
    clerk: Clerk, baby: UUID, allowed: Permit
) -> None:
    died = clerk.record(Died(record_ids=(baby,)), basis="ex_officio")
    assert refused(assigning(baby, FIRST)) == {"mna7.closed_meanwhile"}
    assert number_of(allowed, baby) is None
    clerk.record(Cancelled(cancels=died.change_id, record_ids=(baby,)), basis="ex_officio")
    assigned(baby, FIRST)
    assert clerk.see(baby).record.individual_number_state == "held"
    assert rebuilding.check(allowed).equal


@pytest.mark.parametrize(
    ("more", "code", "because"),
    [
        ({"numbers": {}, "acquired": {}}, "mna7.number_missing", "no number came"),
        ({"acquired": {}}, "mna19.no_source", "nobody says whence"),
        ({"basis": "request"}, "brra8.basis_of_kind", "nobody requests an assignment"),
        ({"expected": {}}, "std10-3.changed_since", "the job has not looked"),
    ],
)
def test_what_is_not_whole_is_refused(
    baby: UUID, more: dict[str, object], code: str, because: str
) -> None:
    assert refused(assigning(baby, FIRST, **more)) == {code}, because  # type: ignore[arg-type]  # fields of Statement


def test_a_number_that_is_none_is_refused(baby: UUID) -> None:
    wrong = FIRST[:-1] + str((int(FIRST[-1]) + 1) % 10)
    assert "brra7.number_wrong" in refused(assigning(baby, wrong))


def test_an_assignment_takes_the_number_of_nobody_else(baby: UUID, family: Family) -> None:
    other = assigning(baby, FIRST, whose=family.taro)
    assert {"brra7.number_not_entered", "mna7.number_missing"} <= refused(other)


def test_a_number_that_another_resident_has_is_assigned_to_nobody_else(
    clerk: Clerk, take_over: Import, tmp_path: Path, allowed: Permit
) -> None:
    family = moved_in_family(take_over, tmp_path)
    hers = number_of(allowed, family.hanako)
    assert hers is not None
    in_stock(NEWBORNS_CODE)
    newborn = child()
    clerk.record(Born(household_number=HOUSEHOLD, children=(newborn,)), basis="notice")
    baby = UUID(str(newborn["record_id"]))
    assert refused(assigning(baby, hers)) == {"numbers.individual_number_twice"}
    assert number_of(allowed, baby) is None
    assert number_of(allowed, family.hanako) == hers


def test_a_first_number_is_not_laid_on_another_nor_another_on_none(baby: UUID) -> None:
    assert refused(assigning(baby, FIRST, "requested")) == {"mna7.no_number_before"}
    assigned(baby, FIRST)
    assert refused(assigning(baby, ANOTHER)) == {"mna7.has_number"}


def test_only_that_job_assigns_numbers_and_it_records_nothing_else(
    clerk: Clerk, baby: UUID
) -> None:
    change = NumberAssigned(ground="new", record_ids=(baby,))
    with pytest.raises(NotPermitted):
        clerk.record(change, basis="ex_officio")
    other = system_permit("daily_closing", clock.today(), uuid4())
    with pytest.raises(Refused) as refusal:
        recording.record(other, assigning(baby, FIRST, numbers={}, acquired={}))
    assert [one.code for one in refusal.value.findings] == ["access.not_by_job"]
    died: Change = Died(record_ids=(baby,))
    assert refused(assigning(baby, FIRST, change=died)) == {"access.not_by_job"}


def test_what_the_agency_made_is_not_cancelled_and_stands_in_nobodys_way(
    clerk: Clerk, holder: UUID, allowed: Permit
) -> None:
    corrected = Corrected(is_error=True, items={holder: {"given_name": "三華"}})
    earlier = clerk.record(corrected, basis="ex_officio")
    asked = asks(clerk, holder)
    done = assigned(holder, ANOTHER, "requested")
    for one in (asked, done):
        back = Cancelled(cancels=one.change_id, record_ids=(holder,))
        answer = clerk.codes(back, basis="ex_officio")
        assert answer == ("refused", {"std4-6-0-1.not_cancellable"})
    assert queries.history(clerk.permit, holder).cancellable == earlier.change_id
    back = Cancelled(cancels=earlier.change_id, record_ids=(holder,))
    clerk.record(back, basis="ex_officio")
    now = clerk.see(holder).record
    assert (now.given_name, now.individual_number_state) == ("三花", "held")
    seen = queries.person_as_of(clerk.permit, holder, TODAY, LATER).version
    assert seen is not None
    assert seen.record.individual_number_state == "held"
    assert rebuilding.check(allowed).equal


def test_a_birth_that_was_none_is_cancelled_although_its_number_has_come(
    clerk: Clerk, holder: UUID, allowed: Permit
) -> None:
    found = queries.history(clerk.permit, holder).cancellable
    assert found is not None
    clerk.record(Cancelled(cancels=found, record_ids=(holder,)), basis="ex_officio")
    assert clerk.see(holder).record.closing_reason == "cancelled"
    assert rebuilding.check(allowed).equal

"""住民票コードの変更・修正・記載 at the write door: who is given which code, and who is told."""

from pathlib import Path
from uuid import UUID

import pytest

import town
from daicho import recording
from daicho.access import clock
from daicho.access.permits import Permit, permit
from daicho.register import rebuilding, record_codes
from daicho.terms.changes import Cancelled, Died, RecordCodeChanged
from daicho.terms.changes.recorded import Recorded
from people import Cast, given
from register.conftest import Import
from register.counter import Clerk, Family, in_stock, record_id, rows, sent
from register.entering import code

pytestmark = pytest.mark.django_db

TAROS = "98765432103"
HANAKOS = "12345678903"
FRESH, OTHER = code(7_000_000_001), code(7_000_000_002)
_OUTBOX = "SELECT body FROM network_outbox WHERE kind = %s AND change_id = %s"


def _asks(one: UUID, *, typed: str = "", in_writing: bool = True) -> RecordCodeChanged:
    return RecordCodeChanged(record_id=one, ground="changed", code=typed, in_writing=in_writing)


def _corrects(one: UUID, typed: str = "") -> RecordCodeChanged:
    return RecordCodeChanged(record_id=one, ground="corrected", code=typed)


def _enters(one: UUID, typed: str = "") -> RecordCodeChanged:
    return RecordCodeChanged(record_id=one, ground="entered", code=typed)


def _code(clerk: Clerk, one: UUID) -> str:
    return clerk.see(one).record.resident_record_code


def _changed(clerk: Clerk, family: Family) -> Recorded:
    in_stock(FRESH)
    return clerk.record(_asks(family.taro), basis="request")


def test_on_request_a_code_of_the_stock_takes_the_place_of_the_old_one(
    clerk: Clerk, family: Family, allowed: Permit
) -> None:
    recorded = _changed(clerk, family)
    seen = clerk.see(family.taro)
    assert (seen.record.resident_record_code, seen.history_no) == (FRESH, 2)
    assert sent(recorded) == [
        ("identification_information", "changes"),
        ("supplement_notice", "changes"),
    ]
    ((body,),) = rows(_OUTBOX, "identification_information", recorded.change_id)
    assert f'"resident_record_code": "{TAROS}"' in body
    assert f'"resident_record_code": "{FRESH}"' in body
    kept = rows(
        "SELECT reason, history_remark, note FROM register_recordversion"
        " WHERE record_id = %s ORDER BY history_no DESC LIMIT 1",
        family.taro,
    )
    assert kept == [("record_code_changed", "", "")], "no day and no former code is kept (4.3.2)"
    assert rebuilding.check(allowed).equal


def test_the_old_code_is_never_given_again(clerk: Clerk, family: Family, cast: Cast) -> None:
    _changed(clerk, family)
    officer = given(cast.system_operator, "numbering_officer")
    numbering = permit(officer.acting(), "numbering.stock", clock.today())
    assert record_codes.add(numbering, [TAROS, OTHER]) == 1
    assert clerk.codes(_corrects(family.jiro, TAROS), basis="ex_officio") == (
        "refused",
        {"brra30-4.code_of_another"},
    )


def test_one_person_may_be_given_a_code_more_than_once(clerk: Clerk, family: Family) -> None:
    _changed(clerk, family)
    in_stock(OTHER)
    clerk.record(_asks(family.taro), basis="request")
    assert _code(clerk, family.taro) == OTHER


def test_a_sheet_shows_no_code_that_is_not_recorded_yet(clerk: Clerk, family: Family) -> None:
    in_stock(FRESH)
    preview = clerk.preview(_asks(family.taro), basis="request")
    assert preview.gives_code == {family.taro}
    assert FRESH not in str(preview.recorded)
    assert rows("SELECT record_id FROM register_recordcode WHERE code = %s", FRESH) == [(None,)]


def test_a_repeat_gives_the_first_code(clerk: Clerk, family: Family) -> None:
    in_stock(FRESH, OTHER)
    statement = clerk.state(_asks(family.taro), basis="request")
    its = clerk.under(statement)
    first = recording.record(its, statement)
    again = recording.record(its, statement)
    assert first.change_id == again.change_id
    assert rows("SELECT count(*) FROM register_recordcode WHERE record_id IS NULL") == [(1,)]


@pytest.mark.parametrize(
    ("change", "basis", "found"),
    [
        (lambda one: _asks(one, typed=FRESH), "request", "brra30-4.code_typed"),
        (lambda one: _asks(one, in_writing=False), "request", "brra30-4.not_in_writing"),
        (_asks, "ex_officio", "brra30-4.basis_of_ground"),
        (lambda one: _corrects(one, FRESH), "request", "brra30-4.basis_of_ground"),
        (lambda one: _corrects(one, TAROS), "ex_officio", "std4-3-2.same_code"),
        (lambda one: _corrects(one, HANAKOS), "ex_officio", "numbers.resident_record_code_twice"),
        (lambda one: _enters(one, FRESH), "ex_officio", "brra30-3.code_there"),
        (_asks, "notification", "brra8.basis_of_kind"),
    ],
)
def test_what_no_code_may_be_changed_by_is_refused(
    clerk: Clerk, family: Family, change: object, basis: str, found: str
) -> None:
    in_stock(FRESH)
    how, codes = clerk.codes(change(family.taro), basis=basis)  # type: ignore[operator]  # makes it
    assert how == "refused"
    assert found in codes
    assert _code(clerk, family.taro) == TAROS


def test_an_empty_stock_refuses_as_at_an_entry(clerk: Clerk, family: Family) -> None:
    how, codes = clerk.codes(_asks(family.taro), basis="request")
    assert how == "refused"
    assert "std4-3-1.stock_empty" in codes
    assert _code(clerk, family.taro) == TAROS


def test_who_is_no_resident_takes_no_code(clerk: Clerk, family: Family) -> None:
    in_stock(FRESH)
    clerk.record(Died(record_ids=(family.taro,)), basis="ex_officio")
    how, codes = clerk.codes(_asks(family.taro), basis="request")
    assert (how, codes) == ("refused", {"std11-1.not_there"})


@pytest.mark.parametrize("typed", [OTHER, ""])
def test_a_mistake_is_corrected_by_the_right_code_or_by_one_of_the_stock(
    clerk: Clerk, family: Family, allowed: Permit, typed: str
) -> None:
    in_stock(FRESH)
    recorded = clerk.record(_corrects(family.taro, typed), basis="ex_officio")
    assert _code(clerk, family.taro) == (typed or FRESH)
    assert ("identification_information", "changes") in sent(recorded)
    assert rebuilding.check(allowed).equal


def test_what_was_written_by_mistake_may_rightly_be_anothers(clerk: Clerk, family: Family) -> None:
    in_stock(FRESH)
    clerk.record(_corrects(family.taro), basis="ex_officio")
    clerk.record(_corrects(family.jiro, TAROS), basis="ex_officio")
    assert _code(clerk, family.jiro) == TAROS


def test_a_cancellation_brings_back_the_former_code_and_not_the_drawn_one_into_the_stock(
    clerk: Clerk, family: Family, allowed: Permit
) -> None:
    done = _changed(clerk, family)
    back = Cancelled(cancels=done.change_id, record_ids=(family.taro,))
    recorded = clerk.record(back, basis="ex_officio")
    assert _code(clerk, family.taro) == TAROS
    assert ("identification_information", "changes") in sent(recorded)
    assert rows("SELECT code FROM register_recordcode WHERE record_id IS NULL") == []
    assert rebuilding.check(allowed).equal


@pytest.fixture
def codeless(clerk: Clerk, take_over: Import, tmp_path: Path) -> UUID:
    """太郎, whom an older system has handed over without a code."""
    lines = [town.hanako(), town.taro(resident_record_code="")]
    _, faults = take_over(town.write(tmp_path, lines))
    assert faults == set()
    return record_id("000000000000116")


@pytest.mark.parametrize(("typed", "asked"), [(OTHER, False), ("", True)])
def test_who_has_none_is_given_the_last_one_or_a_new_one(
    clerk: Clerk, codeless: UUID, allowed: Permit, typed: str, asked: bool
) -> None:
    in_stock(FRESH)
    change = _enters(codeless, typed)
    how, codes = clerk.codes(change, basis="ex_officio")
    assert (how == "asked" and "brra30-3.never_coded" in codes) == asked
    if asked:
        clerk.record(change, basis="ex_officio")
    assert _code(clerk, codeless) == (typed or FRESH)
    assert rebuilding.check(allowed).equal


def test_an_entered_code_is_not_taken_back_but_corrected(clerk: Clerk, codeless: UUID) -> None:
    done = clerk.record(_enters(codeless, OTHER), basis="ex_officio")
    back = Cancelled(cancels=done.change_id, record_ids=(codeless,))
    how, codes = clerk.codes(back, basis="ex_officio")
    assert how == "refused"
    assert "std4-3-2.not_blank_again" in codes
    assert _code(clerk, codeless) == OTHER


def test_who_has_no_code_has_none_to_change(clerk: Clerk, codeless: UUID) -> None:
    in_stock(FRESH)
    how, codes = clerk.codes(_asks(codeless), basis="request")
    assert (how, codes) == ("refused", {"brra30-4.no_code"})

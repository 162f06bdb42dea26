"""What the law asks of single kinds, at the write door: 特例, 根拠, 順序, 戻る世帯, 生成要求."""

from datetime import date, timedelta
from uuid import UUID

import pytest

from daicho.access.permits import Permit
from daicho.register import queries, rebuilding
from daicho.terms.changes import (
    Born,
    Cancelled,
    Change,
    Corrected,
    DeclaredMissing,
    Died,
    HouseholderChanged,
    MovedOut,
    MovedOutClosed,
    MovedWithin,
    MoveInNoticeReceived,
)
from daicho.terms.changes.recorded import Recorded
from register.counter import (
    ANOTHER,
    HOUSEHOLD,
    LATER,
    NEWBORNS_CODE,
    TODAY,
    Clerk,
    Family,
    child,
    in_stock,
    place,
    rows,
)

pytestmark = pytest.mark.django_db
NEW = "000000000000248"
OUTBOX = "SELECT record_id, article FROM network_outbox WHERE kind = %s ORDER BY record_id"


def _moves(*movers: UUID, number: str = ANOTHER, lot: str = "３番３号") -> MovedWithin:
    address = place("address", prefecture="福島県", municipality="郡山市", lot=lot)
    words = {one: "世帯主" if n == 0 else "子" for n, one in enumerate(movers)}
    return MovedWithin(joins=False, household_number=number, address=address, relationships=words)


def _leaves(*movers: UUID, abroad: bool = False, special: bool = False) -> MovedOut:
    destination = place("planned_destination", free_text="フランス") if abroad else None
    return MovedOut(
        abroad=abroad,
        destination=destination or place("planned_destination"),
        record_ids=movers,
        special=special,
    )


def _cancels(done: Recorded, *persons: UUID, number: str = "") -> Cancelled:
    return Cancelled(cancels=done.change_id, record_ids=persons, household_number=number)


def test_a_special_moving_out_sends_what_the_certificate_would_say(
    clerk: Clerk, family: Family, allowed: Permit
) -> None:
    clerk.record(_leaves(family.hanako, family.jiro, special=True))
    found = rows(OUTBOX, "moving_out_certificate_information")
    assert found == sorted((one, "BRRA 24-2") for one in (family.hanako, family.jiro))
    assert rebuilding.check(allowed).equal


def test_an_ordinary_one_sends_nothing(clerk: Clerk, family: Family) -> None:
    clerk.record(_leaves(family.hanako))
    assert rows(OUTBOX, "moving_out_certificate_information") == []


@pytest.mark.parametrize(
    ("abroad", "planned", "basis", "code"),
    [
        (True, False, "notification", "brra24-2.special_abroad"),
        (False, True, "notification", "std4-1-3-0-4.special_afterwards"),
        (False, False, "ex_officio", "brra24-2.special_basis"),
    ],
)
def test_what_cannot_be_special_is_refused(
    clerk: Clerk, family: Family, abroad: bool, planned: bool, basis: str, code: str
) -> None:
    if planned:
        clerk.record(_leaves(family.hanako))
    change = _leaves(family.hanako, abroad=abroad, special=True)
    assert clerk.codes(change, basis=basis) == ("refused", {code})


@pytest.mark.parametrize("kind", ["born", "died", "declared_missing", "corrected", "cancelled"])
def test_what_is_no_notification_is_not_recorded_as_one(
    clerk: Clerk, family: Family, kind: str
) -> None:
    changes: dict[str, Change] = {
        "born": Born(household_number=HOUSEHOLD, children=(child(),)),
        "died": Died(record_ids=(family.taro,)),
        "declared_missing": DeclaredMissing(record_ids=(family.taro,)),
        "corrected": Corrected(is_error=False, items={family.taro: {"given_name": "太朗"}}),
    }
    if kind == "cancelled":
        done = clerk.record(changes["died"], basis="ex_officio")
        changes[kind] = _cancels(done, family.taro)
    how, codes = clerk.codes(changes[kind])
    assert how == "refused"
    assert "brra8.basis_of_kind" in codes


def _dated(clerk: Clerk, change: Change, on: date, basis: str = "ex_officio") -> bool:
    """Is it asked whether the change is out of order?"""
    how, codes = clerk.codes(change, occurred_on=on, basis=basis)
    assert how != "refused", codes
    return "dates.out_of_order" in codes


def test_a_change_before_the_last_address_asks_but_for_a_corrected_error(
    clerk: Clerk, family: Family
) -> None:
    moved_on = TODAY - timedelta(days=5)
    clerk.record(_moves(family.taro), occurred_on=moved_on)
    before, taro = moved_on - timedelta(days=1), family.taro
    assert _dated(clerk, Corrected(is_error=False, items={taro: {"given_name": "太朗"}}), before)
    error = Corrected(is_error=True, items={taro: {"given_name": "太朗"}})
    assert not _dated(clerk, error, before)
    heads = HouseholderChanged(
        household_number=HOUSEHOLD, relationships={family.hanako: "母", family.jiro: "世帯主"}
    )
    assert not _dated(clerk, heads, before), "the others have not moved"
    assert _dated(clerk, _leaves(taro), before)


def test_to_move_within_before_the_planned_moving_out_asks_and_to_die_does_not(
    clerk: Clerk, family: Family
) -> None:
    clerk.record(_leaves(family.taro, family.jiro), occurred_on=TODAY + timedelta(days=10))
    how, codes = clerk.codes(_moves(family.taro), occurred_on=TODAY)
    assert how == "asked"
    assert "std11-1.planned_to_leave" in codes
    assert "dates.out_of_order" not in codes, "a planned day is not one of a former address"
    notice = MoveInNoticeReceived(
        noticed_on=TODAY, destination=place("confirmed_destination"), record_ids=(family.taro,)
    )
    assert not _dated(clerk, notice, TODAY, basis="notice")
    assert not _dated(clerk, Died(record_ids=(family.jiro,)), TODAY)
    _, codes = clerk.codes(Died(record_ids=(family.jiro,)), basis="ex_officio")
    assert "std11-1.planned_to_leave" not in codes


def test_another_householder_because_the_one_before_leaves_is_not_asked_about(
    clerk: Clerk, family: Family
) -> None:
    clerk.record(_leaves(family.hanako), occurred_on=TODAY)
    code = "std11-1.planned_to_leave"
    taro, back = (
        HouseholderChanged(
            household_number=HOUSEHOLD,
            relationships={family.hanako: of_her, family.taro: of_taro, family.jiro: "子"},
        )
        for of_her, of_taro in (("母", "世帯主"), ("世帯主", "子"))
    )
    assert code not in clerk.codes(taro, occurred_on=TODAY)[1], "4.0.4 asks for that change"
    clerk.record(taro, occurred_on=TODAY)
    assert code in clerk.codes(back, occurred_on=TODAY)[1], "who leaves becomes 世帯主 again"


def test_a_reading_that_is_corrected_without_a_notice_asks(clerk: Clerk, family: Family) -> None:
    code = "brra7.reading_without_notice"
    reading = Corrected(is_error=False, items={family.taro: {"given_name_reading": "タロウ"}})
    name = Corrected(is_error=False, items={family.taro: {"given_name": "太朗"}})
    assert code in clerk.codes(reading, basis="ex_officio")[1]
    assert code not in clerk.codes(reading, basis="notice")[1]
    assert code not in clerk.codes(name, basis="ex_officio")[1]


def test_a_whole_household_returns_to_a_new_one_at_the_old_address(
    clerk: Clerk, family: Family, allowed: Permit
) -> None:
    everyone = tuple(vars(family).values())
    moved_on = TODAY - timedelta(days=5)
    done = clerk.record(_moves(*everyone), occurred_on=moved_on)
    back = _cancels(done, *everyone)
    assert clerk.codes(back, basis="ex_officio") == ("refused", {"std4-6-0-1.new_household"})
    taken = _cancels(done, *everyone, number=ANOTHER)
    assert clerk.codes(taken, basis="ex_officio") == ("refused", {"std4-0-2.household_in_use"})
    named = _cancels(done, *everyone, number=NEW)
    clerk.record(named, basis="ex_officio", occurred_on=moved_on)
    for one, word in zip(everyone, ("世帯主", "子", "子"), strict=True):
        now = clerk.see(one).record
        seen = queries.person_as_of(clerk.permit, one, TODAY, LATER).version
        assert seen is not None
        for record in (now, seen.record):
            assert (record.household_number, record.address_lot) == (NEW, "１番１号")
            assert (record.relationship, record.householder_name) == (word, "架空　花子")
    assert rebuilding.check(allowed).equal


def test_one_comes_back_to_those_who_are_still_there(
    clerk: Clerk, family: Family, allowed: Permit
) -> None:
    done = clerk.record(_moves(family.taro))
    clerk.record(_cancels(done, family.taro, number=NEW), basis="ex_officio")
    assert clerk.see(family.taro).record.household_number == HOUSEHOLD
    assert rows("SELECT count(*) FROM register_household WHERE number = %s", NEW) == [(0,)]
    assert rebuilding.check(allowed).equal


def test_one_whose_household_has_moved_on_stays_behind_alone(
    clerk: Clerk, family: Family, allowed: Permit
) -> None:
    done = clerk.record(_moves(family.taro))
    clerk.record(_moves(family.hanako, family.jiro, number=HOUSEHOLD, lot="９番９号"))
    clerk.record(_cancels(done, family.taro, number=NEW), basis="ex_officio")
    taro = clerk.see(family.taro).record
    assert (taro.household_number, taro.address_lot) == (NEW, "１番１号")
    assert (taro.relationship, taro.householder_name) == ("世帯主", "架空　太郎")
    assert rebuilding.check(allowed).equal


def test_who_had_moved_out_alone_returns_to_a_new_household(
    clerk: Clerk, family: Family, allowed: Permit
) -> None:
    everyone = tuple(vars(family).values())
    clerk.record(_leaves(*everyone), occurred_on=TODAY)
    done = clerk.record(MovedOutClosed(record_ids=everyone), basis="ex_officio")
    assert clerk.codes(_cancels(done, *everyone), basis="ex_officio") == (
        "refused",
        {"std4-6-0-1.new_household"},
    )
    clerk.record(_cancels(done, *everyone, number=NEW), basis="ex_officio")
    for one in everyone:
        back = clerk.see(one)
        assert (back.record.household_number, back.record.is_living) == (NEW, True)
        assert (back.residence_no, back.record.householder_name) == (1, "架空　花子")
        seen = queries.person_as_of(clerk.permit, one, TODAY, LATER).version
        assert seen is not None
        assert seen.record.household_number == NEW
    assert rebuilding.check(allowed).equal


def test_a_number_is_requested_for_the_newborn_and_not_again_when_a_closing_is_cancelled(
    clerk: Clerk, family: Family
) -> None:
    in_stock(NEWBORNS_CODE)
    newborn = child()
    baby = UUID(str(newborn["record_id"]))
    born = Born(household_number=HOUSEHOLD, children=(newborn,))
    clerk.record(born, basis="notice")
    died = clerk.record(Died(record_ids=(baby,)), basis="ex_officio")
    clerk.record(_cancels(died, baby), basis="ex_officio")
    assert rows(OUTBOX, "individual_number_request") == [(baby, "MNA 8(1)")]

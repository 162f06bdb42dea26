"""職権修正, 誤記修正 and 異動の取消し, through the write door: rows are added, none overwritten."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from daicho import recording
from daicho.access.permits import Permit
from daicho.register import queries, rebuilding
from daicho.terms.changes import (
    Born,
    Cancelled,
    Change,
    Corrected,
    Died,
    HouseholderChanged,
    MovedOut,
    MovedWithin,
)
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
    sent,
)

pytestmark = pytest.mark.django_db


def _corrected(
    record_id: UUID, *, is_error: bool = False, note: str = "", **cells: Any
) -> Corrected:
    return Corrected(is_error=is_error, items={record_id: cells}, note=note)


def _moves_away(*movers: UUID, number: str = ANOTHER) -> MovedWithin:
    address = place("address", prefecture="福島県", municipality="郡山市", lot="３番３号")
    words = {one: "世帯主" if n == 0 else "子" for n, one in enumerate(movers)}
    return MovedWithin(joins=False, household_number=number, address=address, relationships=words)


def _cancels(change_id: int, *persons: UUID) -> Cancelled:
    return Cancelled(cancels=change_id, record_ids=persons)


@pytest.mark.parametrize(
    ("is_error", "reason"), [(False, "corrected_ex_officio"), (True, "corrected_error")]
)
def test_a_correction_adds_a_row_that_says_what_stood_before(
    clerk: Clerk, family: Family, allowed: Permit, is_error: bool, reason: str
) -> None:
    change = _corrected(family.taro, is_error=is_error, given_name="太朗", note="戸籍により確認")
    recorded = clerk.record(change, basis="ex_officio")
    found = rows(
        "SELECT given_name, reason, history_remark, note FROM register_recordversion"
        " WHERE record_id = %s ORDER BY history_no",
        family.taro,
    )
    assert found[0][:2] == ("太郎", "moved_in")
    assert found[1] == ("太朗", reason, "修正前名 太郎", "戸籍により確認")
    assert sent(recorded) == [
        ("identification_information", "changes"),
        ("supplement_notice", "changes"),
    ]
    assert rebuilding.check(allowed).equal


def test_what_nobody_is_told_of_causes_no_message(clerk: Clerk, family: Family) -> None:
    change = _corrected(family.taro, relationship="同居人")
    assert sent(clerk.record(change, basis="ex_officio")) == []


def test_a_householders_new_name_stands_in_every_record(clerk: Clerk, family: Family) -> None:
    change = _corrected(family.hanako, family_name="仮空", family_name_kana="カリゾラ")
    recorded = clerk.record(change, basis="ex_officio")
    assert len(recorded.touched) == 3
    for one in vars(family).values():
        record = clerk.see(one).record
        assert record.householder_name == "仮空　花子"
        assert record.householder_name_kana == "カリゾラ　ハナコ"


@pytest.mark.parametrize(
    ("cells", "code", "because"),
    [
        ({"household_number": ANOTHER}, "std4-2-3-1.not_correctable", "households by their kind"),
        ({"given_name": "太郎"}, "std4-2-3-1.nothing_corrected", "it stands so already"),
        ({"relationship": "世帯主"}, "std4-2-3-1.householder", "by a change of householder"),
        ({"address_lot": "９番"}, "std11-1.two_addresses", "E32: a member alone"),
    ],
)
def test_a_correction_that_cannot_be_is_refused(
    clerk: Clerk, family: Family, cells: dict[str, Any], code: str, because: str
) -> None:
    how, codes = clerk.codes(_corrected(family.taro, **cells), basis="ex_officio")
    assert how == "refused", because
    assert code in codes, because


def test_an_address_is_corrected_for_the_whole_household(clerk: Clerk, family: Family) -> None:
    items = {one: {"address_lot": "１番２号"} for one in vars(family).values()}
    clerk.record(Corrected(is_error=True, items=items), basis="ex_officio")
    assert clerk.see(family.jiro).record.address_lot == "１番２号"


def test_a_closed_record_is_corrected_by_a_note_alone(
    clerk: Clerk, family: Family, allowed: Permit
) -> None:
    clerk.record(Died(record_ids=(family.taro,)), basis="ex_officio")
    overwriting = _corrected(family.taro, given_name="太朗", note="誤記")
    assert clerk.codes(overwriting, basis="ex_officio") == ("refused", {"std1-1-5.only_note"})
    noted = _corrected(family.taro, is_error=True, note="名は太朗が正しい。")
    clerk.record(noted, basis="ex_officio")
    assert clerk.see(family.taro).record.given_name == "太郎"
    last = rows("SELECT note FROM register_recordversion ORDER BY change_id DESC LIMIT 1")
    assert last == [("名は太朗が正しい。",)]
    assert rebuilding.check(allowed).equal


def _without_days(family: Family) -> list[tuple[Any, ...]]:
    """The residents as they stand, but for the day on which the row was written."""
    return rows(
        "SELECT record_id, v.household_number, relationship, householder_name, address_lot,"
        " v.state, closing_reason, given_name, residence_no FROM register_current c"
        " JOIN register_recordversion v USING (record_id, history_no, residence_no)"
        " WHERE record_id = ANY (%s::uuid[]) ORDER BY record_id",
        list(vars(family).values()),
    )


def _changes(family: Family) -> dict[str, Change]:
    words = {family.hanako: "母", family.taro: "世帯主", family.jiro: "弟"}
    return {
        "corrected": _corrected(family.hanako, given_name="華子"),
        "died": Died(record_ids=(family.hanako,)),
        "householder_changed": HouseholderChanged(household_number=HOUSEHOLD, relationships=words),
        "moved_out": MovedOut(
            abroad=False,
            destination=place("planned_destination"),
            record_ids=(family.hanako,),
        ),
        "moved_within": _moves_away(family.hanako, family.jiro),
        "moved_within_whole": _moves_away(*vars(family).values(), number=HOUSEHOLD),
    }


@pytest.mark.parametrize(
    "which",
    ["corrected", "died", "householder_changed", "moved_out", "moved_within", "moved_within_whole"],
)
def test_a_cancellation_restores_everyone_by_added_rows(
    clerk: Clerk, family: Family, allowed: Permit, which: str
) -> None:
    before = _without_days(family)
    done = clerk.record(_changes(family)[which], basis="ex_officio")
    touched = [one.effect.record_id for one in done.touched]
    recorded = clerk.record(_cancels(done.change_id, *touched), basis="ex_officio")
    assert _without_days(family) == before
    assert {one.history_no for one in recorded.touched} == {3}
    assert rows("SELECT corrects_id FROM register_recordedchange WHERE kind = 'cancelled'") == [
        (done.change_id,)
    ]
    assert rebuilding.check(allowed).equal


def test_a_cancelled_death_is_told_again_as_an_entry(clerk: Clerk, family: Family) -> None:
    done = clerk.record(Died(record_ids=(family.taro,)), basis="ex_officio")
    recorded = clerk.record(_cancels(done.change_id, family.taro), basis="ex_officio")
    (one,) = recorded.touched
    assert one.effect.reason == "cancelled_adding"
    assert sent(recorded) == [
        ("identification_information", "opens"),
        ("supplement_notice", "opens"),
    ]
    assert clerk.see(family.taro).residence_no == 1


def test_a_cancelled_birth_closes_the_record(clerk: Clerk, family: Family) -> None:
    in_stock(NEWBORNS_CODE)
    born = clerk.record(Born(household_number=HOUSEHOLD, children=(child(),)), basis="ex_officio")
    baby = born.touched[0].effect.record_id
    recorded = clerk.record(_cancels(born.change_id, baby), basis="ex_officio")
    gone = clerk.see(baby).record
    assert (gone.state, gone.closing_reason) == ("closed", "cancelled")
    assert recorded.touched[0].effect.reason == "cancelled_removing"
    believed = queries.person_as_of(clerk.permit, baby, TODAY, LATER)
    assert (believed.known_here, believed.version) == (True, None)


def test_what_was_cancelled_never_was_so_and_was_believed_until_then(
    clerk: Clerk, family: Family
) -> None:
    moved_on = TODAY - timedelta(days=5)
    done = clerk.record(_moves_away(family.hanako), occurred_on=moved_on)
    ((until,),) = rows("SELECT max(at) FROM register_recordedchange")
    touched = [one.effect.record_id for one in done.touched]
    clerk.record(_cancels(done.change_id, *touched), basis="ex_officio", occurred_on=moved_on)
    assert isinstance(until, datetime)
    for known_at, lot in ((until, "３番３号"), (LATER, "１番１号")):
        seen = queries.person_as_of(clerk.permit, family.hanako, TODAY, known_at)
        assert seen.version is not None
        assert seen.version.record.address_lot == lot


def test_only_the_last_change_is_cancelled_and_once(clerk: Clerk, family: Family) -> None:
    first = clerk.record(_corrected(family.taro, given_name="太朗"), basis="ex_officio")
    second = clerk.record(_corrected(family.taro, given_name="太老"), basis="ex_officio")
    one, two = (_cancels(it.change_id, family.taro) for it in (first, second))
    assert clerk.codes(one, basis="ex_officio") == ("refused", {"std4-6-0-1.not_last"})
    undone = clerk.record(two, basis="ex_officio")
    assert clerk.codes(two, basis="ex_officio") == ("refused", {"std4-6-0-1.twice"})
    again = _cancels(undone.change_id, family.taro)
    assert clerk.codes(again, basis="ex_officio") == ("refused", {"std4-6-0-1.not_cancellable"})
    clerk.record(one, basis="ex_officio")
    assert clerk.see(family.taro).record.given_name == "太郎"


def test_a_row_of_an_older_system_is_not_cancelled(clerk: Clerk, family: Family) -> None:
    ((imported,),) = rows(
        "SELECT id FROM register_recordedchange WHERE %s = ANY (record_ids)", family.taro
    )
    assert clerk.codes(_cancels(int(str(imported)), family.taro), basis="ex_officio") == (
        "refused",
        {"std4-6-0-1.not_cancellable"},
    )
    assert clerk.codes(_cancels(0, family.taro), basis="ex_officio") == (
        "refused",
        {"std11-1.not_there"},
    )


def test_a_part_is_cancelled_where_the_household_allows_it(clerk: Clerk, family: Family) -> None:
    done = clerk.record(_moves_away(family.taro, family.jiro))
    with_jiro = _cancels(done.change_id, family.jiro)
    clerk.record(with_jiro, basis="ex_officio")
    assert clerk.see(family.jiro).record.household_number == HOUSEHOLD
    assert clerk.see(family.taro).record.household_number == ANOTHER


@pytest.mark.parametrize("kind", ["corrected", "cancelled"])
def test_a_repeat_gives_the_first_result(clerk: Clerk, family: Family, kind: str) -> None:
    change: Change = _corrected(family.taro, given_name="太朗")
    if kind == "cancelled":
        done = clerk.record(change, basis="ex_officio")
        change = _cancels(done.change_id, family.taro)
    statement = clerk.state(change, basis="ex_officio")
    first = clerk.record(change, basis="ex_officio")
    assert recording.record(clerk.permit, statement) == first

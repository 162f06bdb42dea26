"""入口の再点検: what must not come through the write door, found by a review of it."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.db import connection

from daicho import recording
from daicho.access import clock
from daicho.access.permits import permit, system_permit
from daicho.access.refusals import Refused
from daicho.law.safety.acquiring import Acquired
from daicho.recording import ClosedDue
from daicho.register.receiving import taking
from daicho.terms.changes import (
    Cancelled,
    Corrected,
    DeclaredMissing,
    Died,
    HouseholderChanged,
    MovedOut,
    MovedWithin,
)
from daicho.terms.changes.recorded import Recorded
from daicho.terms.records import Cell
from daicho.vault import numbers as vault
from people import Cast
from receptions import permit_under, received
from register.counter import (
    ANOTHER,
    HOUSEHOLD,
    TODAY,
    Clerk,
    Family,
    family_here,
    next_form,
    on_day,
    place,
    rows,
)
from register.entering import code, left, moves_in, number, umeko

pytestmark = pytest.mark.django_db

TAROS_CODE, TAROS_NUMBER = "98765432103", "983205673214"
HER_CODE = code(3_000_000_000)


@pytest.fixture
def family(three_live_here: None) -> Family:
    return family_here()


@pytest.fixture
def clerk(cast: Cast, family: Family) -> Clerk:
    return Clerk(permit(cast.clerk.acting(), "change.ex_officio", clock.today()))


def _taro(record_id: UUID, **cells: Cell) -> dict[str, Cell]:
    own: dict[str, Cell] = {
        "record_id": str(record_id),
        "address_number": "000000000000116",
        "given_name": "太郎",
        "given_name_kana": "タロウ",
        "family_register_head": "架空　太郎",
        "born_on": "2005-10-10",
        "sex": "1",
        "resident_record_code": TAROS_CODE,
    }
    return umeko(**{**own, **cells})


def _moves(*movers: UUID, word: str, joins: bool = False) -> MovedWithin:
    return MovedWithin(
        joins=joins,
        household_number=ANOTHER,
        address=place("address", prefecture="福島県", municipality="郡山市", lot="３番３号"),
        relationships=dict.fromkeys(movers, word),
    )


def test_nobody_returns_onto_the_record_of_the_dead(clerk: Clerk, family: Family) -> None:
    clerk.record(Died(record_ids=(family.taro,)), basis="ex_officio")
    answer, codes = clerk.codes(moves_in(_taro(family.taro)))
    assert answer == "refused"
    assert "std4-1-1-2.reenters_dead" in codes


def test_who_was_declared_missing_returns_only_once_that_is_taken_back(
    clerk: Clerk, family: Family
) -> None:
    clerk.record(DeclaredMissing(record_ids=(family.taro,)), basis="notice")
    items: dict[UUID, dict[str, Cell]] = {family.taro: {}}
    clerk.record(Corrected(is_error=True, items=items, note="架空の留意事項"), basis="ex_officio")
    answer, codes = clerk.codes(moves_in(_taro(family.taro)))
    assert answer == "refused"
    assert "std4-1-1-2.reenters_missing" in codes, "a note on the 除票 does not hide it"


@pytest.mark.parametrize(
    ("cells", "answer", "expected", "because"),
    [
        ({"resident_record_code": code(3_000_000_000)}, "refused", "other_code", "another code"),
        ({"sex": "2"}, "refused", "other_sex", "another sex"),
        ({"born_on": "2005-10-11"}, "refused", "other_birth", "another certain day of birth"),
        ({"family_name": "仮名"}, "asked", "other_name", "the name may have changed elsewhere"),
        ({"family_name": "架　空"}, "recorded", "", "a space more is the same name"),
        ({"born_on": "about_day:2005-10-11"}, "recorded", "", "an uncertain day says nothing"),
    ],
)
def test_another_person_is_not_laid_over_a_closed_record(
    clerk: Clerk, family: Family, cells: dict[str, Cell], answer: str, expected: str, because: str
) -> None:
    left(clerk, family.taro)
    said, codes = clerk.codes(moves_in(_taro(family.taro, **cells)))
    of_ours = {one for one in codes if one.startswith("std4-1-1-2.other_")}
    assert of_ours == ({f"std4-1-1-2.{expected}"} if expected else set()), because
    assert said == answer or (answer == "recorded" and said == "asked"), because


@pytest.mark.parametrize(
    ("typed", "is_refused", "because"),
    [
        (number(55_555_555_551), True, "a number changes by a request, not by a moving-in"),
        (TAROS_NUMBER, False, "his own"),
        ("", False, "none typed: the vault holds his"),
    ],
)
def test_a_re_entry_keeps_the_number_that_the_vault_holds(
    clerk: Clerk, cast: Cast, family: Family, typed: str, is_refused: bool, because: str
) -> None:
    left(clerk, family.taro)
    clerk = Clerk(permit(cast.clerk.acting(), "change.moved_in", clock.today()))
    change = moves_in(_taro(family.taro))
    numbers = {family.taro: typed} if typed else {}
    if is_refused:
        answer = clerk.codes(change, numbers=numbers)
        assert answer == ("refused", {"mna7.other_number"}), because
    else:
        clerk.record(change, numbers=numbers)
    assert vault.get(clerk.permit, family.taro) == TAROS_NUMBER, because


def test_at_a_re_entry_the_number_of_before_its_change_is_not_taken_for_the_present_one(
    clerk: Clerk, cast: Cast, family: Family
) -> None:
    left(clerk, family.taro)
    clerk = Clerk(permit(cast.clerk.acting(), "change.moved_in", clock.today()))
    present = number(55_555_555_551)
    vault.put(clerk.permit, {family.taro: present}, Acquired("agency_reply"))
    change = moves_in(_taro(family.taro))
    answer = clerk.codes(change, numbers={family.taro: TAROS_NUMBER})
    assert answer == ("refused", {"mna7.other_number"}), "his own, and no longer his number"
    clerk.record(change, numbers={family.taro: present})
    assert vault.get(clerk.permit, family.taro) == present


def test_who_is_new_with_the_number_that_another_had_before_is_that_other(
    clerk: Clerk, cast: Cast, family: Family
) -> None:
    left(clerk, family.taro)
    clerk = Clerk(permit(cast.clerk.acting(), "change.moved_in", clock.today()))
    vault.put(clerk.permit, {family.taro: number(55_555_555_551)}, Acquired("agency_reply"))
    change = moves_in(umeko(resident_record_code=HER_CODE))
    answer = clerk.codes(change, numbers={change.record_ids[0]: TAROS_NUMBER})
    assert answer == ("refused", {"std4-1-1-2.must_reenter"})


@pytest.mark.parametrize(
    ("cells", "note", "because"),
    [
        ({}, f"番号は {TAROS_NUMBER} です", "in the 留意事項"),
        ({"address_building": "９８３２-０５６７-３２１４"}, "", "wide and with dashes"),
        ({"registered_domicile": TAROS_NUMBER}, "", "in the 本籍"),
    ],
)
def test_no_text_of_a_change_takes_an_individual_number(
    clerk: Clerk, family: Family, cells: dict[str, Cell], note: str, because: str
) -> None:
    answer, codes = clerk.codes(moves_in(umeko(**cells)), note=note)
    assert answer == "refused", because
    assert "mna12.number_in_change" in codes, because


def test_a_remark_takes_no_individual_number(clerk: Clerk, family: Family) -> None:
    for text in (
        f"マイナンバー {TAROS_NUMBER}",
        f"マイナンバー{TAROS_NUMBER}",
        f"ID {TAROS_NUMBER}",
    ):
        with pytest.raises(Refused) as refused:
            recording.remark(next_form(clerk.permit), family.hanako, text, 1)
        assert [one.code for one in refused.value.findings] == ["mna12.number_in_change"]
    recording.remark(next_form(clerk.permit), family.hanako, "電話 024-000-0000", 1)


def test_who_moves_into_a_household_with_a_householder_is_something_to_them(
    clerk: Clerk, family: Family
) -> None:
    clerk.record(moves_in(umeko(resident_record_code=HER_CODE)))
    answer, codes = clerk.codes(_moves(family.taro, word="", joins=True))
    assert answer == "refused"
    assert "brra7.relationship_of_named" in codes


def test_a_household_without_householder_has_blank_relationships(
    clerk: Clerk, family: Family
) -> None:
    answer, codes = clerk.codes(_moves(family.taro, family.jiro, word=""))
    assert (answer, "brra7.relationship_of_named" in codes) == ("asked", False)


def test_a_change_of_householder_leaves_no_relationship_blank(clerk: Clerk, family: Family) -> None:
    words = {family.hanako: "母", family.taro: "世帯主", family.jiro: ""}
    change = HouseholderChanged(household_number=HOUSEHOLD, relationships=words)
    assert clerk.codes(change) == ("refused", {"brra7.relationship_of_named"})


def test_a_change_of_householder_that_changes_nothing_is_none(clerk: Clerk, family: Family) -> None:
    people = (family.hanako, family.taro, family.jiro)
    words = {one: clerk.see(one).record.relationship for one in people}
    change = HouseholderChanged(household_number=HOUSEHOLD, relationships=words)
    assert clerk.codes(change) == ("refused", {"brra25.nothing_changed"})


def test_one_change_enters_nobody_twice(clerk: Clerk) -> None:
    first = umeko()
    second = {**first, "address_number": "000000000000140", "given_name": "桃子"}
    assert clerk.codes(moves_in(first, second)) == ("refused", {"std11-1.named_twice"})


def _plan(clerk: Clerk, *movers: UUID) -> Recorded:
    change = MovedOut(abroad=False, destination=place("planned_destination"), record_ids=movers)
    return clerk.record(change, occurred_on=clock.today() + timedelta(days=2), basis="notification")


def _close() -> ClosedDue:
    on = clock.today()
    return recording.close_due(system_permit("daily_closing", on, uuid4()), on)


def _two_households_leave(clerk: Clerk, family: Family) -> None:
    clerk.record(_moves(family.taro, word="世帯主"))
    _plan(clerk, family.taro)
    _plan(clerk, family.hanako, family.jiro)


def test_an_error_of_one_household_stops_no_other_closing(clerk: Clerk, family: Family) -> None:
    with on_day(TODAY):
        _two_households_leave(clerk, family)
    with connection.cursor() as cursor:  # the number of his next version is taken: an error
        cursor.execute(
            "CREATE TEMP TABLE taken ON COMMIT DROP AS SELECT * FROM register_recordversion"
            " WHERE record_id = %s ORDER BY history_no DESC LIMIT 1",
            [family.taro],
        )
        cursor.execute("UPDATE taken SET history_no = history_no + 1")
        cursor.execute("INSERT INTO register_recordversion SELECT * FROM taken")
    with on_day(TODAY + timedelta(days=2)):
        assert _close() == ClosedDue(2, (), 1)
        assert not clerk.see(family.hanako).record.is_living
        assert _close() == ClosedDue(0, (), 1), "the next run tries again"


def test_a_closing_has_an_id_that_nobody_can_have_used(clerk: Clerk, family: Family) -> None:
    with on_day(TODAY):
        _plan(clerk, family.taro)
    with on_day(TODAY + timedelta(days=2)):
        assert _close() == ClosedDue(1, ())
        assert _close() == ClosedDue(0, ()), "nobody is closed twice"
    ((request_id,),) = rows(
        "SELECT request_id FROM register_recordedchange WHERE kind = 'moved_out_closed'"
    )
    assert request_id.version == 4, "drawn, not reckoned from what a clerk can see"


def test_a_second_change_under_one_reception_asks_until_the_first_is_cancelled(
    clerk: Clerk, cast: Cast, family: Family
) -> None:
    its = received(cast.clerk, "moved_in").reception_id
    first = clerk.record(moves_in(umeko(resident_record_code=HER_CODE)), reception_id=its)
    change = moves_in(
        umeko(
            given_name="桃子",
            address_number="000000000000140",
            resident_record_code=code(3_000_000_001),
        ),
        household_number="000000000000230",
    )
    answer, codes = clerk.codes(change, reception_id=its)
    assert (answer, "std4-0.reception_has_change" in codes) == ("asked", True)
    people = tuple(one.effect.record_id for one in first.touched)
    clerk.record(Cancelled(cancels=first.change_id, record_ids=people), basis="ex_officio")
    _, codes = clerk.codes(change, reception_id=its)
    assert "std4-0.reception_has_change" not in codes


@pytest.mark.parametrize("how", ["withdrawn", "declined"])
def test_a_reception_that_has_ended_takes_no_change(
    clerk: Clerk, cast: Cast, family: Family, how: str
) -> None:
    its = received(cast.clerk, "moved_in")
    taking.end(permit_under(cast.clerk, its), its.reception_id, how, "架空の理由")
    answer, codes = clerk.codes(moves_in(umeko()), reception_id=its.reception_id)
    assert answer == "refused"
    assert "std4-0.reception_closed" in codes

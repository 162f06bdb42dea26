"""再転入: who is on a 除票 is entered again there, or the clerk says that it is another person."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from django.db import connection

import town
from daicho import recording
from daicho.access import clock
from daicho.access.permits import Permit, permit
from daicho.access.refusals import Refused
from daicho.law.rule import FINDINGS
from daicho.recording import Statement
from daicho.register import importing, queries, rebuilding
from daicho.terms.changes import Born, Cancelled, Corrected
from daicho.terms.records import Cell
from daicho.vault import numbers as vault
from people import Cast, cast_of
from register.conftest import Import
from register.counter import (
    HOUSEHOLD,
    Clerk,
    Family,
    child,
    family_here,
    next_form,
    record_id,
    rows,
    under,
)
from register.entering import code, left, maria, moves_in, umeko

TAROS_CODE, TAROS_NUMBER = "98765432103", "983205673214"
OTHER = "000000000000140"
TARO: dict[str, Cell] = {
    "given_name": "太郎",
    "given_name_kana": "タロウ",
    "family_register_head": "架空　太郎",
    "born_on": "2005-10-10",
    "sex": "1",
}


@pytest.fixture
def family(three_live_here: None) -> Family:
    return family_here()


@pytest.fixture
def clerk(cast: Cast, family: Family) -> Clerk:
    """At the moving-in; 太郎 has left the town."""
    left(Clerk(permit(cast.clerk.acting(), "change.ex_officio", clock.today())), family.taro)
    return Clerk(permit(cast.clerk.acting(), "change.moved_in", clock.today()))


def _back(record_id: UUID, **cells: Cell) -> dict[str, Cell]:
    own = {"address_number": "000000000000116", "resident_record_code": TAROS_CODE}
    return umeko(**{**TARO, **own, "record_id": str(record_id), **cells})


@pytest.mark.django_db
def test_a_returning_person_goes_on_with_number_history_and_code(
    clerk: Clerk, allowed: Permit, family: Family
) -> None:
    recorded = clerk.record(moves_in(_back(family.taro)))
    seen = clerk.see(family.taro)
    assert (seen.residence_no, seen.history_no) == (2, recorded.touched[0].history_no)
    assert seen.record.is_living
    assert seen.record.address_number == "000000000000116"
    assert seen.record.individual_number_state == "held"
    assert [one.residence_no for one in seen.residences] == [1, 2]
    assert vault.get(clerk.permit, family.taro) == TAROS_NUMBER
    assert rebuilding.check(allowed).equal
    history = queries.history(clerk.permit, family.taro)
    assert [row.reason for row in history.rows] == ["moved_in"], "no residence joins another"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("cells", "typed", "because"),
    [
        ({"resident_record_code": TAROS_CODE}, "", "the code of a 除票"),
        ({"resident_record_code": code(3_000_000_000)}, TAROS_NUMBER, "its number"),
    ],
)
def test_who_has_the_number_of_a_closed_record_is_not_entered_as_new(
    clerk: Clerk, family: Family, cells: dict[str, Cell], typed: str, because: str
) -> None:
    change = moves_in(umeko(**cells))
    numbers = {change.record_ids[0]: typed} if typed else {}
    answer = clerk.codes(change, numbers=numbers)
    assert answer == ("refused", {"std4-1-1-2.must_reenter"}), because
    clerk.permit = next_form(clerk.permit)
    preview = recording.preview(clerk.permit, clerk.state(change, numbers=numbers))
    (match,) = preview.matches[change.record_ids[0]]
    assert (match.record_id, match.forced) == (family.taro, True)
    assert not [one for one in preview.findings if "太郎" in one.what + one.remedy]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("cells", "asked", "because"),
    [
        ({}, True, "name, sex and day of birth are his"),
        ({"family_name": "架　空"}, True, "a space more is the same name"),
        ({"sex": "2"}, False, "another sex"),
        ({"born_on": "2005-10-11"}, False, "another day"),
        ({"given_name": "次郎"}, False, "another name"),
    ],
)
def test_three_items_of_a_closed_record_ask(
    clerk: Clerk, family: Family, cells: dict[str, Cell], asked: bool, because: str
) -> None:
    mover = umeko(**{**TARO, "resident_record_code": code(3_000_000_000), **cells})
    change = moves_in(mover)
    _, codes = clerk.codes(change)
    assert ("std4-1-1-2.three_items_closed" in codes) is asked, because
    clerk.permit = next_form(clerk.permit)
    matches = recording.preview(clerk.permit, clerk.state(change)).matches
    found = [(it.record_id, it.by, it.forced) for some in matches.values() for it in some]
    assert found == ([(family.taro, ("three_items",), False)] if asked else []), because


@pytest.mark.django_db
def test_three_items_of_a_resident_ask_too(clerk: Clerk, family: Family) -> None:
    like_hanako = umeko(given_name="花子", born_on="1985-05-05")
    change = moves_in({**like_hanako, "resident_record_code": code(3_000_000_000)})
    _, codes = clerk.codes(change)
    assert "brra6.three_items_living" in codes
    clerk.permit = next_form(clerk.permit)
    assert recording.preview(clerk.permit, clerk.state(change)).matches == {}, "no 除票"


@pytest.mark.django_db
def test_a_newborn_is_compared_by_the_code_alone(clerk: Clerk, cast: Cast, family: Family) -> None:
    named = {"given_name": "太郎", "sex": "1"}
    born = Born(household_number=HOUSEHOLD, children=(child(**named),))
    ex_officio = Clerk(permit(cast.clerk.acting(), "change.ex_officio", clock.today()))
    _, codes = ex_officio.codes(born, occurred_on="2005-10-10", basis="ex_officio")
    assert not codes & {"std4-1-1-2.three_items_closed", "brra6.three_items_living"}


@pytest.mark.django_db
def test_the_address_number_of_a_returning_person_stays(clerk: Clerk, family: Family) -> None:
    other = moves_in(_back(family.taro, address_number=OTHER))
    answer = clerk.codes(other)
    assert answer == ("refused", {"std4-1-1-2.address_number_changed"})


@pytest.mark.django_db
def test_who_has_not_looked_at_the_closed_record_does_not_enter_it_again(
    clerk: Clerk, family: Family
) -> None:
    answer = clerk.codes(moves_in(_back(family.taro)), expected={})
    assert answer == ("refused", {"std10-3.changed_since"})


@pytest.mark.django_db
def test_an_entry_that_was_taken_back_forces_nobody(clerk: Clerk, cast: Cast) -> None:
    first = moves_in(umeko(resident_record_code=code(3_000_000_000)))
    recorded = clerk.record(first)
    ex_officio = Clerk(permit(cast.clerk.acting(), "change.ex_officio", clock.today()))
    cancelling = Cancelled(cancels=recorded.change_id, record_ids=first.record_ids)
    ex_officio.record(cancelling, basis="ex_officio")
    again = moves_in({**first.movers[0], "record_id": str(uuid4()), "address_number": OTHER})
    answer, codes = clerk.codes(again)
    assert answer == "asked"
    assert "numbers.held_by_closed" in codes


@pytest.mark.django_db
@pytest.mark.parametrize("corrected", [False, True])
def test_a_card_is_of_one_person_as_it_stands_now(
    cast: Cast, take_over: Import, tmp_path: Path, corrected: bool
) -> None:
    _, faults = take_over(
        town.write(tmp_path, [town.mary(suppressions="", resident_record_code=code(3_000_000_002))])
    )
    assert faults == set()
    clerk = Clerk(permit(cast.clerk.acting(), "change.ex_officio", clock.today()))
    if corrected:
        cells: dict[str, Cell] = {"residence_card_number": "AB12345679CD"}
        items = {record_id("000000000000159"): cells}
        clerk.record(Corrected(is_error=True, items=items, note=""), basis="ex_officio")
    _, codes = clerk.codes(moves_in(maria(residence_card_number="AB12345678CD")))
    assert ("numbers.certificate_number_twice" in codes) is not corrected


@pytest.mark.django_db
def test_a_card_is_not_corrected_to_that_of_another_resident(
    cast: Cast, take_over: Import, tmp_path: Path
) -> None:
    other = {"residence_card_number": "AB12345679CD", "address_number": OTHER}
    coded = {"suppressions": "", "resident_record_code": code(3_000_000_002)}
    other |= {"household_number": OTHER, "resident_record_code": code(3_000_000_003)}
    lines = [town.mary(**coded), town.mary(**{**coded, **other})]
    _, faults = take_over(town.write(tmp_path, lines))
    assert faults == set()
    clerk = Clerk(permit(cast.clerk.acting(), "change.ex_officio", clock.today()))
    items: dict[UUID, dict[str, Cell]] = {
        record_id(OTHER): {"residence_card_number": "AB12345678CD"}
    }
    answer = clerk.codes(Corrected(is_error=True, items=items, note=""), basis="ex_officio")
    assert answer == ("refused", {"numbers.certificate_number_twice"})


@pytest.mark.durable
def test_of_two_clerks_who_enter_one_person_again_one_is_refused(
    durable: str, tmp_path: Path
) -> None:
    stage = cast_of()
    migrating = permit(stage.system_operator.acting(), "data.migration", clock.today())
    lines = town.write(tmp_path, [town.hanako()])
    importing.run(migrating, lines, ward=town.WARD, trial=False, keep_refusals=lambda _: None)
    hanako = record_id("000000000000108")
    first = permit(stage.clerk.acting(), "change.ex_officio", clock.today())
    left(Clerk(next_form(first)), hanako)
    own = {"address_number": "000000000000108", "resident_record_code": "12345678903"}
    own |= {"given_name": "花子", "born_on": "1985-05-05"}
    statements = [
        Clerk(first).state(
            moves_in(umeko(**own, record_id=str(hanako)), household_number=household),
            accepted=frozenset(FINDINGS),
        )
        for household in ("000000000000221", "000000000000230")
    ]

    def record(asking: tuple[Permit, Statement]) -> str:
        try:
            recording.record(*asking)
        except Refused as refused:
            return refused.findings[0].code
        finally:
            connection.close()
        return "recorded"

    asking = [(under(next_form(first), one), one) for one in statements]
    with ThreadPoolExecutor(2) as clerks:
        assert sorted(clerks.map(record, asking)) == ["recorded", "std4-1-1-2.here_already"]
    assert rebuilding.check(migrating).equal
    assert rows("SELECT count(*) FROM register_household") == [(1,)]

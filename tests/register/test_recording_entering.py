"""Who enters gets a 個人番号 into the vault and a 住民票コード of the stock, each nobody else's."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from django.db import connection

import town
from daicho import recording
from daicho.access import clock
from daicho.access.permits import Permit, permit
from daicho.access.refusals import NotPermitted, Refused
from daicho.law.rule import FINDINGS
from daicho.register import importing, record_codes
from daicho.terms.changes import Born, MovedIn
from daicho.vault import numbers as vault
from people import Cast, cast_of
from register.conftest import Import
from register.counter import (
    HOUSEHOLD,
    NEWBORNS_CODE,
    Clerk,
    child,
    in_stock,
    moved_in_family,
    next_form,
    rows,
)
from register.entering import code, from_abroad, moves_in, number, umeko

HANAKOS_NUMBER = "123456789018"
STOCK = [code(7_000_000_000 + n) for n in range(5)]


@pytest.fixture
def clerk(cast: Cast) -> Clerk:
    return Clerk(permit(cast.clerk.acting(), "change.moved_in", clock.today()))


@pytest.fixture
def ex_officio(cast: Cast) -> Clerk:
    return Clerk(permit(cast.clerk.acting(), "change.ex_officio", clock.today()))


def _state_of(clerk: Clerk, change: MovedIn) -> str:
    return clerk.see(change.record_ids[0]).record.individual_number_state


@pytest.mark.django_db
def test_a_number_typed_goes_to_the_vault_and_nowhere_else(clerk: Clerk) -> None:
    change, typed = moves_in(umeko()), number(55_555_555_551)
    clerk.record(change, numbers={change.record_ids[0]: typed})
    assert vault.get(clerk.permit, change.record_ids[0]) == typed
    assert _state_of(clerk, change) == "held"
    for table in ("register_recordedchange", "register_recordversion", "network_outbox"):
        held = rows(f"SELECT t::text FROM {table} t WHERE t::text LIKE %s", f"%{typed}%")  # noqa: S608  our own names
        assert held == [], f"{table} holds a number"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("stated", "because"),
    [("", "nothing was said"), ("held", "the vault holds none"), ("pending", "as it is")],
)
def test_who_has_given_no_number_awaits_one(clerk: Clerk, stated: str, because: str) -> None:
    change = moves_in(umeko(individual_number_state=stated))
    clerk.record(change)
    assert _state_of(clerk, change) == "pending", because


@pytest.mark.django_db
def test_a_residents_number_is_given_to_nobody_else(
    clerk: Clerk, take_over: Import, tmp_path: Path
) -> None:
    moved_in_family(take_over, tmp_path)
    change = moves_in(umeko(resident_record_code=code(3_000_000_000)))
    answer = clerk.codes(change, numbers={change.record_ids[0]: HANAKOS_NUMBER})
    assert answer == ("refused", {"numbers.individual_number_twice"})


@pytest.mark.django_db
def test_two_who_enter_together_do_not_share_a_number(clerk: Clerk) -> None:
    second = umeko(address_number="000000000000140", given_name="桜子", relationship="同居人")
    change = moves_in(umeko(), {**second, "resident_record_code": code(3_000_000_000)})
    typed = dict.fromkeys(change.record_ids, number(55_555_555_551))
    answer = clerk.codes(change, numbers=typed)
    assert answer == ("refused", {"numbers.individual_number_twice"})


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("whose", "typed", "found", "because"),
    [
        ("mover", "123456789012", "brra7.number_wrong", "E19: the check digit"),
        ("mover", "12345", "brra7.number_wrong", "too short"),
        ("nobody", HANAKOS_NUMBER, "brra7.number_not_entered", "the change does not enter them"),
    ],
)
def test_a_number_that_cannot_be_is_refused(
    clerk: Clerk, whose: str, typed: str, found: str, because: str
) -> None:
    change = moves_in(umeko())
    record_id = change.record_ids[0] if whose == "mover" else uuid4()
    assert clerk.codes(change, numbers={record_id: typed}) == ("refused", {found}), because


@pytest.mark.django_db
def test_a_purpose_that_sees_no_number_takes_none(ex_officio: Clerk) -> None:
    change = moves_in(umeko())
    with pytest.raises(NotPermitted):
        ex_officio.record(
            change, basis="ex_officio", numbers={change.record_ids[0]: number(55_555_555_551)}
        )
    assert rows("SELECT 1 FROM register_recordedchange") == []


@pytest.mark.django_db
def test_a_repeat_with_another_number_is_another_request(clerk: Clerk) -> None:
    change, typed = moves_in(umeko()), number(55_555_555_551)
    first = clerk.record(change, numbers={change.record_ids[0]: typed})
    again = clerk.state(change, numbers={change.record_ids[0]: typed}, expected={})
    assert recording.record(clerk.permit, again) == first
    other = clerk.state(change, numbers={change.record_ids[0]: number(1)}, expected={})
    with pytest.raises(Refused) as refused:
        recording.record(clerk.permit, other)
    assert [one.code for one in refused.value.findings] == ["access.request_used"]


@pytest.mark.django_db
def test_a_newborn_is_given_a_code_of_the_stock(
    ex_officio: Clerk, take_over: Import, allowed: Permit, tmp_path: Path
) -> None:
    moved_in_family(take_over, tmp_path)
    in_stock(*STOCK)
    baby = child(resident_record_code="")
    recorded = ex_officio.record(
        Born(household_number=HOUSEHOLD, children=(baby,)), basis="ex_officio"
    )
    (one,) = recorded.touched
    assert one.after.resident_record_code in STOCK
    assert record_codes.stock(allowed).left == len(STOCK) - 1
    said, effects = rows(
        "SELECT body->'said'->>'children', body->'effects'->0->'cells'->>'resident_record_code'"
        " FROM register_recordedchange WHERE kind = 'born'"
    )[0]
    assert one.after.resident_record_code not in said
    assert effects == one.after.resident_record_code


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("stock", "stated", "refused_by"),
    [
        ((), NEWBORNS_CODE, {"brra30-3.not_of_stock"}),
        ((NEWBORNS_CODE,), NEWBORNS_CODE, set()),
        ((NEWBORNS_CODE,), STOCK[0], {"brra30-3.not_of_stock"}),
    ],
)
def test_a_code_stated_for_a_newborn_is_one_of_the_stock(
    ex_officio: Clerk,
    take_over: Import,
    tmp_path: Path,
    stock: tuple[str, ...],
    stated: str,
    refused_by: set[str],
) -> None:
    moved_in_family(take_over, tmp_path)
    in_stock(*stock)
    born = Born(household_number=HOUSEHOLD, children=(child(resident_record_code=stated),))
    how, codes = ex_officio.codes(born, basis="ex_officio")
    assert (codes if how == "refused" else set()) == refused_by


@pytest.mark.django_db
def test_a_code_of_the_stock_is_given_to_one_newborn_only(
    ex_officio: Clerk, take_over: Import, allowed: Permit, tmp_path: Path
) -> None:
    moved_in_family(take_over, tmp_path)
    in_stock(NEWBORNS_CODE)
    ex_officio.record(Born(household_number=HOUSEHOLD, children=(child(),)), basis="ex_officio")
    assert record_codes.stock(allowed).left == 0
    twin = child(address_number="000000000000140", given_name="四花")
    how, codes = ex_officio.codes(
        Born(household_number=HOUSEHOLD, children=(twin,)), basis="ex_officio"
    )
    assert how == "refused"
    assert "brra30-3.not_of_stock" in codes


@pytest.mark.django_db
def test_who_comes_from_abroad_without_a_code_is_asked_about_and_given_one(
    clerk: Clerk, allowed: Permit
) -> None:
    in_stock(*STOCK)
    change = from_abroad(umeko(resident_record_code=""))
    answer, codes = clerk.codes(change)
    assert answer == "asked"
    assert "brra30-3.never_coded" in codes
    assert record_codes.stock(allowed).left == len(STOCK)
    clerk.record(change)
    assert clerk.see(change.record_ids[0]).record.resident_record_code in STOCK


@pytest.mark.django_db
def test_an_empty_stock_refuses_and_says_so(clerk: Clerk) -> None:
    answer, codes = clerk.codes(from_abroad(umeko(resident_record_code="")))
    assert answer == "refused"
    assert "std4-3-1.stock_empty" in codes


@pytest.mark.django_db
def test_who_moves_in_from_another_town_brings_the_code(clerk: Clerk, allowed: Permit) -> None:
    in_stock(*STOCK)
    answer, _ = clerk.codes(moves_in(umeko(resident_record_code="")))
    assert answer == "refused"
    assert record_codes.stock(allowed).left == len(STOCK)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("cells", "found", "because"),
    [
        ({"resident_record_code": "12345678903"}, "numbers.resident_record_code_twice", "E22"),
        ({"address_number": "000000000000108"}, "numbers.address_number_twice", "花子 has it"),
    ],
)
def test_what_is_another_residents_is_refused(
    clerk: Clerk,
    take_over: Import,
    tmp_path: Path,
    cells: dict[str, str],
    found: str,
    because: str,
) -> None:
    moved_in_family(take_over, tmp_path)
    own = {"resident_record_code": code(3_000_000_000), "address_number": "000000000000140"}
    answer, codes = clerk.codes(moves_in(umeko(**{**own, **cells})))
    assert (answer, codes) == ("refused", {found}), because


def _at_once(clerks: list[Permit], record: Callable[[Permit], object]) -> list[object]:
    def answer(allowed: Permit) -> object:
        try:
            return record(allowed)
        except Refused as refused:
            return {one.code for one in refused.findings if one.refuses}
        finally:
            connection.close()

    with ThreadPoolExecutor(len(clerks)) as pool:
        return list(pool.map(answer, clerks))


@pytest.mark.durable
def test_of_clerks_who_enter_one_number_at_once_one_is_refused(durable: str) -> None:
    first = permit(cast_of().clerk.acting(), "change.moved_in", clock.today())
    clerks = [first, next_form(first), next_form(first)]
    left = dict(zip([one.request_id for one in clerks], range(3), strict=True))

    def record(allowed: Permit) -> UUID:
        n = left[allowed.request_id]
        numbered = f"0000000000002{(21, 30, 48)[n]}"
        change = moves_in(
            umeko(
                given_name=("梅子", "桃子", "桜子")[n],
                address_number=f"0000000000001{(32, 40, 59)[n]}",
                resident_record_code=code(3_000_000_000 + n),
            ),
            household_number=numbered,
        )
        record_id = change.record_ids[0]
        statement = Clerk(allowed).state(
            change, numbers={record_id: number(55_555_555_551)}, accepted=frozenset(FINDINGS)
        )
        recording.record(allowed, statement)
        return record_id

    answers = _at_once(clerks, record)
    recorded = [one for one in answers if isinstance(one, UUID)]
    assert len(recorded) == 1, answers
    assert {"numbers.individual_number_twice"} in answers
    assert rows("SELECT count(*) FROM register_current") == [(1,)]
    assert vault.find(first, number(55_555_555_551)) == tuple(recorded)


@pytest.mark.durable
def test_of_clerks_who_enter_one_code_at_once_one_is_refused(durable: str, tmp_path: Path) -> None:
    stage = cast_of()
    migrating = permit(stage.system_operator.acting(), "data.migration", clock.today())
    lines = town.write(tmp_path, [town.hanako()])
    importing.run(migrating, lines, ward=town.WARD, trial=False, keep_refusals=lambda _: None)
    first = permit(stage.clerk.acting(), "change.moved_in", clock.today())
    clerks = [first, next_form(first)]

    def record(allowed: Permit) -> UUID:
        n = clerks.index(allowed)
        change = moves_in(
            umeko(address_number=("000000000000132", "000000000000140")[n]),
            household_number=("000000000000221", "000000000000230")[n],
        )
        statement = Clerk(allowed).state(change, accepted=frozenset(FINDINGS))
        recording.record(allowed, statement)
        return change.record_ids[0]

    answers = _at_once(clerks, record)
    assert sorted(isinstance(one, UUID) for one in answers) == [False, True], answers
    assert {"numbers.resident_record_code_twice"} in answers

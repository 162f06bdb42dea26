"""個人番号 goes in and comes out only under a permit that is trailed in the same transaction."""

from uuid import UUID, uuid4

import pytest
from django.db import ProgrammingError, connection, transaction

from daicho.access import clock
from daicho.access.permits import Permit, look, permit
from daicho.access.refusals import NotPermitted
from daicho.law.safety.acquiring import IMPORTED
from daicho.vault import custody, numbers
from people import Cast

NUMBER = "123456789018"
OTHER = "983205673214"


@pytest.fixture
def allowed(cast: Cast) -> Permit:
    return permit(cast.clerk.acting(), "certificate.individual_number", clock.today())


def _sealed(record_id: UUID) -> bytes:
    with connection.cursor() as cursor:
        cursor.execute("SELECT max(id) FROM access_trail WHERE event = 'vault_get'")
        cursor.execute(
            "SELECT ciphertext FROM vault.get(%s, %s)", [cursor.fetchone()[0], record_id]
        )
        return bytes(cursor.fetchone()[0])


def test_a_number_comes_back_and_both_ways_are_trailed(allowed: Permit) -> None:
    record_id = uuid4()
    numbers.put(allowed, {record_id: NUMBER}, IMPORTED)
    assert numbers.get(allowed, record_id) == NUMBER
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT t.event, t.number_seen, t.article, s.record_ids FROM access_trail t"
            " JOIN access_trailsubjects s ON s.trail_id = t.id WHERE t.event LIKE 'vault%%'"
            " ORDER BY t.id"
        )
        rows = cursor.fetchall()
    assert rows == [
        ("vault_put", False, "BRRA 12(5)", [record_id]),
        ("vault_get", True, "BRRA 12(5)", [record_id]),
    ]


@pytest.mark.parametrize("purpose", ["change.born", "inquiry.change"])
def test_a_purpose_that_sees_no_number_opens_nothing(cast: Cast, purpose: str) -> None:
    looking = permit(cast.clerk.acting(), purpose, clock.today())
    record_id = uuid4()
    for attempt in (
        lambda: numbers.put(looking, {record_id: NUMBER}, IMPORTED),
        lambda: numbers.get(looking, record_id),
        lambda: numbers.find(looking, NUMBER),
    ):
        with pytest.raises(NotPermitted):
            attempt()


def test_the_database_too_asks_what_the_row_is_for(cast: Cast, allowed: Permit) -> None:
    record_id = uuid4()
    numbers.put(allowed, {record_id: NUMBER}, IMPORTED)
    looking = permit(cast.clerk.acting(), "inquiry.change", clock.today())
    with connection.cursor() as cursor, transaction.atomic():
        trail_id = look(looking, "vault_get", "test", record_ids=[record_id], number_seen=True)
        with pytest.raises(ProgrammingError, match="vault"), transaction.atomic():
            cursor.execute("SELECT vault.get(%s, %s)", [trail_id, record_id])


def test_what_is_found_by_a_number_stands_in_the_trail(allowed: Permit) -> None:
    record_id = uuid4()
    numbers.put(allowed, {record_id: NUMBER}, IMPORTED)
    numbers.find(allowed, NUMBER)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT s.record_ids FROM access_trail t JOIN access_trailsubjects s"
            " ON s.trail_id = t.id WHERE t.event = 'vault_found'"
        )
        assert cursor.fetchall() == [([record_id],)]


@pytest.mark.durable
def test_no_caller_can_take_the_trail_back(durable: str) -> None:
    from people import cast_of

    allowed = permit(cast_of().clerk.acting(), "certificate.individual_number", clock.today())
    with pytest.raises(RuntimeError, match="durable"), transaction.atomic():
        numbers.get(allowed, uuid4())


def test_no_record_no_number(allowed: Permit) -> None:
    assert numbers.get(allowed, uuid4()) is None


def test_many_go_in_at_once_and_each_is_found_by_its_number(allowed: Permit) -> None:
    one, two, twin = uuid4(), uuid4(), uuid4()
    numbers.put(allowed, {one: NUMBER, two: OTHER, twin: NUMBER}, IMPORTED)
    assert set(numbers.find(allowed, NUMBER)) == {one, twin}
    assert numbers.find(allowed, OTHER) == (two,)
    assert numbers.find(allowed, "379474484458") == ()


def test_a_new_number_takes_the_place_of_the_old(allowed: Permit) -> None:
    record_id = uuid4()
    numbers.put(allowed, {record_id: NUMBER}, IMPORTED)
    numbers.put(allowed, {record_id: OTHER}, IMPORTED)
    assert numbers.get(allowed, record_id) == OTHER
    assert numbers.whose(allowed, OTHER) == numbers.Whose(now=(record_id,))
    assert numbers.whose(allowed, NUMBER) == numbers.Whose(before=(record_id,))


def test_the_number_is_not_in_the_database_in_clear(allowed: Permit) -> None:
    record_id = uuid4()
    numbers.put(allowed, {record_id: NUMBER}, IMPORTED)
    numbers.get(allowed, record_id)
    assert NUMBER.encode() not in _sealed(record_id)


def test_a_ciphertext_moved_to_another_record_cannot_be_opened(allowed: Permit) -> None:
    record_id = uuid4()
    numbers.put(allowed, {record_id: NUMBER}, IMPORTED)
    numbers.get(allowed, record_id)
    held = custody.ring()
    with pytest.raises(numbers.InvalidTag):
        numbers.opened(held, uuid4(), _sealed(record_id), held.current)


@pytest.mark.parametrize(
    ("event", "names_it", "number_seen", "because"),
    [
        ("look", True, True, "another event is no leave to open the vault"),
        ("vault_find", True, False, "finding is not taking out"),
        ("vault_get", False, True, "the trail row names another record"),
        ("vault_get", True, False, "the trail row does not say that a number was seen"),
    ],
)
def test_without_its_own_trail_row_no_number_leaves(
    allowed: Permit, event: str, names_it: bool, number_seen: bool, because: str
) -> None:
    record_id = uuid4()
    numbers.put(allowed, {record_id: NUMBER}, IMPORTED)
    named = [record_id if names_it else uuid4()]
    with connection.cursor() as cursor, transaction.atomic():
        trail_id = look(allowed, event, "test", record_ids=named, number_seen=number_seen)
        with pytest.raises(ProgrammingError, match="vault"), transaction.atomic():
            cursor.execute("SELECT vault.get(%s, %s)", [trail_id, record_id])


@pytest.mark.durable
def test_a_trail_row_of_an_earlier_transaction_opens_nothing(durable: str) -> None:
    from people import cast_of

    allowed = permit(cast_of().clerk.acting(), "certificate.individual_number", clock.today())
    record_id = uuid4()
    numbers.put(allowed, {record_id: NUMBER}, IMPORTED)
    with transaction.atomic():
        trail_id = look(allowed, "vault_get", "test", record_ids=[record_id], number_seen=True)
    with connection.cursor() as cursor, pytest.raises(ProgrammingError, match="vault"):
        cursor.execute("SELECT vault.get(%s, %s)", [trail_id, record_id])


def test_put_takes_only_the_records_its_trail_row_names(allowed: Permit) -> None:
    named, smuggled = uuid4(), uuid4()
    with connection.cursor() as cursor, transaction.atomic():
        trail_id = look(allowed, "vault_put", "test", record_ids=[named])
        with pytest.raises(ProgrammingError, match="vault"), transaction.atomic():
            cursor.execute(
                "SELECT vault.put(%s, %s::uuid[], %s::bytea[], %s::bytea[], 1, %s, 'file', '[]',"
                " '{}')",
                [trail_id, [smuggled], [b"x"], [b"x"], custody.ring().fingerprints[1]],
            )

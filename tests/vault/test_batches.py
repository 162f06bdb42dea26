"""一括: what the machines of the network ask of the vault, in the transaction of their messages."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from django.db import transaction

from daicho.access import clock
from daicho.access.models import Trail, TrailSubjects
from daicho.access.permits import permit, system_permit
from daicho.law.safety.acquiring import IMPORTED, Acquired
from daicho.vault import custody, numbers, rekeying
from daicho.vault.acquiring import acquisitions
from daicho.vault.batches import Batch
from daicho.vault.keys import KeyTrouble
from people import Cast
from vault.at_once import SECONDS_MOST, alone, until_it_waits
from vault.made_up import made_up, of_the_import, of_the_keys, put, quiet
from vault.test_disposing_wholly import as_superuser

JOB = "identification_holding"
NOTICE = Acquired("notice")
NUMBERS = list(made_up(20).values())[10:]


def a_batch(job: str = JOB) -> Batch:
    return Batch(system_permit(job, clock.today(), uuid4()))


def place(subject_id: int) -> UUID:
    """Where an upper tier keeps the number of a person."""
    return UUID(int=subject_id)


def trailed() -> list[tuple[str, list[UUID], bool, str]]:
    """The rows of the trail that tell of the vault: what, of whom, whether a number was seen."""
    found = Trail.objects.filter(event__startswith="vault_").order_by("id")
    of = dict(TrailSubjects.objects.values_list("trail_id", "record_ids"))
    return [(one.event, of[one.pk], one.number_seen, one.job) for one in found]


@pytest.fixture
def batch(db: None) -> Batch:
    """In the transaction of the test."""
    return a_batch()


def test_what_is_laid_down_is_kept_at_the_end_with_one_row(batch: Batch) -> None:
    for subject_id in range(1, 4):
        batch.put(place(subject_id), NUMBERS[subject_id], NOTICE)
    assert trailed() == []
    batch.write()
    assert trailed() == [("vault_put", [place(one) for one in (1, 2, 3)], False, JOB)]
    assert numbers.get(of_the_import(), place(2)) == NUMBERS[2]
    (found,) = acquisitions(of_the_import(), place(2))
    assert (found.acquired, found.job) == (NOTICE, JOB)


def test_where_nothing_was_laid_or_found_nothing_is_written(batch: Batch) -> None:
    batch.write()
    assert trailed() == []


def test_the_numbers_of_many_come_out_with_one_row_that_names_them_all(batch: Batch) -> None:
    held = put(3)
    stranger = uuid4()
    given = batch.numbers_of([*held, stranger, stranger])
    assert given == held
    assert trailed()[-1] == ("vault_get", sorted([*held, stranger]), True, JOB)
    assert len(trailed()) == 2, "one that put them in, one that took them out"


def test_of_nobody_nothing_is_asked(batch: Batch) -> None:
    assert batch.numbers_of([]) == {}
    assert trailed() == []


def test_what_was_laid_down_is_given_before_it_is_written(batch: Batch) -> None:
    batch.put(place(1), NUMBERS[0], NOTICE)
    assert batch.numbers_of([place(1)]) == {place(1): NUMBERS[0]}
    assert batch.holders(NUMBERS[0]) == {place(1): False}
    assert batch.holds(place(1))


def test_whose_a_number_is_or_was_is_asked_with_one_row_and_named_at_the_end(
    batch: Batch,
) -> None:
    ((changed, first),) = put(1).items()
    numbers.put(of_the_import(), {changed: NUMBERS[4]}, IMPORTED)
    before = len(trailed())
    assert batch.holders(first) == {changed: True}, "it was, and is no longer"
    assert batch.holders(NUMBERS[4]) == {changed: False}
    assert batch.holders(NUMBERS[3]) == {}
    batch.write()
    batch.write()
    assert trailed()[before:] == [
        ("vault_find", [], False, JOB),
        ("vault_found", [changed], False, JOB),
    ]


def test_another_number_leaves_the_one_before_behind(batch: Batch) -> None:
    batch.put(place(1), NUMBERS[0], NOTICE)
    batch.write()
    batch.put(place(1), NUMBERS[1], NOTICE)
    batch.write()
    assert numbers.whose(of_the_import(), NUMBERS[0]) == numbers.Whose(before=(place(1),))
    assert batch.numbers_of([place(1)]) == {place(1): NUMBERS[1]}


def test_of_two_numbers_of_one_batch_the_first_is_a_former_one(batch: Batch) -> None:
    for number in NUMBERS[:2]:
        batch.put(place(1), number, NOTICE)
    assert batch.holders(NUMBERS[0]) == {place(1): True}
    batch.write()
    assert numbers.whose(of_the_import(), NUMBERS[0]) == numbers.Whose(before=(place(1),))
    assert len(numbers.former(of_the_import(), place(1))) == 1


def test_what_is_laid_down_in_the_place_of_another_number_makes_that_a_former_one(
    batch: Batch,
) -> None:
    ((record_id, number),) = put(1).items()
    batch.put(record_id, NUMBERS[0], NOTICE)
    assert batch.holders(number) == {record_id: True}
    assert batch.holders(NUMBERS[0]) == {record_id: False}
    batch.write()
    assert batch.holders(number) == {record_id: True}


def test_a_former_number_that_is_laid_down_again_is_the_present_one(batch: Batch) -> None:
    ((record_id, number),) = put(1).items()
    for one in (NUMBERS[0], number):
        batch.put(record_id, one, NOTICE)
    assert batch.holders(number) == {record_id: False}
    batch.write()
    assert batch.holders(number) == {record_id: False}
    assert batch.holders(NUMBERS[0]) == {record_id: True}


def test_of_a_batch_that_is_rolled_back_nothing_stays(db: None) -> None:
    with transaction.atomic():
        batch = a_batch()
        batch.put(place(1), NUMBERS[0], NOTICE)
        batch.holders(NUMBERS[0])
        batch.write()
        assert len(trailed()) == 2
        transaction.set_rollback(True)
    assert trailed() == []
    assert numbers.find(of_the_import(), NUMBERS[0]) == ()


@pytest.mark.durable
def test_outside_a_transaction_nothing_is_asked(durable: str, own_file: Path) -> None:
    batch = a_batch()
    batch.put(place(1), NUMBERS[0], NOTICE)
    for step in (
        batch.write,
        batch.ring,
        lambda: batch.holders(NUMBERS[0]),
        lambda: batch.numbers_of([place(1)]),
    ):
        with pytest.raises(AssertionError, match="transaction"):
            step()


def test_a_job_that_sees_no_number_opens_nothing(db: None) -> None:
    with pytest.raises(AssertionError, match="does not see"):
        a_batch("daily_closing")


def test_a_person_asks_for_numbers_one_by_one(cast: Cast) -> None:
    given = permit(cast.clerk.acting(), "certificate.individual_number", clock.today())
    with pytest.raises(AssertionError, match="one by one"):
        Batch(given)


# --- keys, tampering, and who asks at the same time -----------------------------------------------


def _still_has(ring: custody.Ring) -> None:
    """As in a process that has read its keys before they were changed."""
    custody.ring()
    (where,) = custody._rings
    custody._rings[where] = ring


@pytest.mark.durable
def test_keys_that_changed_since_the_process_read_them_are_read_again(
    durable: str, own_file: Path
) -> None:
    held = put(2)
    stale = custody.ring()
    rekeying.make(of_the_keys(), "file")
    rekeying.change(of_the_keys(), quiet)
    rekeying.retire(of_the_keys(), 1, "system")
    _still_has(stale)
    with transaction.atomic():
        batch = a_batch()
        assert batch.numbers_of(list(held)) == held
        assert batch.ring().current == 2
        batch.put(place(1), NUMBERS[0], NOTICE)
        batch.write()
    assert numbers.get(of_the_import(), place(1)) == NUMBERS[0]


@pytest.mark.durable
def test_a_change_of_keys_waits_for_a_batch_that_has_begun(durable: str, own_file: Path) -> None:
    held = put(2)
    rekeying.make(of_the_keys(), "file")
    with ThreadPoolExecutor(1) as beside:
        with transaction.atomic():
            batch = a_batch()
            assert batch.numbers_of(list(held)) == held
            changing = beside.submit(alone, lambda: rekeying.change(of_the_keys(), quiet))
            until_it_waits(durable, changing)
            for record_id, number in held.items():
                assert batch.holders(number) == {record_id: False}
            batch.put(place(1), NUMBERS[0], NOTICE)
            batch.write()
        assert changing.result(SECONDS_MOST).left_count == 0
    with transaction.atomic():
        assert a_batch().numbers_of([place(1), *held]) == {place(1): NUMBERS[0], **held}


@pytest.mark.durable
def test_without_keys_the_batch_says_so(durable: str, own_file: Path) -> None:
    put(1)
    own_file.unlink()
    custody.forget()
    with pytest.raises(KeyTrouble), transaction.atomic():
        a_batch().holders(NUMBERS[0])


@pytest.mark.durable
def test_two_who_ask_for_one_number_do_not_both_find_it_free(durable: str, own_file: Path) -> None:
    put(1)

    def another() -> Mapping[UUID, bool]:
        with transaction.atomic():
            return a_batch().holders(NUMBERS[0])

    with ThreadPoolExecutor(1) as beside:
        with transaction.atomic():
            batch = a_batch()
            assert not batch.holders(NUMBERS[0])
            asked = beside.submit(alone, another)
            until_it_waits(durable, asked)
            batch.put(place(1), NUMBERS[0], NOTICE)
            batch.write()
        assert asked.result(SECONDS_MOST) == {place(1): False}


@pytest.mark.durable
def test_ciphertexts_that_somebody_has_exchanged_are_found(durable: str, own_file: Path) -> None:
    one, other = put(2)
    with as_superuser(durable) as superuser:
        superuser.execute(
            "UPDATE vault.number n SET ciphertext = o.ciphertext FROM vault.number o"
            " WHERE n.record_id <> o.record_id"
        )
    for named in ([one], [one, other]):
        with pytest.raises(numbers.InvalidTag), transaction.atomic():
            a_batch().numbers_of(named)

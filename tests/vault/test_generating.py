"""個人番号とすべき番号の生成 (番号法8条2項): from the code, never back to it, each given once."""

import base64
import json
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from django.db import transaction

from daicho.law.safety.acquiring import IMPORTED
from daicho.terms.numbers import parse_individual_number, resident_record_code_check_digit
from daicho.vault import generating, keys, numbers, rekeying, sealing
from daicho.vault.acquiring import acquisitions
from daicho.vault.batches import Batch
from daicho.vault.custody import Ring
from daicho.vault.generating import MADE, number_made
from vault.at_once import SECONDS_MOST, alone, until_it_waits
from vault.made_up import made_up, of_the_import, of_the_keys, quiet
from vault.test_batches import a_batch, place, trailed

JOB = "number_making"
MANY = 10_000


def code(count: int) -> str:
    body = f"{1_234_500_000 + count}"
    return body + resident_record_code_check_digit(body)


def made(record_id: UUID, of: str, *, anew: bool = False) -> str:
    """Made in a transaction of its own."""
    with transaction.atomic():
        batch = a_batch(JOB)
        number = number_made(batch, record_id, of, anew)
        batch.write()
    return number


def test_asked_twice_it_is_the_same_number(db: None) -> None:
    number = made(place(1), code(1))
    assert parse_individual_number(number) == number
    assert made(place(1), code(1)) == number
    assert numbers.get(of_the_import(), place(1)) == number
    assert [one.acquired for one in acquisitions(of_the_import(), place(1))] == [MADE]


def test_asked_twice_in_one_batch_it_is_the_same_number(db: None) -> None:
    with transaction.atomic():
        batch = a_batch(JOB)
        asked = {number_made(batch, place(1), code(1), False) for _ in range(2)}
        batch.write()
    assert len(asked) == 1
    assert [event for event, *_ in trailed()].count("vault_put") == 1


def test_whoever_has_a_number_keeps_it(db: None) -> None:
    """Made by another program, or before the keys were changed."""
    ((record_id, number),) = made_up(1).items()
    numbers.put(of_the_import(), {record_id: number}, IMPORTED)
    assert made(record_id, code(1)) == number


def test_anew_it_is_another_and_the_first_is_never_given_again(db: None) -> None:
    first = made(place(1), code(1))
    second = made(place(1), code(1), anew=True)
    third = made(place(1), code(1), anew=True)
    assert len({first, second, third}) == 3
    assert made(place(1), code(1)) == third
    assert numbers.whose(of_the_import(), first) == numbers.Whose(before=(place(1),))
    assert numbers.whose(of_the_import(), second) == numbers.Whose(before=(place(1),))
    assert made(place(2), code(1)) not in {first, second, third}, "of two with one code neither"


def test_a_number_that_is_another_persons_is_not_given(db: None) -> None:
    with transaction.atomic():
        batch = a_batch(JOB)
        would_be = generating._candidate(batch.ring(), code(1), 0)
        batch.put(place(9), would_be, MADE)
        here = number_made(batch, place(1), code(1), False)
        batch.write()
    assert here != would_be
    assert made(place(2), code(1)) not in {here, would_be}


@pytest.fixture
def ring(tmp_path: Path) -> Ring:
    """A key that is always the same: of 10^11 numbers, 10,000 of another might meet."""
    key = {"1": base64.b64encode(bytes(range(32))).decode()}
    file = tmp_path / "keys.json"
    file.write_text(json.dumps({"current": 1, "encrypt": key, "index": key}), "ascii")
    file.chmod(0o600)
    return _ring_of(file)


def _ring_of(file: Path) -> Ring:
    keeper = keys.KeyFile(file)
    return Ring(1, {1: keeper}, keeper.versions())


def test_made_by_the_thousand_they_are_right_and_no_two_alike(ring: Ring) -> None:
    found = [generating._candidate(ring, code(one), 0) for one in range(MANY)]
    assert [parse_individual_number(one) for one in found] == found, "each has its check digit"
    assert len(set(found)) == MANY


def test_the_order_of_the_codes_is_not_that_of_the_numbers(ring: Ring) -> None:
    found = [generating._candidate(ring, code(one), 0) for one in range(MANY)]
    rising = sum(one < next_ for one, next_ in pairwise(found))
    assert abs(rising - MANY / 2) < MANY / 20, "who has a number learns nothing of the code"
    assert not any(code(one)[:6] in number for one, number in enumerate(found[:100]))


def test_the_key_decides(tmp_path: Path) -> None:
    rings = []
    for name in ("one", "other"):
        file = tmp_path / f"{name}.json"
        keys.create(file)
        rings.append(_ring_of(file))
    one, other = ({generating._candidate(it, code(n), 0) for n in range(100)} for it in rings)
    assert not one & other, "without the key nobody makes them, nor tries the codes out"


def test_no_index_says_what_is_made_of_a_code(ring: Ring) -> None:
    """The same key makes the indexes: what it is asked for here is never a number."""
    number = generating._candidate(ring, code(1), 0)
    for told in (code(1), f"{code(1)}|0", number):
        index = int.from_bytes(sealing.blind(ring, ring.current, told))
        assert f"{index % 10**11:011d}" != number[:11]


def test_many_are_made_with_one_row_for_each_way_of_use(db: None) -> None:
    with transaction.atomic():
        batch = a_batch(JOB)
        given = [number_made(batch, place(one), code(one), False) for one in range(1, 101)]
        batch.write()
    assert len(set(given)) == 100
    assert [event for event, *_ in trailed()] == ["vault_find", "vault_put"]
    assert {job for *_, job in trailed()} == {JOB}
    (*_, (_, named, *_)) = trailed()
    assert sorted(named) == [place(one) for one in range(1, 101)]


@pytest.mark.durable
def test_when_the_key_changes_in_the_middle_nobody_is_given_a_second_number(
    durable: str, own_file: Path
) -> None:
    first, second = made(place(1), code(1)), made(place(2), code(2), anew=True)
    rekeying.make(of_the_keys(), "file")
    rekeying.promote(of_the_keys())
    assert [made(place(1), code(1)), made(place(2), code(2))] == [first, second]
    third = made(place(3), code(1))
    rekeying.change(of_the_keys(), quiet)
    rekeying.retire(of_the_keys(), 1, "system")
    assert [made(place(one), code(1)) for one in (1, 3)] == [first, third]
    anew = made(place(1), code(1), anew=True)
    assert anew not in {first, second, third}
    assert numbers.whose(of_the_import(), first) == numbers.Whose(before=(place(1),))


@pytest.mark.durable
def test_two_who_make_one_at_once_make_two_different_ones(durable: str, own_file: Path) -> None:
    made(place(9), code(9))
    with ThreadPoolExecutor(1) as beside:
        with transaction.atomic():
            batch: Batch = a_batch(JOB)
            here = number_made(batch, place(1), code(1), False)
            there = beside.submit(alone, lambda: made(place(2), code(1)))
            until_it_waits(durable, there)
            batch.write()
        assert there.result(SECONDS_MOST) != here


@pytest.mark.durable
def test_two_who_make_that_of_one_person_at_once_make_one(durable: str, own_file: Path) -> None:
    made(place(9), code(9))
    record_id = uuid4()
    with ThreadPoolExecutor(1) as beside:
        with transaction.atomic():
            batch = a_batch(JOB)
            here = number_made(batch, record_id, code(1), False)
            there = beside.submit(alone, lambda: made(record_id, code(1)))
            until_it_waits(durable, there)
            batch.write()
        assert there.result(SECONDS_MOST) == here
    assert numbers.former(of_the_import(), record_id) == ()

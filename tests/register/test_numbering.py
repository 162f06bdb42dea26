"""A new 宛名番号 is one that nobody has, with its check digit, whoever asks at the same moment."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.db import connection
from pytest_django import DjangoAssertNumQueries

import town
from daicho.register import numbering
from daicho.terms import numbers
from register.conftest import Import


def _new_address_number() -> str:
    return numbering.new_numbers(1, 0).people[0]


def _new_household_number() -> str:
    return numbering.new_numbers(0, 1).households[0]


def _new(_clerk: int) -> str:
    try:
        return _new_address_number()
    finally:
        connection.close()


@pytest.mark.durable
def test_clerks_at_once_get_different_numbers(durable: str) -> None:
    with ThreadPoolExecutor(8) as clerks:
        given = list(clerks.map(_new, range(60)))
    assert len(set(given)) == 60
    assert all(numbers.has_check_digit(number) and len(number) == 15 for number in given)


@pytest.mark.django_db
def test_numbers_that_an_import_brought_are_passed_over(take_over: Import, tmp_path: Path) -> None:
    person = _after(_new_address_number())
    household = _after(_new_household_number())
    line = town.hanako(address_number=person.number, household_number=household.number)
    _, faults = take_over(town.write(tmp_path, [line]))
    assert faults == set()
    assert _new_address_number() == _after(person.number).number
    assert _new_household_number() == _after(household.number).number


@pytest.mark.django_db
def test_a_number_is_taken_whatever_zeros_stand_before_it(
    take_over: Import, tmp_path: Path
) -> None:
    person = _after(_new_address_number())
    household = _after(_new_household_number())
    own = {"address_number": person.number[-10:], "household_number": household.number[-10:]}
    _, faults = take_over(town.write(tmp_path, [town.hanako(**own)]))
    assert faults == set()
    given = _new_address_number(), _new_household_number()
    assert int(given[0]) > int(person.number)
    assert int(given[1]) > int(household.number)
    assert [len(one) for one in given] == [10, 10], "the width that the town has in use"


@pytest.mark.django_db
def test_an_import_leaves_no_crowd_of_numbers_before_the_next_one(
    take_over: Import, tmp_path: Path, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    people = _near_far_and_out_of_sight(_new_address_number())
    households = _near_far_and_out_of_sight(_new_household_number())
    lines = [
        town.hanako(
            address_number=person.number, household_number=household.number, **_WITHOUT_NUMBERS
        )
        for person, household in zip(people, households, strict=True)
    ]
    _, faults = take_over(town.write(tmp_path, lines))
    assert faults == set()
    # two statements, and two more for each running part in a row that has no check digit
    with django_assert_max_num_queries(6):
        given = numbering.new_numbers(1, 1)
    assert given.people == (_after(people[1].number).number,)
    assert given.households == (_after(households[1].number).number,)


@pytest.mark.django_db
def test_forty_persons_are_numbered_together(
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    # two statements; two more for the few running parts that have no check digit, and for theirs
    with django_assert_max_num_queries(8):
        given = numbering.new_numbers(40, 1)
    assert len({*given.people}) == 40
    assert len(given.households) == 1


def _after(number: str) -> numbers.NewNumber:
    """The number that comes next, as the program reckons it."""
    return numbers.next_number(int(number[:-1]), length=15)


_WITHOUT_NUMBERS = {"resident_record_code": "", "individual_number": ""}


def _near_far_and_out_of_sight(number: str) -> list[numbers.NewNumber]:
    near = int(number[:-1])
    far = near + numbering.BEYOND_MOST // 10_000
    parts = (near, far, near + 2 * numbering.BEYOND_MOST)
    return [numbers.next_number(one, length=15) for one in parts]

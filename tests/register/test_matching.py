"""照合: names meet across variants, numbers as they stand now, and no table is read through."""

import dataclasses
from uuid import UUID, uuid4

import pytest
from django.db import connection

from daicho.register import matching
from daicho.register.matching import Asked, Match
from daicho.terms.records import Record, from_row
from register.counter import record_id
from register.entering import maria, umeko

pytestmark = pytest.mark.django_db

ALL = frozenset(matching.WAYS)


@pytest.fixture
def nabe(few_live_here: None) -> UUID:
    """渡邉 恵 of the town."""
    return record_id("000000000000124")


def _nabe(**cells: str) -> Record:
    own = {"family_name": "渡邉", "given_name": "恵", "born_on": "1972-02-29", "sex": "2"}
    numbers = {"resident_record_code": "", "address_number": "000000000000167"}
    return from_row(umeko(**{**own, **numbers, **cells}))


def _found(*records: Record, ways: frozenset[str] = ALL) -> tuple[Match, ...]:
    found = matching.find([Asked(one, ways) for one in records])
    assert found.keys() == {one.record_id for one in records}
    return found[records[-1].record_id]


@pytest.mark.parametrize(
    ("cells", "by", "because"),
    [
        ({}, ("three_items",), "the same letters"),
        ({"family_name": "渡邊"}, ("three_items",), "a variant of the letter"),
        ({"family_name": "渡辺"}, ("three_items",), "the letter of everyday use"),
        ({"family_name": "旧姓"}, (), "旧氏 is no 氏名"),
        ({"given_name": "恵子"}, (), "longer by a letter"),
        ({"born_on": "1972-02-28"}, (), "another day"),
        ({"born_on": "year_only:S47"}, (), "a day that is not known is not the same"),
        ({"sex": "1"}, (), "another sex"),
        ({"address_number": "000000000000124"}, ("three_items", "address_number"), "her number"),
    ],
)
def test_three_items_are_compared_as_a_search_does(
    nabe: UUID, cells: dict[str, str], by: tuple[str, ...], because: str
) -> None:
    found = _found(_nabe(**cells))
    expected = [Match(nabe, by, forced=False, is_living=True)] if by else []
    assert list(found) == expected, because


def test_a_name_of_before_is_not_the_name(nabe: UUID) -> None:
    before = _nabe(family_name="前姓", given_name="花子", born_on="1985-05-05")
    now = _nabe(family_name="架空", given_name="花子", born_on="1985-05-05")
    assert _found(before) == ()
    assert [one.by for one in _found(now)] == [("three_items",)]


def test_a_day_that_nobody_knows_matches_the_same_entry(nabe: UUID) -> None:
    unsure = _nabe(family_name="架空", given_name="不詳", born_on="year_only:S25")
    assert [one.record_id for one in _found(unsure)] == [record_id("000000000000132")]


def test_a_closed_record_is_told_from_a_residents(nabe: UUID) -> None:
    gone = _nabe(family_name="架空", given_name="去", born_on="1990-09-09")
    away = record_id("000000000000140")
    assert _found(gone) == (Match(away, ("three_items",), forced=False, is_living=False),)


def test_a_foreign_name_and_a_card_meet(nabe: UUID) -> None:
    mary = record_id("000000000000159")
    hers = from_row(
        maria(
            roman_name="Mary  MADEUP",
            born_on="1993-03-03",
            resident_record_code="",
            address_number="000000000000167",
            residence_card_number="AB12345678CD",
        )
    )
    assert _found(hers) == (
        Match(mary, ("card_number", "three_items"), forced=False, is_living=True),
    )


def test_who_holds_the_number_typed_matches_whatever_the_name(nabe: UUID) -> None:
    away = record_id("000000000000140")
    other = _nabe(given_name="別人")
    found = matching.find([Asked(other, ALL, holders=(away, other.record_id))])
    by_number = Match(away, ("individual_number",), forced=True, is_living=False)
    assert found[other.record_id] == (by_number,), "one's own record is no match"


def test_several_who_enter_are_answered_apart(nabe: UUID) -> None:
    nobody = _nabe(given_name="別人")
    assert _found(_nabe(), nobody) == ()
    assert _found(nobody, _nabe(), ways=frozenset({"three_items"})) != ()
    assert matching.find([]) == {}


def test_the_search_keys_are_never_read_through(nabe: UUID) -> None:
    explained: list[str] = []

    def explain(execute, sql, params, many, context):  # type: ignore[no-untyped-def]  # as Django calls it
        if "register_searchkey" in sql and not sql.startswith("EXPLAIN"):
            with connection.cursor() as cursor:
                # in a town of a few persons, to read all of it is what costs least
                cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_indexscan = off")
                cursor.execute(f"EXPLAIN {sql}", params)
                explained.extend(line for (line,) in cursor.fetchall())
        return execute(sql, params, many, context)

    record = dataclasses.replace(_nabe(), record_id=uuid4(), resident_record_code="12345678903")
    with connection.execute_wrapper(explain):
        _found(record)
    assert [one for one in explained if "search_tokens" in one]
    assert not [one for one in explained if "Seq Scan" in one]

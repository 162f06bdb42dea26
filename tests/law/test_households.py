"""households.judge: that it asks each rule where the members give reason to."""

from dataclasses import replace
from datetime import date
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daicho.law.entries import Source
from daicho.law.households import HouseholdMember, judge, member_of
from daicho.terms.dates import RegisterDate, certain
from daicho.terms.records import from_row

ON = date(2026, 4, 1)


def _member(relationship: str, year: int, position: int, **more: Any) -> HouseholdMember:
    own = "台帳　太郎" if relationship == "世帯主" else f"台帳　{position}"
    values: dict[str, Any] = {
        "names": (own,),
        "relationship": relationship,
        "householder_name": "台帳　太郎",
        "address": "東京都千代田区一番町１番地",
        "born_on": certain(date(year, 5, 1)),
        "position": position,
        "registered_domicile": "東京都千代田区一番町１番地",
        "family_register_head": "台帳　太郎",
    }
    return HouseholdMember(**values | more)


HEAD, WIFE = _member("世帯主", 1980, 1, sex="1"), _member("妻", 1982, 2, sex="2")
CHILD, GRANDMOTHER = _member("子", 2012, 3), _member("父の母", 1930, 5)
FATHER = _member("父", 1955, 4, sex="1")
FAMILY = (HEAD, WIFE, CHILD, FATHER, GRANDMOTHER)


def _codes(*members: HouseholdMember, on: date = ON, source: Source = "counter") -> list[str]:
    return [one.code for one in judge(members, on=on, source=source)]


def test_an_ordinary_household_is_without_finding_in_any_order() -> None:
    assert {tuple(_codes(*order)) for order in permutations(FAMILY)} == {()}
    assert _codes() == []


@pytest.mark.parametrize(
    ("members", "code"),
    [
        ((HEAD, _member("世帯主", 1981, 2)), "brra7.two_householders"),
        ((WIFE, CHILD), "std1-1-10.no_householder"),
        ((HEAD, WIFE, _member("妻（未届）", 1985, 3)), "std11-1.two_spouses"),
        ((HEAD, replace(WIFE, address="東京都千代田区二番町１番地")), "std11-1.two_addresses"),
        ((HEAD, replace(WIFE, building="台帳荘１０１")), "std11-1.two_buildings"),
        ((HEAD, replace(WIFE, householder_name="台帳　一郎")), "std1-2-1.householder_names"),
        ((HEAD, WIFE, _member("子", 1990, 3)), "std11-1.parent_age"),
        ((HEAD, _member("父", 1970, 2)), "std11-1.parent_age"),
        ((HEAD, _member("父", 1950, 2), _member("父の母", 1949, 3)), "std11-1.parent_age"),
        ((HEAD, WIFE, _member("子", 2000, 3), _member("子の子", 2010, 4)), "std11-1.parent_age"),
        ((HEAD, _member("妻", 2010, 2, sex="2")), "std11-1.spouse_age"),
        ((_member("世帯主", 2009, 1), WIFE), "std11-1.spouse_age"),
        ((HEAD, replace(WIFE, registered_domicile="大阪府")), "brra7.family_registers_differ"),
        ((_member("世帯主", 2009, 1), _member("妹", 2011, 2)), "std11-1.minors_only"),
        ((HEAD, replace(WIFE, position=1)), "std5-2.position_twice"),
    ],
)
def test_a_household_is_asked_every_rule(members: tuple[HouseholdMember, ...], code: str) -> None:
    assert _codes(*members) == [code]


def test_a_grandchild_may_be_of_the_elder_of_two_children() -> None:
    children = (_member("子", 2004, 3), _member("子", 2018, 4))
    assert _codes(HEAD, WIFE, *children, _member("子の子", 2024, 5)) == []


def test_a_couple_without_marriage_or_of_two_nationalities_has_two_registers() -> None:
    unmarried = replace(WIFE, relationship="妻（未届）", registered_domicile="大阪府")
    foreign = replace(WIFE, registered_domicile="", family_register_head="")
    assert _codes(HEAD, unmarried) == _codes(HEAD, foreign) == []


def test_an_uncertain_birth_gives_no_finding_on_age() -> None:
    about = RegisterDate("about_year", "R", 2)
    assert _codes(replace(HEAD, born_on=about), replace(FATHER, born_on=about)) == []


def test_a_word_that_is_no_relationship_is_left_to_the_reader() -> None:
    assert _codes(HEAD, replace(CHILD, relationship="長男")) == []


def test_an_imported_household_is_refused_for_two_householders_alone() -> None:
    second = _member("世帯主", 1981, 2)
    refused = [one.refuses for one in judge((HEAD, second), on=ON, source="migration")]
    assert refused == [True]
    moved = replace(WIFE, address="別の住所")
    assert [one.refuses for one in judge((HEAD, moved), on=ON, source="migration")] == [False]
    assert _codes(HEAD, _member("妻", 2010, 2, sex="2"), source="migration") == []


def test_a_foreign_householder_is_named_by_the_common_name_too() -> None:
    record = from_row(
        {
            "record_id": "7d9b9a70-3f0c-4d6e-9c58-0d4a5f1f2a01",
            "resident_class": "foreign",
            "roman_name": "KIM YONG",
            "common_name": "山田",
            "relationship": "世帯主",
            "householder_name": "山田",
            "address_town": "一番町",
            "address_building": "台帳荘",
        }
    )
    member = member_of(record)
    assert (member.address, member.building) == ("一番町", "台帳荘")
    other = HouseholdMember(
        names=("PARK",),
        relationship="妻",
        householder_name="山田",
        address="一番町",
        building="台帳荘",
    )
    assert _codes(member, other) == []


_MEMBERS = st.builds(
    HouseholdMember,
    names=st.just(("台帳",)),
    relationship=st.sampled_from(
        ["", "世帯主", "妻", "夫", "子", "子の子", "父", "長男", "同居人"]
    ),
    householder_name=st.sampled_from(["", "台帳", "別人"]),
    address=st.sampled_from(["", "一番町", "二番町"]),
    born_on=st.one_of(st.none(), st.dates(date(1900, 1, 1), date(2026, 1, 1)).map(certain)),
    sex=st.sampled_from(["", "1", "2"]),
    position=st.one_of(st.none(), st.integers(1, 3)),
)


@given(members=st.lists(_MEMBERS, max_size=6), on=st.dates(date(1950, 1, 1), date(2030, 1, 1)))
def test_judging_a_household_never_fails(members: list[HouseholdMember], on: date) -> None:
    found = judge(members, on=on)
    assert len(judge(members, on=on, source="migration")) <= len(found)
    assert bool(members) or not found

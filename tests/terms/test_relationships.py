"""続柄と世帯員の並び順: the vocabulary of 1.1.11 and the order of 5.2."""

from collections import Counter
from dataclasses import replace
from datetime import date
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daicho.terms.households import Member, household_order, ranked
from daicho.terms.malformed import Malformed
from daicho.terms.records import ITEMS
from daicho.terms.relationships import (
    _TABLE,
    GENERATIONS_MAX,
    LENGTH_MAX,
    Kin,
    Relationship,
    parse,
)

CHAINED = [
    *("夫", "妻", "夫（未届）", "妻（未届）", "子", "子（子の夫）", "子（子の妻）"),
    *("父", "母", "兄", "姉", "弟", "妹"),
]

KINDS = [
    ("世帯主", Kin.HOUSEHOLDER),
    ("妻", Kin.SPOUSE),
    ("夫（未届）", Kin.SPOUSE),
    ("子", Kin.CHILD),
    ("子（子の妻）", Kin.CHILD),
    ("母", Kin.PARENT),
    ("弟", Kin.SIBLING),
    ("父の母", Kin.GRANDPARENT),
    ("子の子", Kin.RELATIVE),
    ("妻の父", Kin.RELATIVE),
    ("父の父の父", Kin.RELATIVE),
    ("縁故者", Kin.CONNECTED),
    ("同居人", Kin.LODGER),
]

REFUSED = [
    ("孫", "relationship.forbidden_word", "「子の子」", "実装しない機能"),
    ("祖父", "relationship.forbidden_word", "「父の父」", "実装しない機能"),
    ("おば", "relationship.forbidden_word", "「父の姉」", "実装しない機能"),
    ("甥", "relationship.forbidden_word", "「兄の子」", "実装しない機能"),
    ("家事使用人", "relationship.forbidden_word", "「同居人」", "実装しない機能"),
    ("準世帯主", "relationship.forbidden_word", "「世帯主」", "実装しない機能"),
    ("長男", "relationship.forbidden_word", "「子」", "every child is 子"),
    ("妻の長女", "relationship.forbidden_word", "「子」", "a forbidden word inside a chain"),
    ("子の婿", "relationship.forbidden_word", "「子の夫」", "the whole chain has a term"),
    ("子の子の子の子の子", "relationship.too_long", "縁故者", "５世代以上は縁故者"),
    ("の" * 41, "relationship.too_many_characters", "40字", "more than the item holds"),
    ("（" * 1_000_000, "relationship.too_many_characters", "40字", "not even taken apart"),
    ("の" * 40, "relationship.unknown_word", "子", "as long as the item, but no words"),
    ("世帯主の子", "relationship.not_chained", "「の」", "① is no word of ②"),
    ("同居人の子", "relationship.not_chained", "「の」", "⑤ is no word of ②"),
    ("友人", "relationship.unknown_word", "子", "outside ①–⑤"),
    ("子の", "relationship.unknown_word", "子", "nothing after の"),
    ("", "relationship.blank", "空欄", "nothing typed"),
    ("　", "relationship.blank", "空欄", "only a space"),
]


@given(st.lists(st.sampled_from(CHAINED), min_size=1, max_size=GENERATIONS_MAX))
def test_every_chain_of_four_words_or_fewer_is_read_back(words: list[str]) -> None:
    relationship = Relationship(tuple(words))
    assert parse(relationship.text) == relationship
    assert relationship.text == "の".join(words)


@given(st.lists(st.sampled_from(CHAINED), min_size=GENERATIONS_MAX + 1, max_size=7))
def test_no_longer_chain_is_read(words: list[str]) -> None:
    with pytest.raises(Malformed, match="縁故者"):
        parse("の".join(words))


@pytest.mark.parametrize(("text", "kin"), KINDS)
def test_a_relationship_says_what_the_order_asks(text: str, kin: Kin) -> None:
    assert parse(text).kin is kin


@pytest.mark.parametrize(("text", "code", "remedy", "because"), REFUSED)
def test_other_words_are_refused_with_a_remedy(
    text: str, code: str, remedy: str, because: str
) -> None:
    with pytest.raises(Malformed) as refusal:
        parse(text)
    assert refusal.value.code == code, because
    assert remedy in refusal.value.message, because


def test_what_is_read_is_as_long_as_the_item() -> None:
    (item,) = (one for one in ITEMS if one.column == "relationship")
    assert item.chars_max == LENGTH_MAX


def test_half_width_brackets_and_spaces_are_forgiven() -> None:
    assert parse(" 妻(未届) の子").text == "妻（未届）の子"


def test_a_relationship_grows_by_a_word() -> None:
    assert parse("子").of("妻").text == "子の妻"
    with pytest.raises(Malformed, match="縁故者"):
        parse("子の子の子の子").of("妻")


def member(line: str, position: int | None = None) -> Member:
    """`続柄 生年 [筆]`: one member; the place in the list gives the 宛名番号 unless `#n` does."""
    text, year, *marks = line.split()
    numbers = [mark[1:] for mark in marks if mark.startswith("#")]
    families = [mark[1:] for mark in marks if mark.startswith("@")]
    return Member(
        relationship=None if text == "-" else parse(text),
        born_on=None if year == "?" else date(int(year), 1, 1),
        address_number=numbers[0] if numbers else f"{year}{len(text)}",
        heads_family_register="筆" in marks,
        position=position,
        family=families[0] if families else "",
    )


HOUSEHOLDS = [
    ("第1順位", ["世帯主 1980", "妻 1985", "子 2010", "子 2012"]),
    ("the elder spouse does not come first", ["世帯主 1990", "夫 1960", "子 2015"]),
    ("no birth date: the address number decides", ["世帯主 1980", "子 2010 #18", "子 2010 #109"]),
    ("unknown birth comes after known ones", ["世帯主 1980", "子 2012", "子 ?"]),
    (
        "a child with a family leaves 1-3 for the second rank, though the eldest",
        [
            "世帯主 1950",
            "妻 1952",
            "子 1985",
            "子 1975",
            "子の妻 1976",
            "子の子 2003",
            "子の子 2005",
        ],
    ),
    (
        "two families of children stand by the birth of the child; the 戸籍 tells whose is whose",
        [
            "世帯主 1945",
            "子 1970 @a",
            "子の妻 1975 @a",
            "子の子 2004 @a",
            "子 1972 @b",
            "子の妻 1971 @b",
            "子の子 2000 @b",
        ],
    ),
    (
        "without a 戸籍 each spouse goes to the eldest child still without one",
        ["世帯主 1945", "子 1970", "子の妻 1971", "子 1972", "子の妻 1975"],
    ),
    (
        "an adopted child who is a child's husband stands as that child's spouse",
        ["世帯主 1945", "子 1972", "子（子の夫） 1970", "子の子 2000"],
    ),
    (
        "a family within the family: the grandchild's wife and child follow the grandchild",
        [
            "世帯主 1930",
            "子 1955",
            "子の妻 1956",
            "子の子 1980",
            "子の子の妻 1981",
            "子の子の子 2008",
            "子の子 1983",
        ],
    ),
    (
        "a grandchild whose parent is away is of the second rank",
        ["世帯主 1950", "子の子 2005", "父 1925"],
    ),
    (
        "第3順位",
        ["世帯主 1980", "妻 1982", "父 1950", "母 1952", "姉 1975", "弟 1985", "父の父 1920"],
    ),
    ("筆頭者 first among parents", ["世帯主 1980", "母 1955 筆", "父 1950"]),
    ("筆頭者 first among grandparents", ["世帯主 1980", "父の母 1930 筆", "父の父 1925"]),
    (
        "a brother with a family of his own is of the fourth rank with it",
        ["世帯主 1980", "弟 1985", "兄 1975", "兄の妻 1976", "兄の子 2005"],
    ),
    (
        "the spouse's side is of the fourth rank in the order of the third",
        [
            "世帯主 1980",
            "妻 1981",
            "父の母 1925",
            "妻の父 1955",
            "妻の母 1956",
            "妻の兄 1975",
            "妻の弟 1985",
            "妻の父の父 1925",
        ],
    ),
    (
        "例２ twins by address number",
        ["世帯主 1980", "妻 1981", "妻の兄 1975 #12", "妻の姉 1975 #13"],
    ),
    (
        "other relatives by generation, then birth",
        ["世帯主 1980", "父の兄 1945", "妻の子 2003", "母の妹の子 1970"],
    ),
    (
        "a cousin follows the uncle who is here",
        ["世帯主 1980", "父の兄 1945", "父の兄の子 1970", "妻の子 1965"],
    ),
    ("親族, 縁故者, 同居人", ["世帯主 1980", "父の兄 1990", "縁故者 1940", "同居人 1930"]),
    (
        "a family among 縁故者 stands together",
        ["世帯主 1980", "縁故者 1940 @k", "縁故者 1970 @k", "縁故者 1950", "同居人 1930"],
    ),
    ("without 続柄 last: 世帯主未設定", ["子 2010", "同居人 1950", "- 1930"]),
]


@pytest.mark.parametrize(("because", "expected"), HOUSEHOLDS)
def test_a_new_household_stands_in_the_order_of_the_standard(
    because: str, expected: list[str]
) -> None:
    members = [member(line) for line in expected]
    for shuffled in (members[::-1], members[1::2] + members[::2], members[2:] + members[:2]):
        assert _lines(household_order(shuffled)) == _lines(members), because


def test_one_who_joins_later_stands_at_the_end() -> None:
    stored = [member("世帯主 1980", 1), member("同居人 1990", 2)]
    joined = [member("妻 1985"), member("子 2010")]
    assert household_order([joined[1], stored[1], joined[0], stored[0]]) == (*stored, *joined)


def test_a_stored_order_of_the_clerk_persists() -> None:
    stored = [member("子 2010", 1), member("世帯主 1980", 2), member("妻 1985", 4)]
    assert household_order(reversed(stored)) == tuple(stored)


def test_ranking_anew_disregards_the_stored_places() -> None:
    stored = [member("子 2010", 1), member("世帯主 1980", 2)]
    assert [one.position for one in ranked(stored)] == [2, 1]


members_drawn = st.builds(
    Member,
    relationship=st.none()
    | st.sampled_from(["世帯主", "同居人", "縁故者"]).map(parse)
    | st.lists(st.sampled_from(CHAINED), min_size=1, max_size=4).map(
        lambda w: Relationship(tuple(w))
    ),
    born_on=st.none() | st.dates(date(1900, 1, 1), date(2025, 1, 1)),
    address_number=st.integers(1, 10**14).map(str),
    heads_family_register=st.booleans(),
    position=st.none() | st.integers(1, 20),
    family=st.sampled_from(["", "a", "b"]),
)
households_drawn = st.lists(members_drawn, max_size=9, unique_by=lambda one: one.address_number)


@given(households_drawn, st.randoms())
def test_the_order_loses_nobody_and_does_not_depend_on_the_input(
    members: list[Member], random: Random
) -> None:
    ordered = household_order(members)
    assert Counter(ordered) == Counter(members)
    shuffled = list(members)
    random.shuffle(shuffled)
    assert household_order(shuffled) == ordered


@given(households_drawn)
def test_an_order_once_stored_is_given_back(members: list[Member]) -> None:
    stored = [replace(one, position=place) for place, one in enumerate(household_order(members), 1)]
    assert household_order(stored) == tuple(stored)


def _lines(members: list[Member] | tuple[Member, ...]) -> list[str]:
    return [
        f"{one.relationship.text if one.relationship else '-'} {one.born_on} #{one.address_number}"
        for one in members
    ]


@pytest.mark.parametrize("row", _TABLE["forbidden"], ids=lambda row: str(row["words"][0]))
def test_each_remedy_is_itself_a_relationship(row: dict[str, list[str]]) -> None:
    assert row["because"]
    assert row["cite"]
    assert row["checked_on"]
    assert all(parse(term).text == term for term in row["use"])
    for word in row["words"]:
        with pytest.raises(Malformed, match=row["use"][0]):
            parse(word)

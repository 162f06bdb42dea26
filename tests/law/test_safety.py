"""Halves of the fiscal year, kinds of operators, and posts that come only with a role."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daicho.law.purposes import POSTS, PURPOSES
from daicho.law.safety import designating, entering, giving, responsibles, reviewing

DAYS = st.dates(date(2002, 8, 5), date(2100, 12, 31))
TODAY = date(2026, 11, 22)


@given(on=DAYS)
def test_a_day_lies_in_its_half_and_in_no_other(on: date) -> None:
    half = reviewing.half_of(on)
    assert half.first_on <= on <= half.last_on
    assert reviewing.half(half.code) == half
    assert half.before.last_on == half.first_on - timedelta(days=1)
    assert reviewing.half_of(half.last_on + timedelta(days=1)).before == half


@pytest.mark.parametrize(
    ("on", "code", "name"),
    [
        (date(2026, 3, 31), "2025-2", "令和7年度下半期"),
        (date(2026, 4, 1), "2026-1", "令和8年度上半期"),
        (date(2026, 9, 30), "2026-1", "令和8年度上半期"),
        (date(2026, 10, 1), "2026-2", "令和8年度下半期"),
        (date(2019, 5, 1), "2019-1", "平成31年度上半期"),
        (date(2020, 1, 1), "2019-2", "平成31年度下半期"),
    ],
)
def test_a_half_is_named_by_the_year_in_which_it_began(on: date, code: str, name: str) -> None:
    half = reviewing.half_of(on)
    assert (half.code, half.name) == (code, name)


def test_who_designates_and_reviews_holds_it_by_a_role_alone() -> None:
    assert {"security_manager", "security_responsible"} == giving.POSTS_OF_ROLES
    for one in PURPOSES:
        if one.code in ("people.designation", "people.engagement", "rights.review"):
            assert set(one.posts) <= giving.POSTS_OF_ROLES


def test_who_gives_rights_neither_designates_nor_reviews() -> None:
    for one in PURPOSES:
        if "administrator" in one.posts:
            assert not {"designation", "engagement", "review"} & set(one.functions)


APART = {
    "euc_operator": {"exports.extract", "exports.take"},
    "batch_operator": {"data.migration"},
    "numbering_officer": {"numbering.stock"},
    "protection_officer": {"protection.flag"},
}
"""The rights that are given beside another, with all that they open (標準仕様書 10.3)."""


@pytest.mark.parametrize("post", APART)
def test_a_right_apart_opens_its_own_work_and_nothing_else(post: str) -> None:
    assert {one.code for one in PURPOSES if post in one.posts} == APART[post]


def test_each_kind_of_work_is_a_right_of_its_own() -> None:
    apart = {"auditor", "administrator", *APART}
    assert apart <= set(POSTS)
    # the rules are read by all who answer for them; nothing is done there
    shared = {"policy.look", "policy.standing"}
    for one in PURPOSES:
        is_shared = one.code in shared or one.code.startswith("console.")
        assert len(apart & set(one.posts)) <= 1 or is_shared


@pytest.mark.parametrize("tree", responsibles.TREES)
def test_each_tree_has_one_top_and_one_who_designates(tree: str) -> None:
    own = [one for one in responsibles.roles(TODAY) if one.tree == tree]
    assert [one.reports_to for one in own].count("") == 1
    assert {one.reports_to for one in own} - {""} <= {one.code for one in own}
    assert len(designating.designators(tree, TODAY)) == 1


def test_a_kind_in_no_table_is_asked_for_everything() -> None:
    assert entering.is_contractor("visitor")
    assert not entering.is_contractor("staff")

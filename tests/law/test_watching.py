"""利用記録の分析の規則: what holds of them whatever is counted."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daicho.law.safety.watching import uses
from daicho.law.safety.watching.limits import limits

ON = date(2026, 11, 20)
COUNTS = st.lists(st.integers(0, 400), min_size=0, max_size=8)


@given(past=COUNTS, count=st.integers(0, 3_000), more=st.integers(0, 3_000))
def test_more_uses_never_stand_out_less(past: list[int], count: int, more: int) -> None:
    for rule in (uses.habit, uses.above_own_past, uses.above_office):
        if rule(count, past, on=ON) is not None:
            assert rule(count + more, past, on=ON) is not None


@given(count=st.integers(0, 3_000), weeks=st.integers(0, 8))
def test_who_does_what_he_always_did_does_not_stand_out(count: int, weeks: int) -> None:
    past = [count] * weeks
    for rule in (uses.habit, uses.above_own_past, uses.above_office):
        assert rule(count, past, on=ON) is None


@given(past=st.lists(st.integers(1, 400), min_size=5, max_size=8), wild=st.integers(400, 9_000))
def test_one_wild_day_before_hides_no_other(past: list[int], wild: int) -> None:
    # A mean and a standard deviation would let the wild day cover one that is as wild.
    assert uses.habit(20_000, [*past, wild], on=ON) is not None


def test_every_hour_of_the_day_is_either_of_work_or_stands_out() -> None:
    held = limits(ON)
    work = [hour for hour in range(24) if uses.night(hour, on=ON) is None]
    assert work == list(range(held.opens_hour, held.closes_hour))


@pytest.mark.parametrize(
    "rule", [uses.night, uses.mass_search, uses.person_by_many, uses.person_again, uses.refusals]
)
def test_what_stands_out_refuses_nothing_and_names_its_source(rule: object) -> None:
    assert callable(rule)
    found = rule(23 if rule is uses.night else 9_000, on=ON)
    assert not found.refuses
    assert "標準仕様書" in found.cited

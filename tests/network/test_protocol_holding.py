"""保存本人確認情報: what is held of a person, in whatever order it is told."""

from functools import reduce

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daicho.network.messages.identification_information import (
    CHANGES,
    CLOSES,
    OPENS,
    IdentificationInformation,
)
from daicho.network.protocol.holding import Held, fault_of, held_after
from daicho.network.protocol.message import Turn

LISTED = frozenset({"family_name", "address_lot"})


def _notice(what: str, lot: str = "1") -> IdentificationInformation:
    items = {"address_lot": lot}
    return IdentificationInformation("12345678901", "", what, "", "2026-11-20", items, {})


@pytest.mark.parametrize(
    ("notice", "fault"),
    [
        (_notice(OPENS), ""),
        (_notice(CLOSES), ""),
        (_notice("opened"), "network.malformed"),
        (
            IdentificationInformation("1", "", OPENS, "", "", {"relationship": "子"}, {}),
            "network.not_listed",
        ),
    ],
)
def test_only_what_the_act_lists_is_held(notice: IdentificationInformation, fault: str) -> None:
    assert fault_of(notice, LISTED) == fault


TURNS = st.builds(Turn, st.integers(1, 3), st.integers(1, 9))


@given(
    st.lists(
        st.tuples(TURNS, st.sampled_from([OPENS, CHANGES, CLOSES]), st.text(max_size=2)),
        unique_by=lambda one: one[0],
        min_size=1,
    ).flatmap(lambda told: st.tuples(st.just(told), st.permutations(told)))
)
def test_the_order_in_which_notices_come_does_not_matter(
    both: tuple[list[tuple[Turn, str, str]], list[tuple[Turn, str, str]]],
) -> None:
    def after(before: Held | None, one: tuple[Turn, str, str]) -> Held | None:
        return held_after(before, _notice(one[1], one[2]), one[0]) or before

    told, mixed = both
    assert reduce(after, told, None) == reduce(after, mixed, None)
    last = max(told)
    held = reduce(after, told, None)
    assert held is not None
    assert (held.turn, held.is_open, held.items["address_lot"]) == (
        last[0],
        last[1] != CLOSES,
        last[2],
    )


def test_what_is_told_again_in_its_turn_changes_nothing() -> None:
    held = held_after(None, _notice(OPENS), Turn(1, 1))
    assert held_after(held, _notice(CHANGES, "2"), Turn(1, 1)) is None

"""回線と順序: what the two ends of a line know, and in which order messages count."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daicho.law.network.faults import NO_SUCH_PARTY, WRONG_WAY
from daicho.network.protocol import links, order
from daicho.network.protocol.intake import no_such_party, wrong_way
from daicho.network.protocol.links import NO_LOG, Fit, Parcel, Receipt, Received, Sent, Told
from daicho.network.protocol.message import Stream, Turn
from daicho.network.protocol.parties import (
    CENTRE,
    NotAParty,
    Party,
    above,
    next_hop,
    party,
    passes,
)

TOWN, NEIGHBOUR, FAR = Party("072036"), Party("072010"), Party("092011")
PREFECTURE, OTHER = Party("07"), Party("09")


@pytest.mark.parametrize(
    ("here", "to", "through"),
    [
        (TOWN, PREFECTURE, PREFECTURE),
        (TOWN, CENTRE, PREFECTURE),
        (TOWN, NEIGHBOUR, PREFECTURE),
        (TOWN, FAR, PREFECTURE),
        (PREFECTURE, TOWN, TOWN),
        (PREFECTURE, FAR, CENTRE),
        (PREFECTURE, OTHER, CENTRE),
        (CENTRE, FAR, OTHER),
        (CENTRE, OTHER, OTHER),
    ],
)
def test_a_municipality_speaks_with_its_prefecture_alone(
    here: Party, to: Party, through: Party
) -> None:
    assert next_hop(here, to) == through


def test_above_the_centre_is_nobody() -> None:
    assert (above(TOWN), above(PREFECTURE), above(CENTRE)) == (PREFECTURE, CENTRE, None)


@pytest.mark.parametrize("code", ["", "7", "0720361", "07203６", "ab", "07203a"])
def test_what_is_no_code_is_no_party(code: str) -> None:
    with pytest.raises(NotAParty):
        party(code)


@pytest.mark.parametrize(
    ("origin", "to", "here", "from_neighbour", "is_wrong"),
    [
        (TOWN, PREFECTURE, PREFECTURE, TOWN, False),
        (TOWN, FAR, PREFECTURE, TOWN, False),
        (TOWN, FAR, CENTRE, PREFECTURE, False),
        (TOWN, FAR, OTHER, CENTRE, False),
        (NEIGHBOUR, PREFECTURE, PREFECTURE, TOWN, True),  # another town's name
        (PREFECTURE, PREFECTURE, PREFECTURE, TOWN, True),  # our own
        (TOWN, TOWN, PREFECTURE, TOWN, True),  # back to where it came from
        (FAR, TOWN, PREFECTURE, TOWN, True),  # from above, by a town
        (TOWN, NEIGHBOUR, CENTRE, PREFECTURE, True),  # it would go down where it came from
    ],
)
def test_a_message_comes_by_the_way_of_its_sender(
    origin: Party, to: Party, here: Party, from_neighbour: Party, is_wrong: bool
) -> None:
    found = wrong_way(Stream(origin, to, "x"), here, from_neighbour)
    assert found == (WRONG_WAY.code if is_wrong else "")


@pytest.mark.parametrize(
    ("here", "to", "is_there"),
    [
        (PREFECTURE, PREFECTURE, True),
        (PREFECTURE, TOWN, True),
        (PREFECTURE, FAR, True),  # the centre will know
        (PREFECTURE, Party("079999"), False),
        (CENTRE, Party("999999"), False),
        (CENTRE, FAR, True),
    ],
)
def test_nothing_is_taken_for_nobody(here: Party, to: Party, is_there: bool) -> None:
    neighbours = {TOWN, NEIGHBOUR, CENTRE} if here == PREFECTURE else {PREFECTURE, OTHER}
    found = no_such_party(Stream(TOWN, to, "x"), here, neighbours)
    assert found == ("" if is_there else NO_SUCH_PARTY.code)


def test_who_passes_a_message_on() -> None:
    everybody = (TOWN, NEIGHBOUR, FAR, PREFECTURE, OTHER, CENTRE)
    assert [one for one in everybody if passes(one, TOWN, FAR)] == [
        TOWN,
        FAR,
        PREFECTURE,
        OTHER,
        CENTRE,
    ]
    assert [one for one in everybody if passes(one, TOWN, NEIGHBOUR)] == [
        TOWN,
        NEIGHBOUR,
        PREFECTURE,
    ]


NOW = 1_000
LATEST = NOW + links.EPOCH_AHEAD_MS
LATEST_TOLD = NOW + links.EPOCH_TOLD_AHEAD_MS


def _parcel(first: int, epoch: int = 5) -> Parcel:
    return Parcel(TOWN, PREFECTURE, epoch, first, "d", ("m",))


@pytest.mark.parametrize(
    ("end", "here", "parcel", "fit"),
    [
        (Received(5, 3), "d", _parcel(4), Fit.FOLLOWS),
        (Received(5, 3), "d", _parcel(3), Fit.DOES_NOT),  # known
        (Received(5, 3), None, _parcel(5), Fit.DOES_NOT),  # too early
        (Received(5, 3), "e", _parcel(4), Fit.OTHER_LOG),
        (Received(6, 3), "d", _parcel(4), Fit.DOES_NOT),  # over
        # the sender came back: what is had beyond place 2 is forgotten there
        (Received(5, 9), "d", _parcel(3, 7), Fit.FOLLOWS),
        (Received(5, 9), "e", _parcel(3, 7), Fit.OTHER_LOG),
        (Received(5, 1), None, _parcel(3, 7), Fit.DOES_NOT),
        (Received(5, 3), "d", _parcel(0, 7), Fit.DOES_NOT),  # there is no such place
        (Received(5, 3), "d", _parcel(4, LATEST), Fit.FOLLOWS),
        (Received(5, 3), "d", _parcel(4, LATEST + 1), Fit.DOES_NOT),  # it would be the last
    ],
)
def test_a_parcel_is_taken_where_it_follows(
    end: Received, here: str | None, parcel: Parcel, fit: Fit
) -> None:
    assert links.fits(end, here, parcel, NOW) is fit


SENT = Sent(epoch=5, placed=10, receipted=4)


@pytest.mark.parametrize(
    ("epoch", "first", "upto", "own", "receipted", "told"),
    [
        (5, 5, 8, "d", 8, Told.WENT_ON),
        (5, 5, 4, "d", 4, Told.WENT_ON),
        (5, 5, 2, "d", 2, Told.GO_BACK),
        (5, 5, 2, "e", 4, Told.FROM_THE_START),
        (5, 5, 11, None, 4, Told.RENEW),
        (6, 5, 4, "d", 4, Told.RENEW),
        (4, 5, 9, "d", 4, Told.STALE),
        (5, 6, 9, "d", 4, Told.STALE),  # it would not say what became of place 5
        (5, 0, 8, "d", 4, Told.CANNOT_BE),
        (5, 5, -1, None, 4, Told.CANNOT_BE),
        (LATEST_TOLD, 5, 4, "d", 4, Told.RENEW),
        (LATEST_TOLD + 1, 5, 4, "d", 4, Told.CANNOT_BE),
    ],
)
def test_a_receipt_says_where_to_go_on(
    epoch: int, first: int, upto: int, own: str | None, receipted: int, told: Told
) -> None:
    receipt = Receipt(TOWN, PREFECTURE, epoch, first, upto, "d", (), is_other_log=False)
    found = links.receipted(SENT, receipt, own, NOW)
    assert found == (SENT._replace(receipted=receipted), told)


@pytest.mark.parametrize(
    ("place", "told"),
    [(4, Told.CANNOT_BE), (5, Told.WENT_ON), (8, Told.WENT_ON), (9, Told.CANNOT_BE)],
)
def test_a_receipt_refuses_places_of_its_own_alone(place: int, told: Told) -> None:
    refused = (links.Refusal(place, "network.malformed"),)
    receipt = Receipt(TOWN, PREFECTURE, 5, 5, 8, "d", refused, is_other_log=False)
    assert links.receipted(SENT, receipt, "d", NOW)[1] is told


def test_an_epoch_that_is_told_leaves_a_later_one_that_others_believe() -> None:
    epoch = links.next_epoch(NOW, LATEST_TOLD)
    assert epoch > LATEST_TOLD
    assert links.fits(Received(5, 3), "d", _parcel(4, epoch), NOW) is Fit.FOLLOWS


def test_another_log_is_sent_from_the_start() -> None:
    receipt = Receipt(TOWN, PREFECTURE, 5, 5, 7, "d", (), is_other_log=True)
    assert links.receipted(SENT, receipt, "d", NOW) == (SENT, Told.FROM_THE_START)


def test_a_new_epoch_is_later_than_all_that_was_told() -> None:
    assert links.next_epoch(9, 3, 4) == 9
    assert links.next_epoch(9, 12, 4) == 13
    assert links.renewed(SENT, 6, Told.RENEW) == Sent(6, 10, 4)
    assert links.renewed(SENT, 6, Told.FROM_THE_START) == Sent(6, 10, 0)


DISPOSED = Sent(epoch=5, placed=10, receipted=4, disposed=3)


@pytest.mark.parametrize(
    ("first", "upto", "digest", "is_other_log", "own", "receipted", "told"),
    [
        (5, 4, "d", False, "d", 4, Told.WENT_ON),
        (1, 3, "d", False, "d", 3, Told.GO_BACK),  # what was disposed of is there
        (1, 2, "d", False, None, 4, Told.DISPOSED),
        (1, 0, NO_LOG, False, NO_LOG, 4, Told.DISPOSED),  # it has forgotten everything
        (5, 9, "e", False, "d", 4, Told.FROM_THE_START),
        (5, 9, "e", True, "d", 4, Told.FROM_THE_START),  # from behind what was disposed of
        (4, 9, "e", True, "d", 4, Told.DISPOSED),  # another log at the last place that went
        (1, 3, "e", False, "d", 4, Told.DISPOSED),
    ],
)
def test_what_was_disposed_of_is_never_to_be_sent_again(
    first: int,
    upto: int,
    digest: str,
    own: str | None,
    receipted: int,
    told: Told,
    *,
    is_other_log: bool,
) -> None:
    receipt = Receipt(TOWN, PREFECTURE, 5, first, upto, digest, (), is_other_log)
    after = DISPOSED._replace(receipted=receipted)
    assert links.receipted(DISPOSED, receipt, own, NOW) == (after, told)


def test_a_log_is_sent_again_from_behind_what_was_disposed_of() -> None:
    assert links.renewed(DISPOSED, 6, Told.FROM_THE_START) == Sent(6, 10, 3, 3)
    assert links.renewed(DISPOSED, 6, Told.GO_BACK) == Sent(6, 10, 4, 3)


@given(st.sets(st.integers(1, 30)), st.integers(0, 30))
def test_nothing_overtakes_in_an_epoch(ordinals: set[int], done: int) -> None:
    waiting = [Turn(5, one) for one in ordinals]
    came = list(order.due(Turn(5, done), waiting, 5))
    late = [one for one in sorted(waiting) if one.ordinal <= done]
    assert came[: len(late)] == late
    rest = [one.ordinal for one in came[len(late) :]]
    assert rest == list(range(done + 1, done + 1 + len(rest)))
    assert Turn(5, done + 1 + len(rest)) not in waiting


@given(
    st.sets(st.tuples(st.integers(1, 4), st.integers(1, 9))),
    st.tuples(st.integers(0, 4), st.integers(0, 9)),
)
def test_of_an_epoch_that_is_over_nothing_is_waited_for(
    turns: set[tuple[int, int]], done: tuple[int, int]
) -> None:
    waiting = [Turn(*one) for one in turns]
    came = list(order.due(Turn(*done), waiting, 4))
    assert came == sorted(came)
    assert {one for one in waiting if one.epoch < 4} <= set(came)


@pytest.mark.parametrize(
    ("turn", "is_next"),
    [
        (Turn(5, 4), True),
        (Turn(5, 5), False),
        (Turn(5, 3), False),
        (Turn(6, 1), True),
        (Turn(6, 2), False),
        (Turn(4, 1), False),
        (Turn(4, 4), False),
    ],
)
def test_the_next_turn_is_one_more_or_the_first_of_a_new_epoch(turn: Turn, is_next: bool) -> None:
    assert order.follows(Turn(5, 3), turn) is is_next


def test_far_ahead_is_counted_in_its_epoch() -> None:
    assert not order.is_far_ahead(Turn(5, 10), Turn(5, 10 + order.AHEAD_MAX))
    assert order.is_far_ahead(Turn(5, 10), Turn(5, 11 + order.AHEAD_MAX))
    assert order.is_far_ahead(Turn(5, 10), Turn(6, 1 + order.AHEAD_MAX))
    assert not order.is_far_ahead(Turn(5, 10), Turn(4, 5_000))


def test_turns_begin_again_in_a_new_epoch() -> None:
    assert order.next_turn(Turn(0, 0), 5) == Turn(5, 1)
    assert order.next_turn(Turn(5, 1), 5) == Turn(5, 2)
    assert order.next_turn(Turn(5, 2), 7) == Turn(7, 1)

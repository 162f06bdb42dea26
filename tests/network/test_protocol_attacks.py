"""偽りと誤り: what neighbours and signers may try, and what comes of it."""

import json
from collections.abc import Callable

import pytest

from daicho.law.network.faults import KEY_UNKNOWN, MALFORMED, TOO_LARGE, UNTRUSTED
from daicho.network.messages.body import Said
from daicho.network.messages.moved_in_notice import MovedInNotice
from daicho.network.messages.outcomes import ABOVE, DONE, REFUSED, Outcomes, may_tell
from daicho.network.protocol import intake, links, order
from daicho.network.protocol.intake import AHEAD_OF_CLOCK_MS, Arrival, KeyNotKnownYet, Untrusted
from daicho.network.protocol.links import NO_LOG, NOTHING_RECEIVED, Parcel, Received
from daicho.network.protocol.message import Malformed, Message, Stream, Turn, written
from daicho.network.protocol.parties import CENTRE, Party
from daicho.site.sim.deeds import DEEDS
from daicho.site.sim.node import Node

TOWN, SECOND, FAR = Party("072036"), Party("072010"), Party("092011")
PREFECTURE, OTHER = Party("07"), Party("09")
NOW = 1_700_000_000_000


def _id(number: int) -> str:
    return f"00000000-0000-0000-0000-{number:012}"


def _message(number: int = 1, **other: object) -> Message:
    values = {
        "id": _id(number),
        "kind": "outcomes",
        "v": 1,
        "stream": Stream(TOWN, PREFECTURE, _id(0)),
        "turn": Turn(NOW, number),
        "at": NOW,
        "article": "STD 7.1.1.1",
        "body": {"of": {}},
    }
    return Message(**{**values, **other})  # type: ignore[arg-type]  # a table of its fields


class Keys:
    """Texts are signed by who stands before them, `?` by a key not heard of, `!` wrongly."""

    def opened(self, signed: str) -> tuple[Party, bytes]:
        signer, _, text = signed.partition("|")
        if signer == "?":
            raise KeyNotKnownYet
        if signer == "!":
            raise Untrusted
        return Party(signer), text.encode(errors="surrogatepass")


def _signed(message: Message, signer: str = TOWN) -> str:
    return f"{signer}|{written(message).decode()}"


def _arrive(*signed: str, waited_ms: int = 0, first: int = 1) -> Arrival:
    parcel = Parcel(TOWN, PREFECTURE, 5, first, NO_LOG, signed)
    return intake.arrive(
        parcel, NOTHING_RECEIVED, NO_LOG, NOW, Keys(), lambda _: "", waited_ms=waited_ms
    )


@pytest.mark.parametrize(
    ("signed", "fault"),
    [
        (_signed(_message()), ""),
        (_signed(_message(), SECOND), UNTRUSTED.code),  # in the name of another
        ("!|", UNTRUSTED.code),
        (f"{TOWN}|{{}}", MALFORMED.code),
        (f"{TOWN}|\ud800", MALFORMED.code),
        ("x" * (intake.MESSAGE_BYTES_MAX + 1), TOO_LARGE.code),
    ],
)
def test_what_is_not_right_takes_its_place_and_nothing_else(signed: str, fault: str) -> None:
    arrival = _arrive(signed, _signed(_message(2)))
    assert [one.fault for one in arrival.items] == [fault, ""]
    assert arrival.end == Received(5, 2)
    assert len(set(arrival.digests)) == 2


def test_of_a_parcel_without_end_the_first_are_taken() -> None:
    parcel_max = links.PARCEL_MESSAGES_MAX
    arrival = _arrive(*["!|"] * (parcel_max + 1))
    assert (len(arrival.items), arrival.end.upto) == (parcel_max, parcel_max)


def test_a_key_not_heard_of_stops_the_line_before_it_and_not_for_ever() -> None:
    three = (_signed(_message()), "?|", _signed(_message(2)))
    assert _arrive(*three).end.upto == 1
    assert _arrive(*three, waited_ms=intake.KEY_WAIT_MS).end.upto == 1  # waited for the first
    assert _arrive(*three[1:], waited_ms=intake.KEY_WAIT_MS - 1).end.upto == 0
    given_up = _arrive(*three[1:], waited_ms=intake.KEY_WAIT_MS)
    assert [one.fault for one in given_up.items] == [KEY_UNKNOWN.code, ""]


def test_a_parcel_without_messages_asks_and_changes_nothing() -> None:
    arrival = _arrive()
    assert (arrival.end, arrival.items) == (NOTHING_RECEIVED, ())


def test_a_receipt_says_of_a_parcel_what_was_refused_of_it() -> None:
    parcel = Parcel(TOWN, PREFECTURE, 5, 2, "", ())
    refusals = [links.Refusal(place, "f") for place in (4, 3, 1)]
    arrival = Arrival(Received(7, 3), (), (), links.Fit.OTHER_LOG)
    receipt = arrival.receipt(parcel, "d", refusals)
    assert (receipt.epoch, receipt.upto, receipt.is_other_log) == (7, 3, True)
    assert [one.place for one in receipt.refused] == [3]


def test_the_future_is_refused_and_an_epoch_after_which_there_is_none() -> None:
    latest = NOW + links.EPOCH_AHEAD_MS
    assert intake.from_the_future(_message(at=NOW + AHEAD_OF_CLOCK_MS), NOW) == ""
    for ahead in ({"at": NOW + AHEAD_OF_CLOCK_MS + 1}, {"turn": Turn(latest + 1, 1)}):
        assert intake.from_the_future(_message(**ahead), NOW) == "network.from_the_future"
    assert intake.from_the_future(_message(turn=Turn(latest, 1)), NOW) == ""


@pytest.mark.parametrize(
    ("teller", "to", "outcome", "may"),
    [
        (PREFECTURE, PREFECTURE, DONE, True),
        (CENTRE, PREFECTURE, DONE, False),
        (SECOND, PREFECTURE, DONE, False),
        (PREFECTURE, PREFECTURE, ABOVE + DONE, True),
        (PREFECTURE, FAR, ABOVE + DONE, False),
        (FAR, FAR, ABOVE + DONE, False),
        (FAR, FAR, DONE, True),
        (PREFECTURE, FAR, DONE, False),
        (PREFECTURE, FAR, REFUSED + "f", True),
        (OTHER, FAR, REFUSED + "f", True),
        (SECOND, FAR, REFUSED + "f", False),
        (TOWN, FAR, REFUSED + "f", False),
    ],
)
def test_who_may_tell_what_became_of_a_message(
    teller: Party, to: Party, outcome: str, may: bool
) -> None:
    assert may_tell(teller, Stream(TOWN, to, _id(1)), outcome) is may


@pytest.mark.parametrize("wrong", ["\x00", "\ud800"])
@pytest.mark.parametrize(
    ("kind", "body"),
    [
        (MovedInNotice, {"code": "{}", "on": ""}),
        (Outcomes, {"of": {"{}": ""}}),
        (Outcomes, {"of": {"": "{}"}}),
    ],
)
def test_a_text_that_no_database_keeps_is_no_body(
    kind: type[Said], body: object, wrong: str
) -> None:
    said = json.loads(json.dumps(body).replace("{}", json.dumps(wrong)[1:-1]))
    with pytest.raises(Malformed):
        kind.read(said)


def _node(party: Party, *neighbours: Party) -> Node:
    return Node(party, 1, lambda: NOW, lambda: _id(99), DEEDS, set(neighbours))


def _parcel(node: Node, *messages: Message, first: int = 1, before: str = NO_LOG) -> Parcel:
    sender = _node(TOWN, PREFECTURE)
    signed = tuple(sender.signer.signed(written(one)) for one in messages)
    return Parcel(TOWN, node.party, NOW, first, before, signed)


@pytest.mark.parametrize(
    "other", [lambda one: one._replace(sender=FAR), lambda one: one._replace(receiver=CENTRE)]
)
def test_a_parcel_of_no_neighbour_has_no_receipt(other: Callable[[Parcel], Parcel]) -> None:
    node = _node(PREFECTURE, TOWN, CENTRE)
    assert node.take(other(_parcel(node, _message()))) is None


def test_a_receipt_of_no_neighbour_changes_nothing() -> None:
    node = _node(PREFECTURE, TOWN, CENTRE)
    for sender, receiver in ((PREFECTURE, FAR), (OTHER, CENTRE)):
        node.note(links.Receipt(sender, receiver, NOW + 5, 1, 0, NO_LOG, (), is_other_log=False))
    assert node.store.sent == {}
    assert node.store.epoch == NOW


def test_who_passes_on_does_not_count_turns() -> None:
    node = _node(PREFECTURE, TOWN, CENTRE)
    far = Turn(NOW, order.AHEAD_MAX + 1)
    passed = _message(1, stream=Stream(TOWN, FAR, _id(0)), turn=far)
    receipt = node.take(_parcel(node, passed, _message(2, turn=far)))
    assert receipt is not None
    assert receipt.refused == (links.Refusal(2, "network.far_ahead"),)


def test_another_message_in_a_turn_that_was_taken_is_refused() -> None:
    node = _node(PREFECTURE, TOWN, CENTRE)
    receipt = node.take(_parcel(node, _message(1), _message(1), _message(2, turn=Turn(NOW, 1))))
    assert receipt is not None
    assert receipt.refused == (links.Refusal(3, "network.turn_taken"),)


def test_a_place_that_is_taken_anew_is_refused_no_longer() -> None:
    node = _node(PREFECTURE, TOWN, CENTRE)
    parcel = _parcel(node, _message(1, at=NOW * 2))
    refused = node.take(parcel)
    assert refused is not None
    assert [one.place for one in refused.refused] == [1]
    anew = node.take(_parcel(node, _message(1))._replace(epoch=NOW + 1))
    assert anew is not None
    assert (anew.upto, anew.refused) == (1, ())


def test_a_turn_is_taken_whatever_parcel_it_came_in() -> None:
    node = _node(PREFECTURE, TOWN, CENTRE)
    first = _parcel(node, _message(1))
    node.take(first)
    before = links.digest_of(NO_LOG, first.signed[0])
    other = _message(2, turn=Turn(NOW, 1))
    receipt = node.take(_parcel(node, other, first=2, before=before))
    assert receipt is not None
    assert receipt.refused == (links.Refusal(2, "network.turn_taken"),)


def test_what_comes_again_is_passed_on_once_and_changes_no_place() -> None:
    node = _node(PREFECTURE, TOWN, CENTRE)
    stream = Stream(TOWN, FAR, _id(0))
    parcel = _parcel(node, *(_message(one, stream=stream) for one in (1, 2, 3)))
    for again in (parcel, parcel, parcel._replace(signed=parcel.signed[:1])):
        receipt = node.take(again)
        assert receipt is not None
        assert receipt.upto == 3
    node.take(parcel._replace(epoch=NOW + 1))  # the sender came back and sends them anew
    assert [one.message_id for one in node.store.logs[CENTRE]] == [_id(1), _id(2), _id(3)]


def test_nothing_is_carried_out_before_the_papers_are_typed_in_again() -> None:
    node = _node(PREFECTURE, TOWN, CENTRE)
    backup = node.store.copy()
    node.come_back(backup, is_told=True)
    node.take(_parcel(node, _message(1)))
    assert node.work() == 0
    node.is_catching_up = False
    assert node.work() == 1


def test_who_forgot_begins_an_epoch_later_than_the_one_that_is_told() -> None:
    node = _node(PREFECTURE, TOWN, CENTRE)
    told = NOW + 5_000
    node.note(links.Receipt(PREFECTURE, TOWN, told, 1, 0, NO_LOG, (), is_other_log=False))
    assert node.parcel_to(TOWN).epoch > told
    assert node.store.epoch > told


def test_who_knows_that_it_came_back_begins_an_epoch_at_once() -> None:
    node = _node(PREFECTURE, TOWN, CENTRE)
    node.parcel_to(TOWN)
    epoch = node.store.epoch
    node.come_back(node.store.copy(), is_told=True)
    assert node.store.epoch > epoch
    assert node.parcel_to(TOWN).epoch > epoch


def test_a_late_message_of_an_old_epoch_makes_nobody_wait_again() -> None:
    node = _node(PREFECTURE, TOWN, CENTRE)
    new, old = Turn(NOW + 1, 1), Turn(NOW, 2)
    node.take(_parcel(node, _message(1, turn=new), _message(2, turn=old)))
    assert node.work() == 2
    assert not node.store.waiting


def test_a_key_that_is_awaited_keeps_the_order_of_its_resident() -> None:
    carried: list[str] = []

    def waits(node: Node, message: Message, signed: str) -> str:
        if message.id == _id(1) and not node.known.newest:
            raise KeyNotKnownYet
        carried.append(message.id)
        return DONE

    node = Node(PREFECTURE, 1, lambda: NOW, lambda: _id(99), {"pass_outcomes": waits}, {TOWN})
    node.take(_parcel(node, _message(1), _message(2)))
    assert (node.work(), carried) == (0, [])
    node.known.newest[TOWN] = 1
    assert (node.work(), carried) == (2, [_id(1), _id(2)])


def test_a_refusal_that_comes_twice_is_told_once() -> None:
    node = _node(PREFECTURE, TOWN, CENTRE)
    node.take(_parcel(node, _message(1, stream=Stream(TOWN, FAR, _id(0)))))
    sent = node.parcel_to(CENTRE)
    refused = (links.Refusal(1, "network.no_such_party"),)
    digest = links.digest_of(NO_LOG, sent.signed[0])
    receipt = links.Receipt(
        PREFECTURE, CENTRE, sent.epoch, 1, 1, digest, refused, is_other_log=False
    )
    node.note(receipt)
    node.note(receipt)
    assert len(node.store.logs[TOWN]) == 1

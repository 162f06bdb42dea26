"""小包と受領証の文字列: what is written is read again, and nothing else is."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daicho.network.protocol.links import Parcel, Receipt, Refusal
from daicho.network.protocol.message import Malformed
from daicho.network.protocol.parties import CENTRE, Party
from daicho.network.wire.parcels import (
    parcel_read,
    parcel_written,
    receipt_read,
    receipt_written,
)

DIGEST = "0123456789abcdef" * 2
PARCEL = Parcel(Party("072036"), Party("07"), 1_795_000_000_000, 7, DIGEST, ("a.b.c", "d.e.f"))
RECEIPT = Receipt(
    Party("072036"), Party("07"), 3, 7, 9, DIGEST, (Refusal(8, "network.malformed"),), False
)

counts = st.integers(0, 2**53 - 1)
places = st.integers(1, 2**53 - 1)
parties = st.sampled_from([CENTRE, Party("07"), Party("072036")])
digests = st.sampled_from(["", DIGEST])
texts = st.text(st.characters(exclude_categories=[]))  # also halves of characters
parcels = st.builds(
    Parcel, parties, parties, counts, places, digests, st.lists(texts, max_size=3).map(tuple)
)
refusals = st.builds(Refusal, places, st.sampled_from(["network.malformed", "network.too_large"]))
receipts = st.builds(
    Receipt,
    parties,
    parties,
    counts,
    places,
    counts,
    digests,
    st.lists(refusals, max_size=3).map(tuple),
    st.booleans(),
)


@given(parcels)
def test_a_parcel_is_read_as_it_was_written(one: Parcel) -> None:
    assert parcel_read(parcel_written(one)) == one


@given(receipts)
def test_a_receipt_is_read_as_it_was_written(one: Receipt) -> None:
    assert receipt_read(receipt_written(one)) == one


def test_of_the_messages_in_a_parcel_nothing_is_judged() -> None:
    one = PARCEL._replace(signed=("no message",) * 300 + ("x" * 300_000,))
    assert parcel_read(parcel_written(one)) == one, "each is refused at its place, by its receiver"


WRONG: list[tuple[str, Any]] = [
    ("v", 2),
    ("v", True),
    ("v", "1"),
    ("sender", "7"),
    ("sender", None),
    ("receiver", ["07"]),
    ("epoch", -1),
    ("epoch", 2**53),
    ("epoch", 1.0),
    ("first", 0),
    ("first", True),
    ("first", "7"),
]
WRONG_PARCELS = [
    *WRONG,
    ("before", DIGEST[1:]),
    ("before", DIGEST.upper()),
    ("before", f"{DIGEST}\n"),
    ("before", None),
    ("signed", "a.b.c"),
    ("signed", [1]),
    ("signed", {"a.b.c": "a"}),
    ("signed", None),
]
WRONG_RECEIPTS = [
    *WRONG,
    ("upto", -1),
    ("upto", 1e3),
    ("digest", "x" * 32),
    ("refused", None),
    ("refused", [[8]]),
    ("refused", [[8, "network.malformed", 1]]),
    ("refused", [[0, "network.malformed"]]),
    ("refused", [[8, 1]]),
    ("refused", [[8, "network.malformed\n"]]),
    ("refused", [[8, "x" * 60 + ".y"]]),
    ("refused", [{"place": 8, "fault": "network.malformed"}]),
    ("is_other_log", 0),
    ("is_other_log", None),
]


def _without(text: bytes, name: str) -> bytes:
    said = json.loads(text)
    del said[name]
    return json.dumps(said).encode()


def _with(text: bytes, name: str, value: Any) -> bytes:
    return json.dumps(json.loads(text) | {name: value}).encode()


@pytest.mark.parametrize(("name", "value"), WRONG_PARCELS)
def test_a_parcel_with_a_wrong_value_is_malformed(name: str, value: Any) -> None:
    with pytest.raises(Malformed):
        parcel_read(_with(parcel_written(PARCEL), name, value))


@pytest.mark.parametrize(("name", "value"), WRONG_RECEIPTS)
def test_a_receipt_with_a_wrong_value_is_malformed(name: str, value: Any) -> None:
    with pytest.raises(Malformed):
        receipt_read(_with(receipt_written(RECEIPT), name, value))


@pytest.mark.parametrize("name", ["v", *Parcel._fields])
def test_a_parcel_has_every_name(name: str) -> None:
    with pytest.raises(Malformed):
        parcel_read(_without(parcel_written(PARCEL), name))


@pytest.mark.parametrize("name", ["v", *Receipt._fields])
def test_a_receipt_has_every_name(name: str) -> None:
    with pytest.raises(Malformed):
        receipt_read(_without(receipt_written(RECEIPT), name))


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"null",
        b"[]",
        b"\xff",
        b"[" * 100_000,
        b'{"v": ' + b"9" * 5_000 + b"}",
        parcel_written(PARCEL)[:-1],
        _with(parcel_written(PARCEL), "more", 1),
        receipt_written(RECEIPT),
    ],
)
def test_what_is_no_parcel_is_malformed(text: bytes) -> None:
    with pytest.raises(Malformed):
        parcel_read(text)


def test_a_parcel_is_no_receipt() -> None:
    with pytest.raises(Malformed):
        receipt_read(parcel_written(PARCEL))

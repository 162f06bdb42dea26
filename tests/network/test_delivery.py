"""From a change at the counter to what the governor is told of it, and what comes back."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import astuple
from threading import Event
from typing import cast as cast_to
from uuid import UUID, uuid4

import pytest
from django.conf import LazySettings

from daicho.access import clock
from daicho.access.permits import permit
from daicho.law.network.faults import MALFORMED, NOT_LISTED
from daicho.network.lines import composing, keyring, own, sending, taking, waking, working
from daicho.network.messages.outcomes import ABOVE, DONE, REFUSED, Outcomes
from daicho.network.models import Due, Hold, KeptReceipt, Outbox, SendingLine, Sent
from daicho.network.protocol.links import (
    NO_LOG,
    Parcel,
    Receipt,
    Refusal,
    Told,
    digest_of,
)
from daicho.network.protocol.message import Message, Stream, Turn, read, written
from daicho.network.protocol.parties import CENTRE, Party
from daicho.network.running import PATIENCE_SECONDS, Relay
from daicho.network.wire.client import Client
from daicho.terms.changes import MovedWithin
from network.one_party import equip
from network.wires import PREFECTURE, TOWN, Nation
from people import Cast
from register.counter import HOUSEHOLD, TODAY, Clerk, Family, family_here, on_day

pytestmark = pytest.mark.django_db
MOVED = {
    "address_prefecture": "福島県",
    "address_municipality": "郡山市",
    "address_town": "架空町三丁目",
    "address_lot": "３番３号",
}


@pytest.fixture(scope="module")
def nation(tmp_path_factory: pytest.TempPathFactory) -> Nation:
    """Keys of the days that these tests play in."""
    with on_day(TODAY):
        return equip(Nation(tmp_path_factory.mktemp("november")))


@pytest.fixture(autouse=True)
def connected(settings: LazySettings, nation: Nation) -> None:
    """This municipality is connected to its prefecture, with keys of its own."""
    settings.PARTY = TOWN
    settings.NEIGHBOURS = {PREFECTURE: "https://127.0.0.1:1"}
    settings.NETWORK_KEYS = str(nation.folder / TOWN)
    settings.NETWORK_AUTHORITY = str(nation.authority)
    settings.NETWORK_DIRECTORY = str(nation.directory)


@pytest.fixture
def clerk(cast: Cast) -> Iterator[Clerk]:
    with on_day(TODAY):
        yield Clerk(permit(cast.clerk.acting(), "change.ex_officio", clock.today()))


@pytest.fixture
def family(three_live_here: None, clerk: Clerk) -> Family:
    return family_here()


def moved(clerk: Clerk, family: Family, **cells: str) -> None:
    """The family moves within the town."""
    words = {family.hanako: "世帯主", family.taro: "子", family.jiro: "子"}
    address = {**MOVED, **cells}
    clerk.record(
        MovedWithin(joins=False, household_number=HOUSEHOLD, address=address, relationships=words)
    )


def due() -> list[UUID]:
    """Of whom the governor is still to be told."""
    rows = Due.objects.filter(kind="identification_information")
    return list(rows.values_list("record_id", flat=True))


def parcel() -> Parcel:
    found = sending.parcel_to(PREFECTURE)
    assert found is not None
    return found


def receipt(of: Parcel, upto: int, *refused: Refusal) -> Receipt:
    digest = of.before
    for signed in of.signed[: upto - of.first + 1]:
        digest = digest_of(digest, signed)
    return Receipt(of.sender, of.receiver, of.epoch, of.first, upto, digest, refused, False)


def messages(of: Parcel) -> list[Message]:
    return [read(keyring.checker().opened(one)[1]) for one in of.signed]


def test_a_change_of_three_becomes_three_messages_in_their_turns(
    clerk: Clerk, family: Family
) -> None:
    moved(clerk, family)
    assert len(due()) == 3
    assert composing.compose() == 3
    assert due() == []
    assert Due.objects.filter(kind="supplement_notice").count() == 3  # not told by this version
    said = messages(parcel())
    assert {one.stream.resident for one in said} == {str(one) for one in astuple(family)}
    assert {one.turn.ordinal for one in said} == {1}
    assert {one.article for one in said} == {"BRRA 30-6(1)"}
    hanako = next(one.body for one in said if one.stream.resident == str(family.hanako))
    assert isinstance(hanako, dict)
    assert (hanako["code"], hanako["what"], hanako["reason"], hanako["on"]) == (
        "12345678903", "changes", "moved_within", TODAY.isoformat()
    )  # fmt: skip
    assert hanako["items"]["address_lot"] == "３番３号"
    assert not hanako["items"].keys() & {"relationship", "registered_domicile", "household_number"}


def test_of_one_resident_the_next_change_has_the_next_turn(clerk: Clerk, family: Family) -> None:
    moved(clerk, family)
    composing.compose()
    moved(clerk, family, address_lot="４番４号")
    composing.compose()
    turns = [
        one.turn.ordinal for one in messages(parcel()) if one.stream.resident == str(family.hanako)
    ]
    assert turns == [1, 2]


def test_what_is_receipted_is_known_to_be_at_the_prefecture(clerk: Clerk, family: Family) -> None:
    moved(clerk, family)
    composing.compose()
    sent = parcel()
    assert sending.note(receipt(sent, 2), "signed") is Told.WENT_ON
    assert Sent.objects.exclude(receipted_at=None).count() == 2
    assert parcel().signed == sent.signed[2:]
    assert KeptReceipt.objects.get().upto == 2


def test_what_is_refused_stands_in_the_work_list_and_stops_nobody(
    clerk: Clerk, family: Family
) -> None:
    moved(clerk, family)
    composing.compose()
    sent = parcel()
    for _ in range(2):  # a receipt repeats what it told
        sending.note(receipt(sent, 3, Refusal(2, MALFORMED.code)), "signed")
    assert sending.parcel_to(PREFECTURE) is None
    (row,) = Sent.objects.filter(is_open=True)
    assert (row.place, row.outcome, row.is_refused) == (2, REFUSED + MALFORMED.code, True)
    assert Sent.objects.exclude(receipted_at=None).count() == 2


def told(of: dict[str, str], nation: Nation, ordinal: int = 1) -> None:
    """The prefecture tells what became of our messages."""
    said = Outcomes(of)
    message = Message(
        id=str(uuid4()),
        kind=said.KIND,
        v=said.V,
        stream=Stream(PREFECTURE, TOWN, str(uuid4())),
        turn=Turn(1, ordinal),
        at=own.now_ms(),
        article=said.ARTICLE,
        body=said.written(),
    )
    signed = nation.identity(PREFECTURE).signer().signed(written(message))
    line = taking.take(Parcel(PREFECTURE, TOWN, 1, 1, NO_LOG, (signed,)))
    assert line is not None
    assert line.upto == 1
    assert not line.refused


def test_outcomes_stand_beside_what_was_sent(clerk: Clerk, family: Family, nation: Nation) -> None:
    moved(clerk, family)
    composing.compose()
    first, second, third = Sent.objects.order_by("place")
    ids = [str(one.message_id) for one in (first, second, third)]
    told({ids[0]: ABOVE + DONE, ids[1]: DONE, ids[2]: NOT_LISTED.code}, nation)
    assert working.work() == 1
    first, second, third = Sent.objects.order_by("place")
    assert (first.above, second.outcome, third.outcome) == (DONE, DONE, NOT_LISTED.code)
    assert first.above_at is not None
    assert [first.is_open, second.is_open, third.is_open] == [False, False, True]
    assert working.work() == 0


def test_a_resident_without_a_code_waits_by_name_and_nobody_else(
    clerk: Clerk, family: Family
) -> None:
    codeless = Outbox.objects.create(
        kind="identification_information",
        v=1,
        article="BRRA 30-6(1)",
        record_id=uuid4(),
        history_no=1,
        change_id=1,
        request_id=uuid4(),
        ward=TOWN,
        body={"what": "opens", "reason": "born", "before": None, "after": {"sex": "1"}},
    )
    Due.objects.create(
        outbox_id=codeless.pk,
        kind=codeless.kind,
        record_id=codeless.record_id,
        due_at=clock.now(),
    )
    moved(clerk, family)
    assert composing.compose() == 3
    assert composing.compose() == 0
    held = Hold.objects.get()
    assert (held.record_id, held.reason, held.operator_id) == (codeless.record_id, "no_code", None)


def test_who_is_held_waits_and_goes_when_let_go(clerk: Clerk, family: Family) -> None:
    moved(clerk, family)
    Hold.objects.create(record_id=family.taro, reason="", held_at=clock.now())
    assert composing.compose() == 2
    assert due() == [family.taro]
    assert composing.compose() == 0
    Hold.objects.all().delete()
    assert composing.compose() == 1


def test_nothing_gets_a_turn_before_a_neighbour_was_asked(clerk: Clerk, family: Family) -> None:
    moved(clerk, family)
    sending.came_back()
    assert composing.compose() == 0
    asked = sending.asking(PREFECTURE)
    assert sending.note(receipt(asked, 0), "signed") is Told.WENT_ON
    working_first = SendingLine.objects.get()
    assert not working_first.is_unasked
    assert composing.compose() == 3


def test_no_more_gets_a_place_than_may_be_without_a_receipt(
    clerk: Clerk, family: Family, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(composing, "WINDOW", 2)
    moved(clerk, family)
    assert composing.compose() == 2
    assert composing.compose() == 0
    sending.note(receipt(parcel(), 1), "signed")
    assert composing.compose() == 1


class Wire:
    """A neighbour that answers with so much of each parcel as `takes` says."""

    def __init__(self) -> None:
        self.takes = 0

    def post(self, neighbour: Party, address: str, of: Parcel) -> tuple[Receipt, str]:
        return receipt(of, of.first - 1 + min(self.takes, len(of.signed))), "signed"


def test_a_relay_does_not_press_a_neighbour_that_takes_nothing(
    clerk: Clerk, family: Family
) -> None:
    moved(clerk, family)
    composing.compose()
    wire = Wire()
    relay = Relay(PREFECTURE, cast_to(Client, wire))
    assert relay.round() == 0.0  # it asks how far they are
    assert relay.round() == PATIENCE_SECONDS[0]
    wire.takes = 200
    assert relay.round() == 0.0
    assert relay.round() > 0.0
    assert Sent.objects.filter(receipted_at=None).count() == 0


def test_what_is_handed_over_wakes_the_relay_of_its_line(
    clerk: Clerk,
    family: Family,
    django_capture_on_commit_callbacks: Callable[..., AbstractContextManager[list[object]]],
) -> None:
    woken, other = Event(), Event()
    waking.listen(PREFECTURE, woken)
    waking.listen(CENTRE, other)
    moved(clerk, family)
    with django_capture_on_commit_callbacks(execute=True):
        composing.compose()
        assert not woken.is_set()
    assert (woken.is_set(), other.is_set()) == (True, False)

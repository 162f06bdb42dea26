"""電文の廃棄: what is settled goes when its period has ended, and the line goes on without it."""

import copy
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import cast as cast_to
from uuid import UUID, uuid4

import pytest
from psycopg.types.json import Jsonb

import beginnings
from access.conftest import Superuser, apart, superuser  # noqa: F401  its fixtures, by name
from access.conftest import stage as alone  # noqa: F401  its fixture, by name
from daicho.access import clock
from daicho.access.disposing import carrying_out, lists, proposing
from daicho.access.refusals import Refused
from daicho.network.lines import composing, keyring, own, sending
from daicho.network.models import Arrived, Forwarded, KeptReceipt, Logged, Outbox, SendingLine, Sent
from daicho.network.protocol import intake
from daicho.network.protocol.links import (
    NO_LOG,
    NOTHING_RECEIVED,
    Fit,
    Parcel,
    Receipt,
    Received,
    Told,
)
from daicho.network.protocol.message import Message, read
from daicho.network.protocol.parties import Party
from daicho.network.running import PATIENCE_SECONDS, Relay
from daicho.network.wire.client import Client
from network.database_party import send_again
from network.wires import PREFECTURE, TOWN
from people import Cast
from retention import approved, files_with, worker
from web import lines as wires

JUNE = date(2019, 6, 15)
"""A day whose period is over."""
MARKER = "廃棄　確認子"
OF_SENT = ("network_outbox", "network_sent", "network_logged", "network_forwarded")
TOWN_BELOW = Party("072079")


class _Anybody:
    """The keys of that day have ended long ago."""

    def opened(self, signed: str) -> tuple[Party, bytes]:
        text = keyring.text_of(signed)
        return read(text).stream.origin, text


@dataclass
class Prefecture:
    """The neighbour, by the protocol's own functions: what it has of our log, and has carried
    out."""

    end: Received = NOTHING_RECEIVED
    digests: list[str] = field(default_factory=lambda: [NO_LOG])
    came: Counter[str] = field(default_factory=Counter)

    def take(self, parcel: Parcel) -> Receipt:
        before = parcel.first - 1
        here = self.digests[before] if before < len(self.digests) else None
        found = intake.arrive(
            parcel, self.end, here, own.now_ms(), _Anybody(), _no_fault, waited_ms=0
        )
        if found.fit is Fit.FOLLOWS:
            self.digests[parcel.first :] = found.digests
            self.came.update(one.message.id for one in found.items if one.message)
        self.end = found.end
        return found.receipt(parcel, self.digests[-1], ())

    def post(self, _neighbour: Party, _address: str, parcel: Parcel) -> tuple[Receipt, str]:
        return self.take(parcel), "signed"

    def backup(self) -> "Prefecture":
        return copy.deepcopy(self)


def _no_fault(_message: Message) -> str:
    return ""


def talk(neighbour: Prefecture) -> list[Told]:
    """It is asked how far it is, and sent what it lacks, until nothing waits."""
    told = [sending.note(neighbour.take(sending.asking(PREFECTURE)), "signed")]
    while (parcel := sending.parcel_to(PREFECTURE)) is not None and Told.DISPOSED not in told:
        told.append(sending.note(neighbour.take(parcel), "signed"))
    return told


@pytest.fixture
def durable(alone: str) -> str:  # noqa: F811  the fixture
    """A database on a server apart: in the run's own, whatever another worker has open would keep
    a table from being written anew."""
    return alone


@pytest.fixture
def stage(durable: str) -> Cast:
    return beginnings.cast_again()


@pytest.fixture
def now(stage: Cast, tmp_path: Path) -> Iterator[Cast]:
    """Connected to the prefecture with keys of today; what was sent long ago is below."""
    with wires.connected(wires.keys(tmp_path / "now")):
        yield stage


def moment(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 3, tzinfo=UTC)


def told(*rows: Sent, at: datetime) -> None:
    """What the prefecture and the centre say of them."""
    ids = [one.pk for one in rows]
    found = Sent.objects.filter(pk__in=ids)
    found.update(outcome="done", outcome_at=at, above="done", above_at=at)


def long_ago(neighbour: Prefecture, folder: Path, of: int = 4) -> list[Sent]:
    """So many messages of June 2019, all receipted."""
    with clock.fixed(moment(JUNE)), wires.connected(wires.keys(folder / "then")):
        rows = wires.sent(*(uuid4() for _ in range(of)))
        assert set(talk(neighbour)) == {Told.WENT_ON}
    return rows


def sent_now(neighbour: Prefecture) -> Sent:
    (row,) = wires.sent(uuid4())
    assert set(talk(neighbour)) == {Told.WENT_ON}
    return row


def listed(list_id: int) -> list[tuple[str, date, int]]:
    return [(one.kind, one.month, one.row_count) for one in lists.lines(list_id)]


def disposed_of(cast: Cast, neighbour: Prefecture, folder: Path) -> list[Sent]:
    """Four messages of long ago of which two are settled, and gone now; gives the other two."""
    first, second, third, fourth = long_ago(neighbour, folder)
    told(first, second, at=moment(JUNE))
    carrying_out.carry_out(worker(cast), approved(cast))
    return [third, fourth]


# -- What is settled -------------------------------------------------------------------------------


@pytest.mark.durable
def test_what_is_settled_goes_and_nothing_else(
    durable: str,
    now: Cast,
    tmp_path: Path,
    superuser: Superuser,  # noqa: F811  the fixture
) -> None:
    settled, no_outcome, at_fault, not_above = long_ago(Prefecture(), tmp_path)
    told(settled, at_fault, not_above, at=moment(JUNE))
    Sent.objects.filter(pk=at_fault.pk).update(outcome="network.not_listed", is_open=True)
    Sent.objects.filter(pk=not_above.pk).update(above="", above_at=None)
    superuser().execute(
        "UPDATE network_outbox SET body = %s WHERE id = %s",
        [Jsonb({"after": {"family_name": MARKER}}), settled.outbox_id],
    )
    assert files_with(durable, MARKER, OF_SENT), "the search finds what is there"
    list_id = approved(now)
    assert listed(list_id) == [("outbox", date(2019, 6, 1), 1)]
    carrying_out.carry_out(worker(now), list_id)
    assert lists.there(list_id).state == "done"
    left = {no_outcome.pk, at_fault.pk, not_above.pk}
    assert set(Sent.objects.values_list("pk", flat=True)) == left
    assert set(Logged.objects.values_list("message_id", flat=True)) == left
    assert Outbox.objects.count() == 3
    line = SendingLine.objects.get()
    assert (line.disposed, len(line.disposed_digest)) == (settled.place, 32)
    assert files_with(durable, MARKER, OF_SENT) == []


@pytest.mark.durable
def test_what_was_refused_goes_once_somebody_has_seen_to_it(now: Cast, tmp_path: Path) -> None:
    refused, seen_to = long_ago(Prefecture(), tmp_path, 2)
    fault = {"outcome": "refused:network.no_such_party", "outcome_at": moment(JUNE)}
    Sent.objects.filter(pk=refused.pk).update(**fault, receipted_at=None, is_refused=True)
    Sent.objects.filter(pk=seen_to.pk).update(**fault, receipted_at=None)
    carrying_out.carry_out(worker(now), approved(now))
    assert Sent.objects.get().pk == refused.pk


@pytest.mark.durable
def test_every_place_that_a_message_had_goes_with_it(
    now: Cast,
    tmp_path: Path,
) -> None:
    neighbour = Prefecture()
    first, again = long_ago(neighbour, tmp_path, 2)
    with clock.fixed(moment(JUNE)), wires.connected(wires.keys(tmp_path / "then_again")):
        before = again.place
        Sent.objects.filter(pk=again.pk).update(outcome="refused:network.malformed")
        send_again(again.pk)
        assert set(talk(neighbour)) == {Told.WENT_ON}
    again.refresh_from_db()
    assert again.place == before + 1
    told(again, at=moment(JUNE))
    carrying_out.carry_out(worker(now), approved(now))
    assert Logged.objects.get().message_id == first.pk
    assert SendingLine.objects.get().disposed == again.place
    sent_now(neighbour)


@pytest.mark.durable
def test_a_prefecture_lets_go_what_it_passed_on_and_what_it_took(
    now: Cast,
    tmp_path: Path,
    superuser: Superuser,  # noqa: F811  the fixture
) -> None:
    (row,) = long_ago(Prefecture(), tmp_path, 1)
    told(row, at=moment(JUNE))
    Forwarded.objects.create(forwarded_id=row.pk, origin=TOWN_BELOW, message_id=uuid4())
    _passed_on(SendingLine.objects.get(), is_receipted=True)
    line = SendingLine.objects.get()
    _passed_on(line, is_receipted=False)
    for receipt in (1, 2):
        KeptReceipt.objects.create(neighbour=PREFECTURE, epoch=1, upto=receipt, signed="signed")
    _came(waits=False)
    waits = _came(waits=True)
    root = superuser()
    for table in ("network_logged", "network_keptreceipt"):
        root.execute(f"UPDATE {table} SET at = %s", [moment(JUNE)])  # noqa: S608  our own names
    last = KeptReceipt.objects.order_by("-id")[0].pk
    receipts = KeptReceipt.objects.count() - 1
    list_id = approved(now)
    month = date(2019, 6, 1)
    assert listed(list_id) == [("inbox", month, 1), ("outbox", month, 2 + receipts)]
    carrying_out.carry_out(worker(now), list_id)
    assert Arrived.objects.get().message_id == waits
    assert Logged.objects.get().place == line.receipted + 1, "nobody has receipted it"
    assert KeptReceipt.objects.get().pk == last
    assert not Forwarded.objects.exists()


def _passed_on(line: SendingLine, *, is_receipted: bool) -> None:
    place = line.handed + 1
    Logged.objects.create(
        neighbour=line.neighbour,
        place=place,
        origin=TOWN_BELOW,
        message_id=uuid4(),
        digest="0" * 32,
        signed="signed",
    )
    upto = {"receipted": place, "placed": place} if is_receipted else {}
    SendingLine.objects.filter(pk=line.pk).update(handed=place, digest="0" * 32, **upto)


def _came(*, waits: bool) -> UUID:
    row = Arrived.objects.create(
        origin=TOWN_BELOW,
        to=TOWN,
        resident=uuid4(),
        epoch=1,
        ordinal=1,
        message_id=uuid4(),
        made_at_ms=1,
        waits=waits,
        arrived_at=moment(JUNE),
    )
    return row.message_id


@pytest.mark.durable
def test_nothing_is_listed_before_a_neighbour_was_asked(now: Cast, tmp_path: Path) -> None:
    (row,) = long_ago(Prefecture(), tmp_path, 1)
    told(row, at=moment(JUNE))
    SendingLine.objects.update(is_unasked=True)
    with pytest.raises(Refused) as refused:
        proposing.propose(worker(now))
    assert [one.code for one in refused.value.findings] == ["brra36-2.nothing_due"]


@pytest.mark.durable
def test_what_the_line_has_gone_back_before_is_kept(now: Cast, tmp_path: Path) -> None:
    rows = long_ago(Prefecture(), tmp_path, 2)
    told(*rows, at=moment(JUNE))
    list_id = approved(now)
    SendingLine.objects.update(receipted=1)
    assert carrying_out.carry_out(worker(now), list_id) == carrying_out.CarriedOut(0, 1)
    assert Logged.objects.count() == 2
    assert SendingLine.objects.get().disposed == 0


# -- The line afterwards ---------------------------------------------------------------------------


@pytest.mark.durable
def test_the_line_goes_on_and_nothing_comes_twice(now: Cast, tmp_path: Path) -> None:
    neighbour = Prefecture()
    disposed_of(now, neighbour, tmp_path)
    sent_now(neighbour)
    assert len(neighbour.came) == 5
    assert set(neighbour.came.values()) == {1}


@pytest.mark.durable
def test_a_neighbour_that_comes_back_gets_what_it_lost_and_no_more(
    now: Cast, tmp_path: Path
) -> None:
    neighbour = Prefecture()
    disposed_of(now, neighbour, tmp_path)
    backup = neighbour.backup()
    lost = [str(sent_now(neighbour).pk) for _ in range(2)]
    assert talk(backup)[0] is Told.GO_BACK
    assert {one: backup.came[one] for one in lost} == dict.fromkeys(lost, 1)
    assert set(backup.came.values()) == {1}
    assert backup.digests == neighbour.digests


@pytest.mark.durable
def test_another_log_is_sent_again_from_behind_what_is_gone(now: Cast, tmp_path: Path) -> None:
    """The sender came back without knowing it, and gave other messages the same places."""
    neighbour = Prefecture()
    left = disposed_of(now, neighbour, tmp_path)
    neighbour.digests[3:] = ["another" for _ in neighbour.digests[3:]]
    told_ = talk(neighbour)
    assert told_[0] is Told.FROM_THE_START
    assert told_[-1] is Told.WENT_ON
    assert [neighbour.came[str(one.pk)] for one in left] == [2, 2], "their ids make them one"
    assert SendingLine.objects.get().receipted == 4


@pytest.mark.durable
def test_who_lacks_what_is_gone_is_told_and_the_line_stands_until_a_newer_backup(
    now: Cast, tmp_path: Path
) -> None:
    neighbour, nothing = Prefecture(), Prefecture()
    disposed_of(now, neighbour, tmp_path)
    (waits,) = wires.sent(uuid4())
    relay = Relay(PREFECTURE, cast_to(Client, nothing))
    before = SendingLine.objects.values("epoch", "placed", "receipted").get()
    assert relay.round() == PATIENCE_SECONDS[-1]
    line = SendingLine.objects.get()
    assert line.trouble == sending.TEXT_DISPOSED
    assert SendingLine.objects.values("epoch", "placed", "receipted").get() == before
    assert not nothing.came
    assert set(talk(neighbour)) == {Told.WENT_ON}
    assert neighbour.came[str(waits.pk)] == 1
    assert composing.compose() == 0


@pytest.mark.durable
def test_not_even_who_asks_for_all_that_was_refused_is_told_wrongly(
    now: Cast, tmp_path: Path
) -> None:
    neighbour = Prefecture()
    disposed_of(now, neighbour, tmp_path)
    asked = sending.asking(PREFECTURE)
    assert (asked.first, asked.before, asked.signed) == (1, NO_LOG, ())
    assert sending.note(neighbour.take(asked), "signed") is Told.WENT_ON

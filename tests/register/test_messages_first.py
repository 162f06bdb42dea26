"""除票と送信の記録: what was sent of a person goes first, then the 除票, then nothing is left."""

import subprocess
from datetime import UTC, date, datetime
from pathlib import Path
from uuid import UUID, uuid4

import pytest

import beginnings
import databases
from access.conftest import apart  # noqa: F401  its fixture, by name
from access.conftest import stage as alone  # noqa: F401  its fixture, by name
from daicho.access import clock
from daicho.access.disposing import carrying_out, lists, proposing
from daicho.access.refusals import Refused
from daicho.network.lines import composing, sending
from daicho.network.models import Arrived, Due, GivenTurn, Hold, Logged, Outbox, Sent, Stream
from daicho.register.models import Current
from daicho.site.postgres import binaries
from network.wires import PREFECTURE, TOWN
from old_town import KIND, MARKER, OLD, closed, taken_over
from people import Cast
from retention import approved, worker
from web import lines as wires

THEN = datetime(2019, 6, 15, 3, tzinfo=UTC)
JUNE, MARCH = date(2019, 6, 1), date(1990, 3, 1)
CODE = "98765432103"


@pytest.fixture
def durable(alone: str) -> str:  # noqa: F811  the fixture
    """A database on a server apart: in the run's own, whatever another worker has open would keep
    a table from being written anew."""
    return alone


@pytest.fixture
def stage(durable: str) -> Cast:
    return beginnings.cast_again()


def listed(list_id: int) -> list[tuple[str, date]]:
    return [(one.kind, one.month) for one in lists.lines(list_id)]


def dump(database: str) -> str:
    """Everything that stands in a database, as text."""
    url = databases.the_server().url(database, "superuser")
    tool = str(binaries.folder() / "pg_dump")
    return subprocess.run([tool, url], capture_output=True, check=True).stdout.decode()


def _told_of(record_id: UUID) -> Outbox:
    row = Outbox.objects.create(
        kind="identification_information",
        v=1,
        article="BRRA 30-6(1)",
        record_id=record_id,
        history_no=1,
        change_id=1,
        request_id=uuid4(),
        ward=TOWN,
        body={
            "what": "closes",
            "reason": "moved_out",
            "occurred_on": "2019-06-15",
            "before": {"family_name": MARKER},
            "after": {"resident_record_code": CODE, "family_name": MARKER, "sex": "1"},
        },
    )
    Due.objects.create(outbox_id=row.pk, kind=row.kind, record_id=record_id, due_at=THEN)
    return row


def sent_long_ago(record_id: UUID, folder: Path) -> Sent:
    """A message of the person that has its receipt, and no outcome yet."""
    row = _told_of(record_id)
    with clock.fixed(THEN), wires.connected(wires.keys(folder / "then")):
        assert composing.compose() == 1
        wires.receipted()
        assert sending.parcel_to(PREFECTURE) is None
    return Sent.objects.get(outbox_id=row.pk)


def _came_of(record_id: UUID, *, waits: bool) -> UUID:
    """The centre has told something of the person, by the record id that we named."""
    turn = {"origin": "00", "resident": record_id}
    Stream.objects.create(**turn, done_epoch=1, done_ordinal=1)
    row = Arrived.objects.create(
        **turn,
        to=TOWN,
        epoch=1,
        ordinal=1,
        message_id=uuid4(),
        made_at_ms=1,
        waits=waits,
        arrived_at=clock.now(),
    )
    return row.message_id


def carried_out(cast: Cast) -> list[tuple[str, date]]:
    list_id = approved(cast)
    carrying_out.carry_out(worker(cast), list_id)
    assert lists.there(list_id).state == "done"
    return listed(list_id)


def refused(cast: Cast) -> list[str]:
    with pytest.raises(Refused) as why:
        proposing.propose(worker(cast))
    return [one.code for one in why.value.findings]


@pytest.mark.durable
def test_a_closed_record_goes_after_its_messages_and_nothing_of_it_is_left(
    durable: str, stage: Cast, tmp_path: Path
) -> None:
    record_id = taken_over(stage, tmp_path, closed("old", OLD))["old"]
    sent = sent_long_ago(record_id, tmp_path)
    found = dump(durable)
    assert MARKER in found, "the search finds what is there"
    assert str(record_id) in found
    waits = ["brra36-2.nothing_due", "brra36-2.disposal_other_first"]
    assert refused(stage) == waits, "nobody has said what became of the message"
    Sent.objects.filter(pk=sent.pk).update(
        outcome="done", outcome_at=THEN, above="done", above_at=THEN
    )
    assert carried_out(stage) == [("outbox", JUNE)]
    assert not Logged.objects.exists()
    assert Current.objects.filter(record_id=record_id).exists()
    assert GivenTurn.objects.filter(resident=record_id).exists(), "it could be told of yet"
    came = _came_of(record_id, waits=True)
    assert refused(stage) == waits, "what came is not carried out yet"
    Arrived.objects.filter(message_id=came).update(waits=False)
    assert carried_out(stage) == [(KIND, MARCH)]
    found = dump(durable)
    assert MARKER not in found
    assert str(record_id) not in found


@pytest.mark.durable
def test_a_closed_record_whose_sending_is_held_waits(stage: Cast, tmp_path: Path) -> None:
    record_id = taken_over(stage, tmp_path, closed("old", OLD))["old"]
    Hold.objects.create(record_id=record_id, reason="", held_at=clock.now())
    assert refused(stage) == ["brra36-2.nothing_due", "brra36-2.disposal_other_first"]
    Hold.objects.all().delete()
    assert carried_out(stage) == [(KIND, MARCH)]


@pytest.mark.durable
def test_a_message_that_nobody_got_keeps_the_closed_record(stage: Cast, tmp_path: Path) -> None:
    record_id = taken_over(stage, tmp_path, closed("old", OLD))["old"]
    _told_of(record_id)
    assert refused(stage) == ["brra36-2.nothing_due", "brra36-2.disposal_other_first"]

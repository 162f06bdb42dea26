"""A receipt and outcomes of the same messages at once, in a database with real commits."""

from threading import Thread
from time import monotonic, sleep
from uuid import UUID, uuid4

import pytest
from django.conf import LazySettings
from django.db import connection, transaction

from daicho.access import clock
from daicho.network.deeds import outcomes
from daicho.network.deeds.deed import Desk
from daicho.network.lines import own, sending
from daicho.network.lines.logs import Entry, hand_over
from daicho.network.messages.outcomes import DONE
from daicho.network.models import Sent
from daicho.network.protocol.links import Receipt
from daicho.network.protocol.message import Message, Stream, Turn
from network.wires import PREFECTURE, TOWN

pytestmark = pytest.mark.durable
_WAITS = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"


def sent() -> tuple[UUID, UUID, Receipt]:
    """Two messages that have left, and the receipt of both."""
    ids = uuid4(), uuid4()
    with transaction.atomic():
        line = own.sending_lines([PREFECTURE])[PREFECTURE]
        hand_over(line, [Entry(TOWN, one, "signed") for one in ids])
        line.placed = 2
        line.save()
    for place, one in enumerate(ids, start=1):
        Sent.objects.create(
            message_id=one,
            kind="identification_information",
            to=PREFECTURE,
            resident=uuid4(),
            epoch=1,
            ordinal=1,
            made_at=clock.now(),
            neighbour=PREFECTURE,
            place=place,
        )
    return *ids, Receipt(TOWN, PREFECTURE, line.epoch, 1, 2, line.digest, (), False)


def done(of: UUID) -> Message:
    stream = Stream(PREFECTURE, TOWN, str(uuid4()))
    return Message(str(uuid4()), "outcomes", 1, stream, Turn(1, 1), 1, "x", {"of": {str(of): DONE}})


def test_neither_waits_for_the_other_for_ever(durable: str, settings: LazySettings) -> None:
    settings.PARTY, settings.NEIGHBOURS = TOWN, {PREFECTURE: ""}
    first, second, receipt = sent()

    def note() -> None:
        try:
            sending.note(receipt, "signed")
        finally:
            connection.close()

    noting = Thread(target=note)
    with transaction.atomic(), connection.cursor() as cursor:
        outcomes.note_outcomes(done(second), "", Desk())
        noting.start()
        until = monotonic() + 10
        while monotonic() < until:
            cursor.execute("SELECT pg_stat_clear_snapshot()")
            cursor.execute(_WAITS)
            if cursor.fetchone()[0]:
                break
            sleep(0.01)
        outcomes.note_outcomes(done(first), "", Desk())
    noting.join(10)
    rows = Sent.objects.exclude(receipted_at=None)
    assert [one.outcome for one in rows] == [DONE, DONE]

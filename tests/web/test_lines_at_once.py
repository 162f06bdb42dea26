"""同時の再送と保留: of two who send again one does, and a hold waits for what is being made."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from threading import Barrier
from uuid import uuid4

import pytest
from django.db import connection, connections, transaction

from daicho.access import clock
from daicho.access.permits import Permit, permit
from daicho.law.network.faults import MALFORMED
from daicho.network.lines import composing, sending
from daicho.network.mending import acts, holds
from daicho.network.models import Hold, Sent
from network.wires import PREFECTURE
from people import Player, cast_of
from web import lines

pytestmark = [pytest.mark.durable, pytest.mark.usefixtures("durable")]
WAITS = (
    "SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted AND database ="
    " (SELECT oid FROM pg_database WHERE datname = current_database())"
)


def _mends(player: Player) -> Permit:
    """Leave of a request of its own."""
    actor = replace(player.acting(), request_id=uuid4())
    return permit(actor, "network.mend", clock.today())


def test_of_two_who_send_again_at_the_same_moment_one_does(tmp_path: Path) -> None:
    supervisor, together = cast_of().supervisor, Barrier(2)
    with lines.connected(lines.keys(tmp_path / "nation")):
        first = lines.refused(uuid4(), MALFORMED.code)

        def again(_: int) -> None:
            try:
                leave = _mends(supervisor)
                together.wait(10)
                acts.send_again(leave, first.pk)
            finally:
                connections.close_all()

        with ThreadPoolExecutor(2) as pool:
            list(pool.map(again, range(2)))
        assert len(lines.receipted()) == 1
        assert sending.parcel_to(PREFECTURE) is None
    assert Sent.objects.get().place == 2


def test_a_hold_waits_until_what_is_being_made_is_made(tmp_path: Path) -> None:
    supervisor, record_id = cast_of().supervisor, uuid4()

    def hold() -> None:
        try:
            holds.hold(_mends(supervisor), record_id, "papers")
        finally:
            connections.close_all()

    with lines.connected(lines.keys(tmp_path / "nation")), ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            lines.caused(record_id)
            assert composing.compose() == 1
            holding = pool.submit(hold)
            while not _is_waited_for():
                assert not holding.done(), "it did not wait"
        holding.result(10)
        lines.caused(record_id)
        assert composing.compose() == 0
    assert Hold.objects.get().reason == "papers"


def _is_waited_for() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(WAITS)
        return cursor.fetchone() is not None

"""回線を動かす: a party's server, relay and worker, each in threads of its own, until told to stop.

Nobody waits for another: a neighbour that does not answer holds up its own line alone, and whatever
goes wrong in a round is told in the log, and the next round comes. What wakes a loop at once is an
event of this process; else each looks by itself from time to time.
"""

import socket
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from threading import Event, Thread
from time import monotonic

import structlog
from django.conf import settings
from django.db import connection

from daicho.network.lines import composing, keyring, own, sending, taking, working
from daicho.network.lines.doors import Doors
from daicho.network.protocol.links import Parcel, Receipt, Told
from daicho.network.protocol.parties import Party, party
from daicho.network.wire.client import Client, NoAnswer
from daicho.network.wire.server import Server, running

log = structlog.stdlib.get_logger("daicho.network")

COMPOSE_SECONDS = 0.25  # changes are recorded by other processes
LOOK_SECONDS = 1.0  # an operator sends again from another process
ASK_SECONDS = 60.0
PATIENCE_SECONDS = (1.0, 2.0, 5.0, 15.0, 30.0)
_AGAIN_SECONDS = 5.0
_DOORS_SECONDS = 10.0
STOP_SECONDS = 5.0
"""終了の待ち: nobody waits longer for a neighbour that hangs; what it had is sent again."""

Round = Callable[[], float]
"""一巡: does what there is to do; gives after how many seconds to look again."""


@dataclass
class Loop:
    """繰返し: a round again and again; `wake` ends the waiting between two."""

    name: str
    round: Round
    wake: Event = field(default_factory=Event)

    def run(self, stop: Event) -> None:
        """Until `stop`; a connection that failed is not used again."""
        while not stop.is_set():
            try:
                pause = self.round()
            except Exception:  # whatever it was, the next round comes
                log.exception("network_round_failed", loop=self.name)
                with suppress(Exception):  # of a database that is lost
                    connection.close()
                pause = _AGAIN_SECONDS
            if self.wake.wait(pause):
                self.wake.clear()
        connection.close()


class Relay:
    """一つの回線の送り手: what has no receipt goes out; from time to time it is asked how far they
    are, so that one who came back from an old backup is heard of."""

    def __init__(self, neighbour: Party, client: Client) -> None:
        self._neighbour = neighbour
        self._address = settings.NEIGHBOURS[neighbour]
        self._client = client
        self._failures = 0
        self._ask_at = 0.0

    def round(self) -> float:
        """A parcel or an asking, where there is one to send."""
        now = own.now_ms() / 1000
        is_asking = now >= self._ask_at
        neighbour = self._neighbour
        parcel = sending.asking(neighbour) if is_asking else sending.parcel_to(neighbour)
        if parcel is None:
            return min(LOOK_SECONDS, self._ask_at - now)
        try:
            receipt, signed = self._client.post(neighbour, self._address, parcel)
        except NoAnswer as trouble:
            return self._failed(trouble.code)
        told = sending.note(receipt, signed)
        sending.tried(neighbour, "")
        self._failures = 0
        if is_asking:
            self._ask_at = now + ASK_SECONDS
        if told is Told.CANNOT_BE:
            log.warning("receipt_cannot_be", peer=neighbour)
            return PATIENCE_SECONDS[-1]
        return 0.0

    def _failed(self, code: str) -> float:
        if not self._failures:
            log.warning("neighbour_silent", peer=self._neighbour, why=code)
        sending.tried(self._neighbour, code)
        pause = PATIENCE_SECONDS[min(self._failures, len(PATIENCE_SECONDS) - 1)]
        self._failures += 1
        self._ask_at = 0.0  # before anything else, once it answers again
        return pause


def keep(stop: Event) -> None:
    """動かし続ける: until `stop`; nothing is done where no neighbour is set."""
    if not settings.NEIGHBOURS:
        stop.wait()
        return
    client, doors = Client(keyring.identity()), Doors()
    with _listening() as listening:
        loops = _loops(client, doors)
        wakes = {loop.name: loop.wake for loop in loops}

        def take(parcel: Parcel) -> Receipt | None:
            receipt = _in_its_own_connection(taking.take, parcel)
            for wake in wakes.values():
                wake.set()
            return receipt

        server = Server(keyring.identity(), own.neighbours(), take, doors.count)
        threads = [
            Thread(target=loop.run, args=(stop,), name=loop.name, daemon=True) for loop in loops
        ]
        with running(server, listening):
            log.info("network_running", listening=settings.NETWORK_LISTEN)
            for thread in threads:
                thread.start()
            stop.wait()
            for wake in wakes.values():
                wake.set()
            _ended(threads)
    client.close()


def _loops(client: Client, doors: Doors) -> list[Loop]:
    relays = [
        Loop(f"relay {code}", Relay(party(code), client).round) for code in settings.NEIGHBOURS
    ]

    def compose() -> float:
        if not composing.compose():
            return COMPOSE_SECONDS
        for one in relays:
            one.wake.set()
        return 0.0

    composer = Loop("compose", compose)

    def work() -> float:
        if not working.work():
            return LOOK_SECONDS
        composer.wake.set()
        return 0.0

    def count() -> float:
        doors.write()
        return _DOORS_SECONDS

    return [*relays, composer, Loop("work", work), Loop("doors", count)]


def _ended(threads: Iterable[Thread]) -> None:
    """What has not ended by then ends with the process; what it had begun is rolled back."""
    until = monotonic() + STOP_SECONDS
    for thread in threads:
        thread.join(max(0.0, until - monotonic()))


def _in_its_own_connection(
    take: Callable[[Parcel], Receipt | None], parcel: Parcel
) -> Receipt | None:
    """A thread of the server keeps its connection, unless it failed."""
    try:
        return take(parcel)
    except Exception:
        with suppress(Exception):  # of a database that is lost
            connection.close()
        raise


@contextmanager
def _listening() -> Iterator[socket.socket]:
    host, _, port = settings.NETWORK_LISTEN.rpartition(":")
    with socket.create_server((host.strip("[]"), int(port)), backlog=256) as listening:
        yield listening

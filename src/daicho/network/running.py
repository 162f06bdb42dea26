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

from daicho.network.lines import composing, keyring, own, sending, taking, waking, working
from daicho.network.lines.doors import Doors
from daicho.network.protocol.links import Parcel, Receipt, Told
from daicho.network.protocol.parties import Party
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
        now = monotonic()
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
        sending.tried(neighbour, sending.TEXT_DISPOSED if told is Told.DISPOSED else "")
        self._failures = 0
        if is_asking:
            self._ask_at = now + ASK_SECONDS
        if told in {Told.CANNOT_BE, Told.DISPOSED}:
            log.warning("receipt_changes_nothing", peer=neighbour, why=told.value)
            return PATIENCE_SECONDS[-1]
        took = is_asking or receipt.upto >= parcel.first
        return 0.0 if took else PATIENCE_SECONDS[0]  # it waits for a key, or is at another place

    def _failed(self, code: str) -> float:
        if not self._failures:
            log.warning("neighbour_silent", peer=self._neighbour, why=code)
        sending.tried(self._neighbour, code)
        pause = PATIENCE_SECONDS[min(self._failures, len(PATIENCE_SECONDS) - 1)]
        self._failures += 1
        self._ask_at = 0.0  # before anything else, once it answers again
        return pause


def keep(stop: Event, more: Iterable[Loop] = ()) -> None:
    """動かし続ける: until `stop`; nothing is done where no neighbour is set.

    A parcel that came wakes the worker; what it hands over wakes the relay of that line. `more` are
    loops of who stands further out, such as what records notices; the worker wakes them too.
    """
    if not settings.NEIGHBOURS:
        stop.wait()
        return
    client, doors = Client(keyring.identity()), Doors()
    with _listening() as listening:
        composer = Loop("compose", _compose)
        worker = Loop("work", lambda: _work([composer, *more]))
        counter = Loop("doors", lambda: _count(doors))
        loops = [*_relays(client), composer, worker, counter, *more]
        server = Server(
            keyring.identity(), own.neighbours(), lambda one: _take(one, worker), doors.count
        )
        threads = [
            Thread(target=loop.run, args=(stop,), name=loop.name, daemon=True) for loop in loops
        ]
        with running(server, listening):
            log.info("network_running", listening=settings.NETWORK_LISTEN)
            for thread in threads:
                thread.start()
            stop.wait()
            for loop in loops:
                loop.wake.set()
            _ended(threads)
    client.close()


def _relays(client: Client) -> Iterator[Loop]:
    for neighbour in own.neighbours():
        loop = Loop(f"relay {neighbour}", Relay(neighbour, client).round)
        waking.listen(neighbour, loop.wake)
        yield loop


def _compose() -> float:
    return 0.0 if composing.compose() else COMPOSE_SECONDS


def _work(waiting: Iterable[Loop]) -> float:
    if not working.work():
        return LOOK_SECONDS
    for one in waiting:
        one.wake.set()
    return 0.0


def _count(doors: Doors) -> float:
    doors.write()
    return _DOORS_SECONDS


def _ended(threads: Iterable[Thread]) -> None:
    """What has not ended by then ends with the process; what it had begun is rolled back."""
    until = monotonic() + STOP_SECONDS
    for thread in threads:
        thread.join(max(0.0, until - monotonic()))


def _take(parcel: Parcel, worker: Loop) -> Receipt | None:
    """A thread of the server keeps its connection, unless it failed."""
    try:
        receipt = taking.take(parcel)
    except Exception:  # whatever it was: the server says so, and the parcel comes again
        with suppress(Exception):  # of a database that is lost
            connection.close()
        raise
    worker.wake.set()
    return receipt


@contextmanager
def _listening() -> Iterator[socket.socket]:
    host, _, port = settings.NETWORK_LISTEN.rpartition(":")
    with socket.create_server((host.strip("[]"), int(port)), backlog=256) as listening:
        yield listening

"""回線の受け口: who connects: TLS with certificates of both ends, so many at once, and no longer.

A connection stands in the waiting room until its certificate is known to be a neighbour's; who
fills that room with nothing puts out his own.
"""

import asyncio
import socket
from collections.abc import Callable, Collection, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from functools import partial
from threading import Event, Thread
from typing import NamedTuple

import structlog

from daicho.law.network.faults import HANDSHAKE, TOO_MANY, UNAVAILABLE
from daicho.network.keys.folders import Damaged, NoKey
from daicho.network.protocol.parties import Party
from daicho.network.wire.answering import Answering, Count, Take, Waits
from daicho.network.wire.identity import Identity
from daicho.network.wire.rooms import Room
from daicho.network.wire.streams import Stream
from daicho.network.wire.talking import Talk

log = structlog.stdlib.get_logger("daicho.network")


class Limits(NamedTuple):
    """限度: how many connections at once: `waiting` of nobody yet, each address; `speaking` of
    neighbours, each neighbour; and how many parcels are taken at once."""

    handshake_s: float = 5
    waiting: int = 256
    waiting_each: int = 32
    speaking: int = 1024
    speaking_each: int = 8
    workers: int = 4


LIMITS, WAITS = Limits(), Waits()


class Server:
    """受け口: of one party, for its neighbours; it serves once."""

    def __init__(
        self,
        identity: Identity,
        neighbours: Collection[Party],
        take: Take,
        count: Count,
        *,
        limits: Limits = LIMITS,
        waits: Waits = WAITS,
    ) -> None:
        self._identity = identity
        self._limits = limits
        self._workers = ThreadPoolExecutor(limits.workers, "parcels")
        self._answering = Answering(identity, neighbours, take, count, waits, self._workers)
        self._waiting = Room(
            limits.waiting, limits.waiting_each, lambda _address: count("", TOO_MANY.code)
        )
        self._speaking = Room(
            limits.speaking, limits.speaking_each, lambda peer: count(peer, TOO_MANY.code)
        )
        self._has_started = Event()
        self._stop: Callable[[], object] = lambda: None

    def run(self, listening: socket.socket) -> None:
        """受け始める: until `stop` is called by another thread; `listening` stays its caller's."""
        with suppress(asyncio.CancelledError):
            asyncio.run(self._accept(listening))

    def stop(self) -> None:
        """受け終える: what is being taken is taken, and nothing is answered any more."""
        self._has_started.wait()
        self._stop()

    async def _accept(self, listening: socket.socket) -> None:
        own = asyncio.current_task()
        assert own is not None, "a coroutine runs in a task"
        loop = asyncio.get_running_loop()
        self._stop = partial(loop.call_soon_threadsafe, own.cancel)
        self._has_started.set()
        listening.setblocking(False)
        held: set[asyncio.Task[None]] = set()
        try:
            while True:
                await self._accept_one(listening, held)
        finally:
            for task in held:
                task.cancel()
            await asyncio.gather(*held, return_exceptions=True)
            self._workers.shutdown()

    async def _accept_one(self, listening: socket.socket, held: set[asyncio.Task[None]]) -> None:
        loop = asyncio.get_running_loop()
        try:
            connection, (address, *_) = await loop.sock_accept(listening)
        except OSError as failure:  # such as too many open files
            log.error("network_cannot_accept", errno=failure.errno)
            await asyncio.sleep(1)  # until some are closed; at once it would fail again
            return
        task = loop.create_task(self._held(connection, address))
        held.add(task)
        self._waiting.enter(task, address)
        for left in (held.discard, self._waiting.leave, self._speaking.leave):
            task.add_done_callback(left)
        await asyncio.sleep(0)  # it begins, and so will close what it holds

    async def _held(self, connection: socket.socket, address: str) -> None:
        """One connection, from the handshake to its end."""
        with connection:
            try:
                stream = Stream(connection, self._identity.for_server())
            except (NoKey, Damaged, OSError) as failure:
                self._answering.note("", UNAVAILABLE, reason=type(failure).__name__)
                return
        try:
            if certificate := await self._handshake(stream, address):
                with suppress(OSError):  # they have gone
                    await self._spoken(Talk(stream), certificate)
            await stream.end()
        finally:
            stream.cut()

    async def _handshake(self, stream: Stream, address: str) -> bytes:
        """The certificate (DER) of the other end, of our authority; blank where there is none."""
        try:
            async with asyncio.timeout(self._limits.handshake_s):
                return await stream.handshake()
        except OSError as failure:
            # a word of OpenSSL, such as CERTIFICATE_VERIFY_FAILED
            reason = getattr(failure, "reason", None) or type(failure).__name__
            self._answering.note("", HANDSHAKE, reason=reason, address=address)
            return b""

    async def _spoken(self, talk: Talk, certificate: bytes) -> None:
        peer = await self._answering.peer(certificate)
        own = asyncio.current_task()
        if peer and own is not None:
            self._waiting.leave(own)
            self._speaking.enter(own, peer)
        await self._answering.conversation(talk, peer)


@contextmanager
def running(server: Server, listening: socket.socket) -> Iterator[None]:
    """受けている間: in a thread of its own."""
    thread = Thread(target=server.run, args=(listening,), name="parcels")
    thread.start()
    try:
        yield
    finally:
        server.stop()
        thread.join()

"""暗号化した流れ: bytes over TLS on a socket that never blocks.

Not the streams of asyncio: they end a handshake that fails without its alert, so that the other end
would not learn that its certificate has ended.
"""

import asyncio
import socket
import ssl
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import TypeVar

READ_BYTES = 256 * 1024
_WRITE_BYTES = 64 * 1024
_HEARD_OUT_S, _HEARD_OUT_BYTES = 1.0, 32 * 1024 * 1024

_T = TypeVar("_T")


class Stream:
    """流れ: of one connection at the end that was connected to."""

    def __init__(self, connection: socket.socket, tls: ssl.SSLContext) -> None:
        connection.setblocking(False)
        self._socket = tls.wrap_socket(connection, server_side=True, do_handshake_on_connect=False)

    async def handshake(self) -> bytes:
        """The certificate (DER) of the other end; raises OSError."""
        await self._done(self._socket.do_handshake)
        return self._socket.getpeercert(binary_form=True) or b""

    async def read(self) -> bytes:
        """What came, blank at the end; raises OSError."""
        return await self._done(lambda: self._socket.recv(READ_BYTES))

    async def write(self, text: bytes) -> None:
        """All of it; raises OSError."""
        left = memoryview(text)
        while left:
            piece = left[:_WRITE_BYTES]  # the same again, where it has to wait
            left = left[await self._done(partial(self._socket.send, piece)) :]

    async def end(self) -> None:
        """The connection ends; who still sends is heard out for a moment, unread: a socket that is
        closed over what came takes with it what was said last."""
        with suppress(OSError, ValueError):
            self._socket.unwrap()
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_WR)
            async with asyncio.timeout(_HEARD_OUT_S):
                heard = 0
                while heard < _HEARD_OUT_BYTES and (more := await self._done(self._raw)):
                    heard += len(more)
        self.cut()

    def cut(self) -> None:
        """The connection ends at once."""
        self._socket.close()

    def _raw(self) -> bytes:
        return socket.socket.recv(self._socket, READ_BYTES)

    async def _done(self, step: Callable[[], _T]) -> _T:
        while True:
            try:
                return step()
            except (ssl.SSLWantReadError, BlockingIOError):
                await _ready(self._socket, is_to_write=False)
            except ssl.SSLWantWriteError:
                await _ready(self._socket, is_to_write=True)


async def _ready(one: socket.socket, *, is_to_write: bool) -> None:
    loop = asyncio.get_running_loop()
    add, remove = loop.add_reader, loop.remove_reader
    if is_to_write:
        add, remove = loop.add_writer, loop.remove_writer
    came = asyncio.Event()
    add(one, came.set)
    try:
        await came.wait()
    finally:
        remove(one)

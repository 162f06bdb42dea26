"""回線のやり取り: one connection spoken by HTTP/1.1: a request with its body, an answer, and on.

h11 reads what came and keeps the rules of HTTP; here is what it costs at most.
"""

from __future__ import annotations

from http import HTTPStatus

import h11

from daicho.law.network.faults import MALFORMED, Fault
from daicho.network.wire.streams import Stream

HEAD_BYTES_MAX = 16 * 1024


class Refused(Exception):
    """受けない通信: with which status, for which fault."""

    def __init__(self, status: HTTPStatus, fault: Fault) -> None:
        super().__init__(fault.code)
        self.status = status
        self.fault = fault


class Talk:
    """やり取り: with one peer, over one connection; every step may take as long as its caller
    lets it."""

    def __init__(self, stream: Stream) -> None:
        self._http = h11.Connection(h11.SERVER, max_incomplete_event_size=HEAD_BYTES_MAX)
        self._stream = stream
        self._has_begun = False

    @property
    def has_begun(self) -> bool:
        """Did anything come of a request that is not answered yet?"""
        return self._has_begun

    async def head(self) -> h11.Request | None:
        """The next request without its body; None where they have gone; raises Refused."""
        event = await self._event()
        if isinstance(event, h11.Request):
            return event
        return None

    async def body(self) -> bytes:
        """What the request carries; raises Refused where it ends before its length."""
        came = bytearray()
        while isinstance(event := await self._event(), h11.Data):
            came += event.data
        return bytes(came)

    async def _event(self) -> h11.Event | type[h11.NEED_DATA] | type[h11.PAUSED]:
        try:
            while (event := self._http.next_event()) is h11.NEED_DATA:
                more = await self._stream.read()
                self._has_begun = self._has_begun or bool(more)
                self._http.receive_data(more)
        except (h11.RemoteProtocolError, OSError):
            if not self._has_begun:
                return h11.ConnectionClosed()
            raise Refused(HTTPStatus.BAD_REQUEST, MALFORMED) from None
        return event

    async def answer(self, status: HTTPStatus, kind: str, text: bytes, *, is_last: bool) -> bool:
        """An answer; whether the connection goes on after it."""
        headers = [("Content-Type", kind), ("Content-Length", str(len(text)))]
        if is_last:
            headers.append(("Connection", "close"))
        if status is HTTPStatus.METHOD_NOT_ALLOWED:
            headers.append(("Allow", "POST"))
        said = h11.Response(status_code=status, headers=headers, reason=status.phrase)
        events = (said, h11.Data(data=text), h11.EndOfMessage())
        await self._stream.write(b"".join(self._http.send(one) or b"" for one in events))
        if self._http.our_state is h11.DONE and self._http.their_state is h11.DONE:
            self._http.start_next_cycle()
            self._has_begun = bool(self._http.trailing_data[0])
            return True
        return False

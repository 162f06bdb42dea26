"""回線の応答: what is answered to who speaks: a receipt, or a refusal by its fault.

Nothing of a body is read before it is known whose it is. What is refused is told, counted and
logged without its content.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable, Collection
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from http import HTTPStatus
from time import monotonic
from typing import NamedTuple, TypeVar

import h11
import structlog

from daicho.law.network.faults import (
    MALFORMED,
    NOT_CONNECTED,
    TOO_LARGE,
    TOO_SLOW,
    UNAVAILABLE,
    WRONG_WAY,
    Fault,
)
from daicho.network.keys.folders import Damaged
from daicho.network.protocol.links import Parcel, Receipt
from daicho.network.protocol.message import Malformed
from daicho.network.protocol.parties import Party
from daicho.network.wire import parcels
from daicho.network.wire.identity import Identity, NotTrusted
from daicho.network.wire.talking import Refused, Talk

PATH = "/parcels"
RECEIPT_KIND = "application/jose"

log = structlog.stdlib.get_logger("daicho.network")

Take = Callable[[Parcel], Receipt | None]
"""受け取る: keeps what is new of a parcel and gives its receipt; None where it gives none. Called
in threads of the server, also for one neighbour several times at once."""
Count = Callable[[str, str], None]
"""数える: of which neighbour (blank where nobody knows) which fault; must not wait for anything."""

_STRANGERS_APART_S = 1.0  # of those whom nobody knows one line in this time; all are counted
_T = TypeVar("_T")


class Waits(NamedTuple):
    """待つ時間: seconds, of one request."""

    head_s: float = 10
    idle_s: float = 90  # between two; more than a client keeps one that it does not use
    body_s: float = 60
    answer_s: float = 30
    lives_s: float = 300  # then the certificates are looked at again


class Answering:
    """応答: of one party to its neighbours."""

    def __init__(
        self,
        identity: Identity,
        neighbours: Collection[Party],
        take: Take,
        count: Count,
        waits: Waits,
        workers: ThreadPoolExecutor,
    ) -> None:
        self._identity = identity
        self._neighbours = neighbours
        self._take = take
        self._count = count
        self._waits = waits
        self._workers = workers
        self._silent_until = 0.0

    def note(self, peer: str, fault: Fault, **said: object) -> None:
        """数え、記録する: a refusal, without what was sent; strangers fill no log."""
        self._count(peer, fault.code)
        if not peer:
            if monotonic() < self._silent_until:
                return
            self._silent_until = monotonic() + _STRANGERS_APART_S
        log.warning("parcel_refused", fault=fault.code, peer=peer, **said)

    async def peer(self, certificate: bytes) -> str:
        """The neighbour that speaks; blank where it is none, or none that counts now."""
        return await self._worked(self._peer, certificate)

    def _peer(self, certificate: bytes) -> str:
        try:
            found = self._identity.party_of(certificate)
        except NotTrusted:
            return ""
        except Damaged as damaged:  # a file of ours, which is not the neighbour's fault
            log.error("network_directory_unreadable", reason=type(damaged).__name__)
            return ""
        return found if found in self._neighbours else ""

    async def conversation(self, talk: Talk, peer: str) -> None:
        """Requests one after the other, until the first that is refused."""
        until = asyncio.get_running_loop().time() + self._waits.lives_s
        wait_s, is_first = self._waits.head_s, True
        try:
            while await self._exchange(talk, peer, wait_s, until):
                wait_s, is_first = self._waits.idle_s, False
        except Refused as refused:
            if refused.fault is TOO_SLOW and not is_first and not talk.has_begun:
                return  # it had nothing more to send
            self.note(peer, refused.fault, status=refused.status.value)
            told = talk.answer(
                refused.status, "application/json", _told(refused.fault), is_last=True
            )
            with suppress(OSError, Refused, h11.LocalProtocolError):  # half an answer went out
                await _within(self._waits.answer_s, told)

    async def _exchange(self, talk: Talk, peer: str, wait_s: float, until: float) -> bool:
        """One request and its answer; whether another may follow; raises Refused."""
        head = await _within(wait_s, talk.head())
        if head is None:
            return False
        _judge(head, peer)
        body = await _within(self._waits.body_s, talk.body())
        receipt = await self._worked(self._receipt, peer, body)
        is_last = asyncio.get_running_loop().time() > until
        answer = talk.answer(HTTPStatus.OK, RECEIPT_KIND, receipt, is_last=is_last)
        return await _within(self._waits.answer_s, answer)

    def _receipt(self, peer: str, body: bytes) -> bytes:
        """What is answered to a parcel; raises Refused."""
        try:
            parcel = parcels.parcel_read(body)
        except Malformed:
            raise Refused(HTTPStatus.BAD_REQUEST, MALFORMED) from None
        # the certificate counts, not what the text says
        if (parcel.sender, parcel.receiver) != (peer, self._identity.party):
            raise Refused(HTTPStatus.FORBIDDEN, WRONG_WAY)
        try:
            receipt = self._take(parcel)
            if receipt is not None:
                text = parcels.receipt_written(receipt)
                return self._identity.signer().signed(text).encode()
        except Exception as failure:  # whatever it was: no receipt, and the parcel comes again
            log.error("parcel_not_taken", peer=peer, exc_info=failure)
            raise Refused(HTTPStatus.SERVICE_UNAVAILABLE, UNAVAILABLE) from None
        raise Refused(HTTPStatus.FORBIDDEN, WRONG_WAY)

    async def _worked(self, work: Callable[..., _T], *of: object) -> _T:
        return await asyncio.get_running_loop().run_in_executor(self._workers, work, *of)


async def _within(seconds: float, step: Awaitable[_T]) -> _T:
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            return await step
    raise Refused(HTTPStatus.REQUEST_TIMEOUT, TOO_SLOW)


def _judge(head: h11.Request, peer: str) -> None:
    """Whether the body of a request is read at all; raises Refused."""
    headers = dict(head.headers)
    length = headers.get(b"content-length")
    if not peer:
        raise Refused(HTTPStatus.FORBIDDEN, NOT_CONNECTED)
    if head.target != PATH.encode():
        raise Refused(HTTPStatus.NOT_FOUND, MALFORMED)
    if head.method != b"POST":
        raise Refused(HTTPStatus.METHOD_NOT_ALLOWED, MALFORMED)
    if length is None or b"transfer-encoding" in headers:
        raise Refused(HTTPStatus.LENGTH_REQUIRED, MALFORMED)
    if int(length) > parcels.PARCEL_BYTES_MAX:
        raise Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, TOO_LARGE)


def _told(fault: Fault) -> bytes:
    message = f"{fault.what}{fault.remedy}({fault.cited})"
    return json.dumps({"fault": fault.code, "message": message}).encode()

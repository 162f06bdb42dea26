"""外への問い合わせ: one POST to a witness or an authority, with an end to its patience.

It never runs inside a transaction: whoever waits there holds the whole sequence up.
"""

import time
from http.client import HTTPException
from typing import IO, Any
from urllib.error import HTTPError, URLError
from urllib.request import HTTPRedirectHandler, Request, build_opener

from django.db import connection

SECONDS_MAX = 10.0
ANSWER_BYTES_MAX = 64 * 1024


class NoAnswer(Exception):
    """答えがない: nobody there, too slow, too long, or not an answer to what was asked."""


class _NoRedirects(HTTPRedirectHandler):
    """An answer comes from the address that was set, or not at all."""

    def redirect_request(self, *_: Any, **__: Any) -> None:
        return None


_opener = build_opener(_NoRedirects())


def post(address: str, body: bytes, kind: str) -> tuple[int, bytes]:
    """The status and the body of the answer; raises NoAnswer."""
    assert not connection.in_atomic_block, "nobody is asked inside a transaction"
    request = Request(address, body, {"Content-Type": kind})  # noqa: S310  checked at the start
    give_up_at = time.monotonic() + SECONDS_MAX
    try:
        try:
            with _opener.open(request, timeout=SECONDS_MAX) as answer:
                return answer.status, _read(answer, give_up_at)
        except HTTPError as refusal:
            with refusal:
                return refusal.code, _read(refusal, give_up_at)
    except (URLError, OSError, HTTPException, ValueError) as trouble:
        raise NoAnswer(type(trouble).__name__) from None


def _read(answer: IO[bytes], give_up_at: float) -> bytes:
    """The body, part by part, so that one who sends a byte now and then is not waited for."""
    read, found = getattr(answer, "read1", answer.read), b""
    while part := read(ANSWER_BYTES_MAX):
        found += part
        if len(found) > ANSWER_BYTES_MAX or time.monotonic() > give_up_at:
            raise NoAnswer("too long")
    return found

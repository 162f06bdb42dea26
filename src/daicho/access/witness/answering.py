"""立会いの応答: JSON in, JSON out, over HTTP; one head at a time."""

import base64
import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock
from typing import Any

import structlog

from daicho.access.proof import notes
from daicho.access.proof.head_key import HeadKey, fingerprint
from daicho.access.witness import judging
from daicho.access.witness.book import Book
from daicho.access.witness.judging import Known, Shown

ADDRESS = "/v1/heads"
REQUEST_BYTES_MAX = 64 * 1024
SECONDS_MAX = 10
PATH_MAX = 128  # hashes of a proof: two for each level of the largest tree

log = structlog.stdlib.get_logger("daicho.witness")

Answer = tuple[HTTPStatus, Mapping[str, Any]]


class Witness:
    """立会人: answers one at a time; what it signs it has written down before."""

    def __init__(self, book: Book, key: HeadKey, now: Callable[[], datetime]) -> None:
        self._book, self._key, self._now = book, key, now
        self._turn = Lock()

    def key(self) -> Answer:
        """The key that checks its co-signatures."""
        return HTTPStatus.OK, {"v": 1, "public_key": self._key.public}

    def answer(self, body: bytes) -> Answer:
        """What is said to a head that is shown."""
        try:
            shown = read(body)
        except ValueError:
            return _refused(HTTPStatus.BAD_REQUEST, "unreadable")
        if not judging.is_signed(shown):
            return _refused(HTTPStatus.UNPROCESSABLE_ENTITY, "signature")
        with self._turn:
            try:
                return self._judged(shown, self._now())
            except OSError as trouble:
                log.error("witness_cannot_write", errno=trouble.errno)
                return _refused(HTTPStatus.SERVICE_UNAVAILABLE, "not_written")

    def _judged(self, shown: Shown, now: datetime) -> Answer:
        whose = shown.note.whose
        if not self._book.has_room(whose):
            return _refused(HTTPStatus.SERVICE_UNAVAILABLE, "no_room")
        page = self._book.page(whose)
        code = judging.judge(shown, page.known, page.pinned, now)
        if code == judging.STALE:
            return _refused(HTTPStatus.CONFLICT, code, page.known)
        if code != judging.AGREED:
            log.error("trail_head_refused", trail=whose, code=code, size=shown.note.size)
            self._book.keep(whose, page.with_refusal(shown, code, now))
            return _refused(HTTPStatus.UNPROCESSABLE_ENTITY, code, page.known)
        known = Known(shown.text, shown.signature)
        # before the signature leaves, so that it can never be given to two
        pinned = fingerprint(shown.public_key)
        self._book.keep(whose, replace(page, known=known, pinned=pinned))
        signature = notes.sign(notes.cosigned(shown.text, now), self._key.private)
        given = {"at": notes.moment(now), "signature": _text(signature)}
        return HTTPStatus.OK, {"v": 1, "cosignature": given, "public_key": self._key.public}


def read(body: bytes) -> Shown:
    """What was sent; raises ValueError where it is of no such shape."""
    try:
        said = json.loads(body)
        if said["v"] != 1:
            raise ValueError("another version")
        path = [base64.b64decode(one, validate=True) for one in said["consistency"]]
        signature = base64.b64decode(said["signature"], validate=True)
        shown = Shown(
            str(said["note"]), signature, str(said["public_key"]), int(said["old_size"]), path
        )
    except (KeyError, RecursionError, TypeError) as wrong:
        raise ValueError("no head") from wrong
    if len(path) > PATH_MAX or any(len(one) != 32 for one in path):
        raise ValueError("no proof")
    if len(shown.public_key) > notes.PEM_LENGTH_MAX:
        raise ValueError("no key")
    return shown


def _refused(status: HTTPStatus, code: str, known: Known | None = None) -> Answer:
    """With the last head that was co-signed, signed by who asks: he may see what he said."""
    body: dict[str, Any] = {"v": 1, "refused": code}
    if known is not None:
        signature = _text(known.signature)
        body["known"] = {"size": known.note.size, "note": known.text, "signature": signature}
    return status, body


def _text(value: bytes) -> str:
    return base64.b64encode(value).decode()


def server(witness: Witness, host: str, port: int) -> ThreadingHTTPServer:
    """A server on that address; raises OSError, OverflowError."""

    class Handler(BaseHTTPRequestHandler):
        """One request; whoever is slow is left."""

        timeout = SECONDS_MAX

        def do_GET(self) -> None:
            if self.path == "/v1/key":
                self._say(*witness.key())
            else:
                self._say(*_refused(HTTPStatus.NOT_FOUND, "address"))

        def do_POST(self) -> None:
            length = self.headers.get("Content-Length", "")
            if self.path != ADDRESS:
                self._say(*_refused(HTTPStatus.NOT_FOUND, "address"))
            elif not (length.isascii() and length.isdecimal() and len(length) < 10):
                self._say(*_refused(HTTPStatus.LENGTH_REQUIRED, "length"))
            elif int(length) > REQUEST_BYTES_MAX:
                self._say(*_refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "length"))
            else:
                self._say(*witness.answer(self.rfile.read(int(length))))

        def _say(self, status: HTTPStatus, body: Mapping[str, Any]) -> None:
            told = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(told)))
            self.end_headers()
            self.wfile.write(told)

        def log_message(self, *_: object) -> None:
            """What is asked is not written down; what is refused has a line of its own."""

    return ThreadingHTTPServer((host, port), Handler)

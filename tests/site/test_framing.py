"""要求の枠: where one request ends and the next begins is never left to guess (RFC 9112, 6.3)."""

from typing import Any

import pytest
from gunicorn.config import Config
from gunicorn.http.errors import ParseException
from gunicorn.http.parser import RequestParser

POST = b"POST /sign-in HTTP/1.1\r\nHost: x\r\n"


def read(raw: bytes) -> Any:
    """The first request of what came in, as our web server's own parser reads it."""
    return next(RequestParser(Config(), iter([raw]), ("127.0.0.1", 1)))


@pytest.mark.parametrize(
    ("raw", "because"),
    [
        (
            POST + b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET",
            "two framings",
        ),
        (POST + b"Content-Length: 4\r\nContent-Length: 6\r\n\r\nabcdef", "two lengths"),
        (POST + b"Content-Length: +4\r\n\r\nabcd", "a length that others read otherwise"),
        (
            POST + b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
            "a framing that others do not know",
        ),
        (
            POST + b"Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
            "a name that others read otherwise",
        ),
        (POST + b"X: a\r\n folded\r\n\r\n", "a header on two lines"),
        (POST + b"X: a\nY: b\r\n\r\n", "half a line's end"),
        (b"GET /" + b"a" * 5_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n", "an address without end"),
        (POST + b"X: " + b"a" * 9_000 + b"\r\n\r\n", "a header without end"),
        (POST + b"".join(b"X%d: 1\r\n" % n for n in range(101)) + b"\r\n", "headers without end"),
    ],
)
def test_a_request_of_doubtful_length_is_turned_away(raw: bytes, because: str) -> None:
    with pytest.raises(ParseException):
        read(raw)
    assert because


def test_a_sound_request_is_read() -> None:
    found = read(POST + b"Content-Length: 4\r\n\r\nabcdGET / HTTP/1.1\r\n")
    assert (found.method, found.path, found.body.read()) == ("POST", "/sign-in", b"abcd")


def test_no_header_passes_for_that_of_the_server_in_front() -> None:
    """An underscore would become the same name as the hyphen that the server in front sets."""
    found = read(POST + b"X_Forwarded_Proto: https\r\nContent-Length: 0\r\n\r\n")
    assert dict(found.headers) == {"HOST": "x", "CONTENT-LENGTH": "0"}

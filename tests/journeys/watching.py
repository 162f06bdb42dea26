"""見張り: what a journey's browser sent, was given and kept, searched for the numbers.

A number may stand in two places alone: in the field in which it was typed, on a page that answers
to the very form that carried it; and on a certificate. The browser's profile on disk is not
searched: it is the clerk's machine, a journey's browser keeps none, and every answer but the
files of the screens themselves forbids to keep it (`no-store`), which is looked at here.
"""

import base64
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import BrowserContext

import databases
from conftest import Live
from searching_everything import Files, Found, in_bytes, in_database, in_pdf, in_text, told

SCREENS = re.compile(r"^http(?!.*/static/)")
"""The answers that are recorded: all but the files of the screens, whose addresses are noted, and
what the browser brings itself (the viewer in which it shows a PDF)."""

_KEPT = """() => JSON.stringify(
  [{...sessionStorage}, window.name, history.state])"""
_FIELD = re.compile(rb"<input\b[^>]*>|<textarea\b.*?</textarea>", re.DOTALL)
_WITH_A_PAGE = (200, 403, 404, 409, 422)
_CERTIFICATE = re.compile(r"POST /certificate/.*/print")

Entry = Mapping[str, Any]


@dataclass
class Watch:
    """What was found during one journey, and where a number stood because it was asked for."""

    found: list[Found] = field(default_factory=list)
    asked: set[str] = field(default_factory=set)
    answers: int = 0
    unread: list[str] = field(default_factory=list)

    def address(self, url: str) -> None:
        """An address that the browser asked for."""
        self.found += in_text("an address", url)

    def message(self, text: str) -> None:
        """What the browser's console says."""
        self.found += in_text("the browser's console", text)

    def kept_by(self, context: BrowserContext, origin: str) -> None:
        """What the browser keeps of the server: cookies and storage."""
        state = json.dumps(context.storage_state(indexed_db=True))
        self.found += in_text("a cookie or what a page stored", state)
        for page in context.pages:
            self.address(page.url)
            if page.url.startswith(origin):
                self.found += in_text("what a page stored", str(page.evaluate(_KEPT)))

    @property
    def is_blind(self) -> bool:
        """Were pages missed? A browser that is led on at once may lose one or another."""
        return len(self.unread) > 1 + self.answers // 10

    def exchanges(self, recording: Path) -> None:
        """Every request and every answer of a browser that has ended (HAR)."""
        for entry in json.loads(recording.read_text("utf-8"))["log"]["entries"]:
            self._exchange(_place(entry), entry)

    def _exchange(self, place: str, entry: Entry) -> None:
        request, answer = entry["request"], entry["response"]
        self.address(request["url"])
        sent = str(request.get("postData", {}).get("text", ""))
        in_sent = in_text(f"what was sent by a script, {place}", sent)
        if not _is_a_form(request):
            self.found += in_sent
        heads = [*request["headers"], *answer["headers"]]
        self.found += in_text(f"a header, {place}", json.dumps(heads))
        self._answer(place, answer, {one.whose for one in in_sent})

    def _answer(self, place: str, answer: Entry, sent: set[str]) -> None:
        body = _body(answer["content"])
        self.answers += 1
        if not body and answer["status"] in _WITH_A_PAGE:
            self.unread.append(place)
        if body.startswith(b"%PDF-"):
            held, rest = in_pdf(place, body), []
            is_asked = _CERTIFICATE.fullmatch(place) is not None
        else:
            held, rest = in_bytes(place, body), in_bytes(place, _FIELD.sub(b"", body))
            is_asked = {one.whose for one in held} <= sent
        self.found += rest if is_asked else held
        if not is_kept_by_nobody(answer["headers"]):
            self.found += (replace(one, place=f"what may be kept, {place}") for one in held)
        if held and is_asked:
            self.asked.add(place)


@dataclass(frozen=True)
class Watched(Live):
    """A counter, with what is seen of the numbers while somebody works at it."""

    watch: Watch


def nowhere(watched: Watched, for_a_while: Path, files: Files) -> None:
    """Fail where one of the numbers stands anywhere, now that nobody works at the counter.

    Searched are what the browsers sent, were given and kept; the whole database; and the files that
    the server wrote, its log and what it said included, and those that it wrote for a while.
    """
    found = [*watched.watch.found]
    found += in_database(databases.the_server().url(watched.database, "superuser"))
    for folder in (watched.log.parent, for_a_while):
        found += files.below(folder)
    if found:
        pytest.fail(told(found), pytrace=False)
    assert not watched.watch.is_blind, watched.watch.unread


def is_kept_by_nobody(headers: Iterable[Mapping[str, str]]) -> bool:
    """Is the browser told to keep nothing of the answer?"""
    return any(
        one["name"].lower() == "cache-control" and "no-store" in one["value"] for one in headers
    )


def _is_a_form(request: Entry) -> bool:
    """Was it a form that the clerk sent, and no script?"""
    return request["method"] == "POST" and ("sec-fetch-mode", "navigate") in _heads(request)


def _heads(request: Entry) -> Iterator[tuple[str, str]]:
    yield from ((one["name"].lower(), one["value"]) for one in request["headers"])


def _place(entry: Entry) -> str:
    """The request without anything that could have been typed into its address."""
    request = entry["request"]
    path = urlsplit(request["url"]).path
    safe = "…" if in_text("", path) else path
    return f"{request['method']} {safe}"


def _body(content: Mapping[str, str]) -> bytes:
    text = content.get("text", "")
    return base64.b64decode(text) if content.get("encoding") == "base64" else text.encode()

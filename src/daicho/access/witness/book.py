"""立会人の帳面: what a witness remembers, in one file that is written whole or not at all."""

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from daicho.access.proof import notes
from daicho.access.sealed_files import onto_disk
from daicho.access.witness.judging import Known, Shown

TRAILS_MAX = 1_000
KEPT_MAX = 25  # refusals of one trail for one cause: the first ones tell the story


class BookTrouble(Exception):
    """帳面を使えない: missing, damaged or of another version; it is never begun anew by itself."""


@dataclass(frozen=True)
class Page:
    """帳面の1頁: one trail. What was refused is kept as it came: with its signature it is proof."""

    known: Known | None = None
    pinned: str = ""
    refused: tuple[Mapping[str, str], ...] = ()
    before: tuple[Mapping[str, str], ...] = field(default=())  # heads that were given up, and when

    def with_refusal(self, shown: Shown, code: str, now: datetime) -> "Page":
        """The page with this refusal, once."""
        said = {**_of_head(shown.text, shown.signature), "public_key": shown.public_key}
        alike = [one["note"] for one in self.refused if one["code"] == code]
        if shown.text in alike or len(alike) >= KEPT_MAX:
            return self
        one = {"at": notes.moment(now), "code": code, **said}
        return replace(self, refused=(*self.refused, one))

    def forgotten(self, now: datetime) -> "Page":
        """The page without its last head, which stays on record, and without its key."""
        if self.known is None:
            return replace(self, pinned="")
        gone = {"at": notes.moment(now), **_of_head(self.known.text, self.known.signature)}
        return replace(self, known=None, pinned="", before=(*self.before, gone))


class Book:
    """帳面: a page for each trail, by whose it is."""

    def __init__(self, path: Path, pages: Mapping[str, Page]) -> None:
        self._path = path
        self._pages = dict(pages)

    def page(self, whose: str) -> Page:
        """The page of a trail; an empty one where nothing is known."""
        return self._pages.get(whose, Page())

    def has_room(self, whose: str) -> bool:
        """May a page be begun for it?"""
        return whose in self._pages or len(self._pages) < TRAILS_MAX

    def keep(self, whose: str, page: Page) -> None:
        """Write the page; raises OSError, and then nothing has changed."""
        pages = {**self._pages, whose: page}
        content = json.dumps({"v": 1, "trails": _said(pages)}, indent=1)
        onto_disk.replaced(self._path, content.encode())
        self._pages = pages


def opened(path: Path) -> Book:
    """The book as it stands; raises BookTrouble."""
    try:
        content = json.loads(path.read_text("utf-8"))
        if content["v"] != 1:
            raise BookTrouble(f"{path} は、この版のプログラムの帳面ではありません。")
        return Book(path, {whose: _page(one) for whose, one in content["trails"].items()})
    except FileNotFoundError:
        raise BookTrouble(
            f"{path} がありません。控えから戻してください。"
            "新しく始めると、これまでに立ち会った記録との食い違いを見つけられません。"
        ) from None
    except (AttributeError, KeyError, TypeError, ValueError):
        raise BookTrouble(f"{path} が壊れています。控えから戻してください。") from None


def begun(path: Path) -> Book:
    """A book without a page, written."""
    onto_disk.replaced(path, json.dumps({"v": 1, "trails": {}}).encode())
    return Book(path, {})


def _said(pages: Mapping[str, Page]) -> Mapping[str, Any]:
    return {
        whose: {
            "known": page.known and _of_head(page.known.text, page.known.signature),
            "pinned": page.pinned,
            "refused": page.refused,
            "before": page.before,
        }
        for whose, page in pages.items()
    }


def _page(said: Mapping[str, Any]) -> Page:
    known = said["known"]
    if known is not None:
        notes.read(known["note"])
        known = Known(known["note"], base64.b64decode(known["signature"], validate=True))
    return Page(known, str(said["pinned"]), tuple(said["refused"]), tuple(said["before"]))


def _of_head(text: str, signature: bytes) -> dict[str, str]:
    return {"note": text, "signature": base64.b64encode(signature).decode()}

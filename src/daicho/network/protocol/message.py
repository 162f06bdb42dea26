"""電文: one message as it travels: who to whom, of which resident, in which order, and its body.

`id` is what it is, for ever: a message sent again keeps it, and is carried out once. Its place in
the order of one resident is its turn. The signed text is the JSON of `written`, whose names are
those of `_NAMES`; `read` takes nothing else.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from daicho.network.protocol.parties import NotAParty, Party, party

Body = Mapping[str, Any] | str
"""本文: what a kind says; a text where it is sealed to the receiver."""


class Malformed(ValueError):
    """読めない電文: the text is not a message of this protocol."""


class Stream(NamedTuple):
    """順序の単位: the messages of one party to another about one resident.

    `resident` is the record_id at the sender, or the id of what else is told in order.
    """

    origin: Party
    to: Party
    resident: str


class Turn(NamedTuple):
    """順番: the place in a stream. `epoch` (ms since 1970 when it began) grows whenever a party has
    come back from a backup, so that no turn is ever given twice; `ordinal` counts from 1 in it."""

    epoch: int
    ordinal: int


@dataclass(frozen=True, slots=True)
class Message:
    """電文: `at` is when its sender made it (ms since 1970, UTC); `article` is its legal basis."""

    id: str
    kind: str
    v: int
    stream: Stream
    turn: Turn
    at: int
    article: str
    body: Body


_NAMES = frozenset(
    ("id", "kind", "v", "from", "to", "of", "epoch", "ordinal", "at", "article", "body")
)
_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")  # a UUID as it is written
_JSON = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
_KIND_CHARS_MAX, _ARTICLE_CHARS_MAX = 40, 40
_COUNT_MAX = 2**53  # what JSON carries everywhere


def written(one: Message) -> bytes:
    """電文の文字列: what is signed; the same message gives the same bytes."""
    origin, to, resident = one.stream
    said = {
        "id": one.id,
        "kind": one.kind,
        "v": one.v,
        "from": origin,
        "to": to,
        "of": resident,
        "epoch": one.turn.epoch,
        "ordinal": one.turn.ordinal,
        "at": one.at,
        "article": one.article,
        "body": one.body,
    }
    return _JSON.encode(said).encode()


def read(text: bytes) -> Message:
    """電文を読む: of a text whose signature was found right; raises Malformed."""
    try:
        said = json.loads(text.decode())
    except (ValueError, RecursionError):
        raise Malformed("no JSON") from None
    if type(said) is not dict or said.keys() != _NAMES:
        raise Malformed("other names than those of a message")
    try:
        stream = Stream(party(said["from"]), party(said["to"]), _id(said["of"]))
    except (NotAParty, TypeError):
        raise Malformed("parties") from None
    if type(said["body"]) not in (dict, str):
        raise Malformed("body")
    return Message(
        id=_id(said["id"]),
        kind=_text(said["kind"], _KIND_CHARS_MAX),
        v=_count(said["v"]),
        stream=stream,
        turn=Turn(_count(said["epoch"]), _count(said["ordinal"])),
        at=_count(said["at"]),
        article=_text(said["article"], _ARTICLE_CHARS_MAX),
        body=said["body"],
    )


def _id(value: object) -> str:
    if type(value) is not str or not _ID.fullmatch(value):
        raise Malformed("id")
    return value


def _text(value: object, chars_max: int) -> str:
    if type(value) is not str or not 0 < len(value) <= chars_max or not value.isprintable():
        raise Malformed("text")
    return value


def _count(value: object) -> int:
    if type(value) is not int or not 0 < value < _COUNT_MAX:
        raise Malformed("count")
    return value

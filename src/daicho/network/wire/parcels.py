"""小包と受領証の文字列: JSON, exactly the names of `links.Parcel` and `links.Receipt`, and `v`.

Of the messages in a parcel nothing is judged here: one that is too large, or no message at all, is
refused at its place by the receiver, so that the line goes on.
"""

import json
import re
from typing import Any

from daicho.network.protocol.links import DIGEST_CHARS, Parcel, Receipt, Refusal
from daicho.network.protocol.message import Malformed
from daicho.network.protocol.parties import NotAParty, Party, party

V = 1
"""版: of this shape."""
PARCEL_BYTES_MAX = 16 * 1024 * 1024
"""小包の限度: what is longer is not read."""
PARCEL_BYTES_FILLED = 8 * 1024 * 1024
"""小包の大きさ: to which a sender fills one, or to `links.PARCEL_MESSAGES_MAX` messages."""
RECEIPT_BYTES_MAX = 16 * 1024 * 1024
"""受領証の限度: signed; the answer to a question names all refusals that there ever were."""

_PARCEL = frozenset(("v", *Parcel._fields))
_RECEIPT = frozenset(("v", *Receipt._fields))
_JSON = json.JSONEncoder(ensure_ascii=True, separators=(",", ":"))  # whatever a text holds, it goes
_DIGEST = re.compile(rf"(?:[0-9a-f]{{{DIGEST_CHARS}}})?")  # blank before the first place
_FAULT = re.compile(r"(?=.{1,60}\Z)[a-z0-9_]+\.[a-z0-9_]+")
_COUNT_MAX = 2**53  # what JSON carries everywhere


def parcel_written(one: Parcel) -> bytes:
    """小包の文字列."""
    return _JSON.encode({"v": V, **one._asdict()}).encode()


def parcel_read(text: bytes) -> Parcel:
    """小包を読む; raises Malformed."""
    said = _object(text, _PARCEL)
    if type(said["signed"]) is not list or any(type(one) is not str for one in said["signed"]):
        raise Malformed("messages")
    return Parcel(
        sender=_party(said["sender"]),
        receiver=_party(said["receiver"]),
        epoch=_count(said["epoch"]),
        first=_count(said["first"], 1),
        before=_digest(said["before"]),
        signed=tuple(said["signed"]),
    )


def receipt_written(one: Receipt) -> bytes:
    """受領証の文字列: what is signed."""
    return _JSON.encode({"v": V, **one._asdict()}).encode()


def receipt_read(text: bytes) -> Receipt:
    """受領証を読む: of a text whose signature was found right; raises Malformed."""
    said = _object(text, _RECEIPT)
    if type(said["refused"]) is not list or type(said["is_other_log"]) is not bool:
        raise Malformed("receipt")
    return Receipt(
        sender=_party(said["sender"]),
        receiver=_party(said["receiver"]),
        epoch=_count(said["epoch"]),
        first=_count(said["first"], 1),
        upto=_count(said["upto"]),
        digest=_digest(said["digest"]),
        refused=tuple(map(_refusal, said["refused"])),
        is_other_log=said["is_other_log"],
    )


def _object(text: bytes, names: frozenset[str]) -> dict[str, Any]:
    try:
        said = json.loads(text.decode())
    except (ValueError, RecursionError):
        raise Malformed("no JSON") from None
    if type(said) is not dict or said.keys() != names or type(said["v"]) is not int:
        raise Malformed("other names")
    if said["v"] != V:
        raise Malformed("another version")
    return said


def _refusal(said: object) -> Refusal:
    if type(said) is not list or len(said) != len(Refusal._fields):
        raise Malformed("refusal")
    place, fault = said
    if type(fault) is not str or not _FAULT.fullmatch(fault):
        raise Malformed("fault")
    return Refusal(_count(place, 1), fault)


def _party(value: object) -> Party:
    try:
        return party(value if type(value) is str else "")
    except NotAParty:
        raise Malformed("party") from None


def _count(value: object, least: int = 0) -> int:
    if type(value) is not int or not least <= value < _COUNT_MAX:
        raise Malformed("count")
    return value


def _digest(value: object) -> str:
    if type(value) is not str or not _DIGEST.fullmatch(value):
        raise Malformed("digest")
    return value

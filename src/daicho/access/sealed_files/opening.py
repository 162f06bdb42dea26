"""封を開ける: a sealed file is read frame by frame; nothing counts before the last is proven."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from daicho.access.sealed_files import frames
from daicho.access.sealed_files.frames import Key, Wrapping

NOT_OURS = "not_ours"
PASSPHRASE = "passphrase"  # noqa: S105  the name of a reason
DAMAGED = "damaged"


class NotOpened(Exception):
    """開けられない: `reason` is NOT_OURS, PASSPHRASE (or a changed header) or DAMAGED."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Opened:
    """開けたファイル: what the header says, how many lines there are, SHA-256 of what it held."""

    said: dict[str, Any]
    rows: int
    sha256: str


def opened(file: BinaryIO, passphrase: str, write: Callable[[bytes], object]) -> Opened:
    """Give what the file holds to `write`, part by part, and then what it says of itself.

    Raises NotOpened at the first frame that is not as it was sealed: whoever writes must throw away
    what was written until then.
    """
    before, said = head(file)
    wrapping = _wrapping(file)
    key = Key(_unwrapped(before, wrapping, passphrase), frames.bound(before + wrapping.whole))
    last, digest = held_by_frames(file, key, write)
    end = json.loads(last)
    if end["sha256"] != digest:
        raise NotOpened(DAMAGED)
    return Opened(said, int(end["rows"]), digest)


def held_by_frames(file: BinaryIO, key: Key, write: Callable[[bytes], object]) -> tuple[bytes, str]:
    """Give what the frames hold to `write`, part by part; gives the last frame, and SHA-256 of what
    all others hold. Raises NotOpened as `opened` does."""
    digest, place = hashlib.sha256(), 0
    while True:
        is_last, sealed = _frame(file)
        try:
            plain = key.opened(place, sealed, is_last=is_last)
        except InvalidTag:
            raise NotOpened(DAMAGED) from None
        if is_last:
            if file.read(1):
                raise NotOpened(DAMAGED)
            return plain, digest.hexdigest()
        digest.update(plain)
        write(plain)
        place += 1


def head(file: BinaryIO, magic: bytes = frames.MAGIC) -> tuple[bytes, dict[str, Any]]:
    """表書きを読む: its bytes, and what they say; nothing of it is proven yet. Raises NotOpened."""
    start = file.read(len(magic) + frames.LENGTH.size)
    if len(start) < len(magic) + frames.LENGTH.size or not start.startswith(magic):
        raise NotOpened(NOT_OURS)
    (length,) = frames.LENGTH.unpack(start[len(magic) :])
    if length > frames.HEADER_BYTES_MAX:
        raise NotOpened(DAMAGED)
    text = _exactly(file, length)
    try:
        said = json.loads(text)
    except (ValueError, RecursionError):  # too deep is as wrong as unreadable
        raise NotOpened(DAMAGED) from None
    if not isinstance(said, dict):
        raise NotOpened(DAMAGED)
    return start + text, said


def _wrapping(file: BinaryIO) -> Wrapping:
    lengths = (frames.SALT_BYTES, frames.NONCE_BYTES, frames.WRAPPED_BYTES)
    return Wrapping(*(_exactly(file, length) for length in lengths))


def _unwrapped(before: bytes, wrapping: Wrapping, passphrase: str) -> bytes:
    cipher = AESGCM(frames.wrapping_key(passphrase, wrapping.salt))
    try:
        return cipher.decrypt(wrapping.nonce, wrapping.wrapped, before)
    except InvalidTag:
        raise NotOpened(PASSPHRASE) from None


def _frame(file: BinaryIO) -> tuple[bool, bytes]:
    kind, length = frames.FRAME.unpack(_exactly(file, frames.FRAME.size))
    most = frames.LAST_BYTES_MAX if kind == 1 else frames.FRAME_BYTES + frames.TAG_BYTES
    if kind not in (0, 1) or length > most:
        raise NotOpened(DAMAGED)
    return kind == 1, _exactly(file, length)


def _exactly(file: BinaryIO, length: int) -> bytes:
    found = file.read(length)
    if len(found) < length:
        raise NotOpened(DAMAGED)
    return found

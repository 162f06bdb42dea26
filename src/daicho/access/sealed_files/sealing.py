"""封をする: write a sealed file, frame by frame; memory holds one frame."""

import hashlib
import json
import os
from typing import BinaryIO

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from daicho.access.sealed_files import frames
from daicho.access.sealed_files.frames import Key, Said, Wrapping


class Frames:
    """枠を書く者: takes what the frames are to hold, in parts of any length; `last` closes them.

    `before` is what stands before them in the file, and is written first. Without the last frame
    the file is opened by nobody.
    """

    def __init__(self, file: BinaryIO, key: bytes, before: bytes) -> None:
        file.write(before)
        self._file, self._key = file, Key(key, frames.bound(before))
        self._waiting, self._place, self._digest = bytearray(), 0, hashlib.sha256()
        self.size_bytes = len(before)

    def write(self, plain: bytes) -> None:
        """Seal what fills a frame; the rest waits."""
        self._digest.update(plain)
        self._waiting += plain
        while len(self._waiting) > frames.FRAME_BYTES:
            self._frame(bytes(self._waiting[: frames.FRAME_BYTES]))
            del self._waiting[: frames.FRAME_BYTES]

    def sha256(self) -> str:
        """SHA-256 of all that was given until now, in hexadecimal."""
        return self._digest.hexdigest()

    def last(self, plain: bytes) -> None:
        """Seal what waits, and the last frame."""
        assert len(plain) + frames.TAG_BYTES <= frames.LAST_BYTES_MAX, "the last frame is one part"
        if self._waiting:
            self._frame(bytes(self._waiting))
            self._waiting.clear()
        self._frame(plain, is_last=True)

    def _frame(self, plain: bytes, *, is_last: bool = False) -> None:
        sealed = self._key.sealed(self._place, plain, is_last=is_last)
        self._file.write(sealed)
        self._place += 1
        self.size_bytes += len(sealed)


class Sealer(Frames):
    """封をする者: of a file that leaves the program, under a passphrase; `end` closes it."""

    def __init__(self, file: BinaryIO, passphrase: str, said: Said) -> None:
        head, key = frames.header(said), os.urandom(frames.KEY_BYTES)
        super().__init__(file, key, head + _wrapped(key, passphrase, head).whole)

    def end(self, rows: int) -> str:
        """The last frame, with the number of lines; gives the digest."""
        digest = self.sha256()
        self.last(json.dumps({"rows": rows, "sha256": digest}).encode())
        return digest


def _wrapped(key: bytes, passphrase: str, head: bytes) -> Wrapping:
    salt, nonce = os.urandom(frames.SALT_BYTES), os.urandom(frames.NONCE_BYTES)
    cipher = AESGCM(frames.wrapping_key(passphrase, salt))
    return Wrapping(salt, nonce, cipher.encrypt(nonce, key, head))

"""封をする: write a sealed file, frame by frame; memory holds one frame."""

import hashlib
import json
import os
from typing import BinaryIO

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from daicho.access.sealed_files import frames
from daicho.access.sealed_files.frames import Key, Said, Wrapping


class Sealer:
    """封をする者: takes what the file is to hold, in parts of any length; `end` closes it.

    A file that was not ended is opened by nobody.
    """

    def __init__(self, file: BinaryIO, passphrase: str, said: Said) -> None:
        head, key = frames.header(said), os.urandom(frames.KEY_BYTES)
        wrapping = _wrapped(key, passphrase, head)
        file.write(head + wrapping.whole)
        self._file, self._key = file, Key(key, frames.bound(head, wrapping))
        self._waiting, self._place, self._digest = bytearray(), 0, hashlib.sha256()
        self.size_bytes = len(head) + len(wrapping.whole)

    def write(self, plain: bytes) -> None:
        """Seal what fills a frame; the rest waits."""
        self._digest.update(plain)
        self._waiting += plain
        while len(self._waiting) > frames.FRAME_BYTES:
            self._frame(bytes(self._waiting[: frames.FRAME_BYTES]))
            del self._waiting[: frames.FRAME_BYTES]

    def end(self, rows: int) -> str:
        """Seal what waits, and the last frame with the number of lines; gives the digest."""
        if self._waiting:
            self._frame(bytes(self._waiting))
            self._waiting.clear()
        digest = self._digest.hexdigest()
        self._frame(json.dumps({"rows": rows, "sha256": digest}).encode(), is_last=True)
        return digest

    def _frame(self, plain: bytes, *, is_last: bool = False) -> None:
        sealed = self._key.sealed(self._place, plain, is_last=is_last)
        self._file.write(sealed)
        self._place += 1
        self.size_bytes += len(sealed)


def _wrapped(key: bytes, passphrase: str, head: bytes) -> Wrapping:
    salt, nonce = os.urandom(frames.SALT_BYTES), os.urandom(frames.NONCE_BYTES)
    cipher = AESGCM(frames.wrapping_key(passphrase, salt))
    return Wrapping(salt, nonce, cipher.encrypt(nonce, key, head))

"""枠: how a sealed file is laid out, and the keys of its parts. A file that leaves the program is

    magic, 4 bytes length, header (JSON), 16 bytes salt, 12 bytes nonce, 48 bytes wrapped key,
    then frames: 1 byte (0, or 1 for the last), 4 bytes length, ciphertext and tag

The key of the file is random and stands in it wrapped by AES-256-GCM under a key derived from the
passphrase (HKDF-SHA-256 over the salt; the passphrase is random itself, so that nothing slower is
needed), bound to the header. Each frame is AES-256-GCM under the key of the file; its nonce is its
place in the file and whether it is the last, and it is bound to everything before the frames. So a
frame that is missing, moved, doubled, changed or another file's is found, and so is an end that is
cut off. The last frame holds how many lines there are, and SHA-256 of what all others hold.

A backup (`site/database/sealed.py`) has another magic, no wrapping, since its key stands in a file
of its own, and its manifest as the last frame.
"""

import hashlib
import json
import struct
from collections.abc import Mapping
from dataclasses import dataclass

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from daicho.access.sealed_files import passphrases

MAGIC = b"daicho-sealed-file 1\n"
FRAME_BYTES = 64 * 1024
TAG_BYTES = 16
LAST_BYTES_MAX = 1024 * 1024  # the last frame is not a part of what is sealed
HEADER_BYTES_MAX = 64 * 1024
SALT_BYTES, NONCE_BYTES, KEY_BYTES = 16, 12, 32
WRAPPED_BYTES = KEY_BYTES + TAG_BYTES
_FOR = b"daicho-sealed-file 1: key that wraps the key of a file"
LENGTH = struct.Struct(">I")
FRAME = struct.Struct(">BI")
USED = ("aes", "gcm", "hkdf", "sha_256")
"""使う暗号: rows of the table of algorithms, for the use "exports"."""

Said = Mapping[str, str | int | list[str]]
"""封の表書き: who, why, what; readable without the passphrase, changed by nobody unseen."""


@dataclass(frozen=True)
class Wrapping:
    """鍵の包み: what stands between the header and the frames."""

    salt: bytes
    nonce: bytes
    wrapped: bytes

    @property
    def whole(self) -> bytes:
        """The three as they stand in the file."""
        return self.salt + self.nonce + self.wrapped


def header(said: Said, magic: bytes = MAGIC) -> bytes:
    """表書き: the bytes before the wrapping; `magic` says what kind of file it is."""
    text = json.dumps(said, ensure_ascii=False, sort_keys=True).encode()
    assert len(text) <= HEADER_BYTES_MAX, "a header is a page, not a book"
    return magic + LENGTH.pack(len(text)) + text


def wrapping_key(passphrase: str, salt: bytes) -> bytes:
    """The key that wraps the key of a file, from its passphrase."""
    derived = HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=salt, info=_FOR)
    return derived.derive(passphrases.plain(passphrase).encode())


def bound(before: bytes) -> bytes:
    """What every frame is bound to: a digest of all that stands before the frames."""
    return hashlib.sha256(before).digest()


def nonce(place: int, *, is_last: bool) -> bytes:
    """The nonce of a frame: its place from 0, and whether it is the last."""
    return place.to_bytes(NONCE_BYTES - 1, "big") + bytes([is_last])


class Key:
    """鍵: of one file; each frame of it is encrypted or decrypted at its place."""

    def __init__(self, key: bytes, bound_to: bytes) -> None:
        self._cipher, self._bound = AESGCM(key), bound_to

    def sealed(self, place: int, plain: bytes, *, is_last: bool) -> bytes:
        """A frame as it stands in the file."""
        found = self._cipher.encrypt(nonce(place, is_last=is_last), plain, self._bound)
        return FRAME.pack(is_last, len(found)) + found

    def opened(self, place: int, found: bytes, *, is_last: bool) -> bytes:
        """What a frame holds; raises InvalidTag where it is not this frame."""
        return self._cipher.decrypt(nonce(place, is_last=is_last), found, self._bound)

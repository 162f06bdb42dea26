"""鍵の指紋: what tells whether two keys are the same, without telling the keys.

It is asked of whoever keeps the key, so that a key of a token has one too. Both keys of a version
go into it: the one that encrypts by a ciphertext under a nonce that is used for nothing else, the
one of the index by its code over the same text.
"""

from collections.abc import Mapping
from hashlib import sha256
from typing import Protocol

LENGTH = 32  # hexadecimal digits
_NONCE = bytes(12)


class Working(Protocol):
    """鍵を使うもの: what a fingerprint is made with."""

    def encrypt(self, version: int, nonce: bytes, text: bytes, bound_to: bytes) -> bytes: ...

    def mac(self, version: int, text: bytes) -> bytes: ...


def of(keeper: Working, version: int) -> str:
    """The fingerprint of one version's two keys, as hexadecimal digits."""
    text = f"daicho vault key|{version}".encode()
    shown = keeper.encrypt(version, _NONCE, text, b"fingerprint") + keeper.mac(version, text)
    return sha256(shown).hexdigest()[:LENGTH]


def written(fingerprints: Mapping[int, str]) -> str:
    """Several versions as one text, such as `1:0f… 2:a3…`: in a manifest, on a screen."""
    return " ".join(f"{version}:{fingerprints[version]}" for version in sorted(fingerprints))


def read(text: str) -> Mapping[int, str]:
    """What `written` wrote; raises ValueError where it is anything else."""
    pairs = [one.partition(":") for one in text.split()]
    return {int(version): fingerprint for version, _, fingerprint in pairs}

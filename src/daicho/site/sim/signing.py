"""模擬の署名: HMAC under a key of the seed in place of ES256, and who knows which key by when."""

import hmac
import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from daicho.network.protocol.intake import KeyNotKnownYet, Untrusted
from daicho.network.protocol.parties import Party

_MAC_CHARS = 16


def sealed(said: Mapping[str, Any]) -> str:
    """封: what nobody here looks into but its receiver."""
    return json.dumps(said, ensure_ascii=False)


def unsealed(text: str) -> dict[str, Any]:
    """封を開ける: what was sealed."""
    said = json.loads(text)
    assert isinstance(said, dict), "a body is an object"
    return said


class Signer:
    """署名する者: one party with its newest key; a key is the number that follows its code."""

    def __init__(self, seed: int, party: Party) -> None:
        self.party = party
        self._seed = seed
        self.number = 1
        self._key = _key(seed, party, 1)

    def change(self, number: int) -> None:
        """鍵の交換: from now on it signs with another."""
        self.number = number
        self._key = _key(self._seed, self.party, number)

    def signed(self, text: bytes) -> str:
        """A text with who signed it, by which key, and the proof."""
        return f"{self.party}.{self.number}.{_mac(self._key, text)}.{text.decode()}"


class Known:
    """知られた鍵: the newest key of each party that one party has heard of."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self.newest: dict[Party, int] = {}

    def opened(self, signed: str) -> tuple[Party, bytes]:
        """Who signed it, and the text; raises Untrusted or KeyNotKnownYet."""
        try:
            code, number, mac, text = signed.split(".", 3)
            signer, claimed, content = Party(code), int(number), text.encode()
        except ValueError:
            raise Untrusted from None
        if claimed > self.newest.get(signer, 1):
            raise KeyNotKnownYet
        if mac != _mac_of(self._seed, signer, claimed, content):
            raise Untrusted
        return signer, content


@lru_cache(maxsize=1_000)
def _key(seed: int, party: Party, number: int) -> bytes:
    return hmac.digest(str(seed).encode(), f"{party}/{number}".encode(), "sha256")


@lru_cache(maxsize=10_000)
def _mac_of(seed: int, signer: Party, number: int, text: bytes) -> str:
    """A text comes by several parties, and again; its proof is the same for all."""
    return _mac(_key(seed, signer, number), text)


def _mac(key: bytes, text: bytes) -> str:
    return hmac.digest(key, text, "sha256").hex()[:_MAC_CHARS]

"""電文の署名と封: JWS (ES256) by its sender, JWE (ECDH-ES, A256GCM) to its receiver.

Only these names are taken, whatever a text says of itself.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from joserfc import jwe, jws
from joserfc.errors import JoseError
from joserfc.jwk import ECKey
from joserfc.util import urlsafe_b64decode

from daicho.network.keys.certificates import Known, Use
from daicho.network.protocol.intake import KeyNotKnownYet, Untrusted
from daicho.network.protocol.parties import Party

SIGNS = "ES256"
AGREES, ENCRYPTS = "ECDH-ES", "A256GCM"


class _Registry(jws.JWSRegistry):
    """A receipt may name many refusals; how long a message may be says `protocol.intake`."""

    max_payload_length = 16 * 1024 * 1024  # of text as it travels; the library takes 128,000


REGISTRY = _Registry(algorithms=[SIGNS])
"""署名の決まり: by which every signed text is read."""

Find = Callable[[str], Known | None]
"""鍵を引く: what is known of a key by its name, or None where nothing was heard of it."""


class CannotOpen(Exception):
    """開けられない封: sealed to another key, or altered."""


@dataclass(frozen=True, slots=True, repr=False)
class OwnKey:
    """自らの鍵: one of a party's own, with the name by which others know it."""

    key_id: str
    private: ec.EllipticCurvePrivateKey


class Signer:
    """署名する者: a party with its key to sign."""

    def __init__(self, own: OwnKey) -> None:
        self._header = {"alg": SIGNS, "kid": own.key_id}
        self._key = ECKey.import_key(own.private)

    def signed(self, text: bytes) -> str:
        """署名: the text with its signature, as it travels (compact JWS)."""
        return jws.serialize_compact(self._header, text, self._key, algorithms=[SIGNS])


class Checker:
    """署名を確かめる者: by the keys that are known; `now` is the clock."""

    def __init__(self, find: Find, now: Callable[[], datetime]) -> None:
        self._find = find
        self._now = now
        self._keys: dict[str, ECKey] = {}

    def opened(self, signed: str) -> tuple[Party, bytes]:
        """Who signed it, and the text; raises Untrusted or KeyNotKnownYet."""
        key_id = _key_id(signed, {"alg": SIGNS})
        found = self._find(key_id)
        if found is None:
            raise KeyNotKnownYet
        if found.use is not Use.SIGN or not found.from_at <= self._now() <= found.until_at:
            raise Untrusted
        if key_id not in self._keys:
            self._keys[key_id] = ECKey.import_key(found.public)
        try:
            text = jws.deserialize_compact(signed, self._keys[key_id], registry=REGISTRY).payload
        except (JoseError, ValueError):
            raise Untrusted from None
        return found.party, text


def seal(said: Mapping[str, Any], to: Known) -> str:
    """封をする: a body that only the receiver opens."""
    assert to.use is Use.SEAL, "sealed to a key that opens"
    header = {"alg": AGREES, "enc": ENCRYPTS, "kid": to.key_id}
    text = json.dumps(said, ensure_ascii=False).encode()
    key = ECKey.import_key(to.public)
    return jwe.encrypt_compact(header, text, key, algorithms=[AGREES, ENCRYPTS])


def unseal(sealed: str, own: Callable[[str], OwnKey | None]) -> dict[str, Any]:
    """封を開ける: by the own key that the text names; raises CannotOpen."""
    try:
        found = own(_key_id(sealed, {"alg": AGREES, "enc": ENCRYPTS}))
        if found is None:
            raise CannotOpen
        key = ECKey.import_key(found.private)
        text = jwe.decrypt_compact(sealed, key, algorithms=[AGREES, ENCRYPTS]).plaintext
        said = json.loads(text or b"")
    except (JoseError, ValueError, Untrusted):
        raise CannotOpen from None
    if not isinstance(said, dict):
        raise CannotOpen
    return said


def _key_id(token: str, asked: Mapping[str, str]) -> str:
    """The key that a text names, where its header says what is asked and nothing more."""
    try:
        header = json.loads(urlsafe_b64decode(token.split(".", 1)[0].encode("ascii")))
        key_id = header.pop("kid")
        header.pop("epk", None)
    except (ValueError, KeyError, AttributeError, TypeError):
        raise Untrusted from None
    if header != asked or not isinstance(key_id, str):
        raise Untrusted
    return key_id

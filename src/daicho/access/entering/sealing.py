"""封緘: secrets of second factors as they stand in the database, encrypted.

AES-256-GCM under a key derived from the program's secret (HKDF-SHA-256). The label says how, so
that another way can follow. The secret is changed by moving the old one to `SECRET_KEY_FALLBACKS`;
what a person uses from then on is sealed anew.
"""

import os
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

LABEL = "s1"
_PURPOSE = b"daicho second factors s1"
_NONCE_BYTES = 12


class CannotOpen(ValueError):
    """開けない: sealed under a secret that this program does not have, or altered."""


def _cipher(secret: str) -> AESGCM:
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=_PURPOSE)
    return AESGCM(derived.derive(secret.encode()))


def seal(text: str) -> str:
    """封緘する: the text, readable only with the program's secret."""
    nonce = os.urandom(_NONCE_BYTES)
    sealed = _cipher(settings.SECRET_KEY).encrypt(nonce, text.encode(), LABEL.encode())
    return f"{LABEL}:{urlsafe_b64encode(nonce + sealed).decode()}"


def is_old(sealed: str) -> bool:
    """前の鍵か: is it sealed under a secret that is on its way out?"""
    return bool(settings.SECRET_KEY_FALLBACKS) and _opened(sealed, [settings.SECRET_KEY]) is None


def unseal(sealed: str) -> str:
    """封緘を解く: the text; raises CannotOpen."""
    found = _opened(sealed, [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS])
    if found is None:
        raise CannotOpen("none of the secrets opens it")
    return found


def _opened(sealed: str, secrets: Sequence[str]) -> str | None:
    label, _, body = sealed.partition(":")
    if label != LABEL:
        raise CannotOpen("sealed in a way that is not known")
    whole = urlsafe_b64decode(body)
    for secret in secrets:
        try:
            opened = _cipher(secret).decrypt(
                whole[:_NONCE_BYTES], whole[_NONCE_BYTES:], LABEL.encode()
            )
        except InvalidTag:
            continue
        return opened.decode()
    return None

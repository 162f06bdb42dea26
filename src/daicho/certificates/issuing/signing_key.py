"""交付の署名: the key of this process, read once, and what is signed with it."""

from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from uuid import UUID

from django.conf import settings

from daicho.access import clock
from daicho.certificates import code_token, keys, reading
from daicho.certificates.keys import MADE_UP, SigningKey
from daicho.certificates.signing import Place, Signer
from daicho.law import extensions

# The free box at the foot of the form, on the last page (forms/frame.typ).
CODE_PLACE = Place(left_mm=15.0, top_mm=260.5, side_mm=24.0)


@dataclass(frozen=True)
class _Own:
    key: SigningKey
    signer: Signer


@cache
def _of(key_file: Path, chain_file: Path, location: str) -> _Own:
    key = keys.load(key_file, chain_file)
    return _Own(key, Signer(key, location))


def _own() -> _Own:
    files = Path(settings.SIGNING_KEY_FILE), Path(settings.SIGNING_CHAIN_FILE)
    return _of(*files, str(settings.BODY_NAME))


def key() -> SigningKey:
    """署名鍵: that of this process."""
    return _own().key


def is_made_up() -> bool:
    """見本: what the demo's own key signs is no certificate of any town."""
    return MADE_UP in keys.common_name(key().chain[0])


def is_in_force() -> bool:
    """有効: is every certificate of the chain in its period at this moment?"""
    return keys.in_force(key().chain, clock.now())


def signed(
    pdf: bytes, request_id: UUID, record_ids: tuple[UUID, ...], number: str, issued_on: date
) -> bytes:
    """署名する: the pages bound to request and persons, with the code where it is switched on.

    Raises Unreadable where what was set cannot be read back.
    """
    text = reading.page_text(pdf)
    binding = reading.bind_text(text, request_id, record_ids)
    code = ""
    if "certificate_code" in extensions.extensions_on(settings.EXTENSIONS):
        page = binding.text[: code_token.PAGE_BYTES]
        token = code_token.Token(str(settings.MUNICIPALITY), number, issued_on, page)
        code = code_token.sign(token, key())
    return _own().signer.sign(pdf, binding, clock.now(), code, CODE_PLACE if code else None)

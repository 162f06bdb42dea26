"""取り違え防止: may this finished certificate be handed to whoever asked for it?

Asked by the counter and the kiosk of the very bytes that are printed or sent, just before. Their
signature is our own, made a moment ago: the certificate in it must be ours to the letter. So what
is the same in every message of a key is verified in full, as a stranger's file is (`verifying`),
once in a process; what differs, the digest of the file and the signature, every time.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from asn1crypto import cms
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding

from daicho.access import clock
from daicho.certificates import reading, verifying
from daicho.certificates.keys import Certificates, SigningKey, in_force
from daicho.certificates.reading import Places, Seal, places
from daicho.law.disclosure.issued_copies import handed_out
from daicho.law.rule import Finding

_FULLY_VERIFIED: dict[tuple[Certificates, int], Places] = {}
"""確かめた形: by chain and length of the message."""

_LONG_SEQUENCE = b"\x30\x82"  # of DER; two bytes of length follow


def check(
    pdf: bytes,
    request_id: UUID,
    record_ids: Collection[UUID],
    key: SigningKey,
    shows: Sequence[str] = (),
) -> tuple[Finding, ...]:
    """取り違えの確認: what speaks against handing this file out under this request; empty if good.

    `shows` are texts that the register says must stand on the pages (names as they are drawn):
    they catch pages that were swapped before they were signed.
    """
    on = clock.today()
    altered = handed_out(True, False, on=on)
    try:
        text, seals = reading.page_text_and_seals(pdf)
        bound = reading.binding(pdf)
    except reading.Unreadable:
        return altered
    if bound is None or not is_ours(pdf, seals, key, clock.now()):
        return altered
    expected = reading.bind_text(text, request_id, record_ids)
    missing = any(reading.normal_form(one) not in text for one in shows)
    another = (bound.request, bound.records) != (expected.request, expected.records)
    return handed_out(not (another or missing), bound.text == expected.text, on=on)


def is_ours(pdf: bytes, seals: Sequence[Seal], key: SigningKey, now: datetime) -> bool:
    """署名の確認: one signature, over the whole file, by our key, whose chain is valid `now`."""
    if len(seals) != 1 or not in_force(key.chain, now):
        return False
    message = _without_padding(seals[0].message)
    known = _FULLY_VERIFIED.get((key.chain, len(message)))
    if known is not None and known.fits(message):
        return _is_signed(pdf, seals[0], message, known, key)
    try:
        found = places(message)
        is_named = _certificates(message) == {one.public_bytes(Encoding.DER) for one in key.chain}
    except (KeyError, TypeError, ValueError):
        return False
    if not (is_named and _is_signed(pdf, seals[0], message, found, key)):
        return False
    _, signer = verifying.signature(reading.opened(pdf), key.chain)
    if signer is not None:
        _FULLY_VERIFIED[key.chain, len(message)] = found
    return signer is not None


def _without_padding(message: bytes) -> bytes:
    """The message as long as it says itself, where nothing but zeros stands behind it."""
    size = int.from_bytes(message[2:4], "big") + 4 if message[:2] == _LONG_SEQUENCE else 0
    return message if message[size:].strip(b"\0") else message[:size]


def _certificates(message: bytes) -> set[bytes]:
    content = cms.ContentInfo.load(message)["content"]
    return {one.chosen.dump() for one in content["certificates"]}


def _is_signed(pdf: bytes, seal: Seal, message: bytes, at: Places, key: SigningKey) -> bool:
    """What is this file's own: its digest, and our signature over what says it."""
    try:
        key.private.public_key().verify(
            message[at.signature], at.signed(message), ec.ECDSA(hashes.SHA256())
        )
    except InvalidSignature:
        return False
    return message[at.digest] == _digest_of_whole(pdf, seal)


def _digest_of_whole(pdf: bytes, seal: Seal) -> bytes | None:
    """The digest of all but the message itself; None where anything else is left out of it."""
    if len(seal.covered) != 4:
        return None
    start, length, second, rest = seal.covered
    gap = b"<" + seal.message.hex().upper().encode() + b">"
    if start or second + rest != len(pdf) or pdf[length:second] != gap:
        return None
    return sha256(pdf[:length] + pdf[second:]).digest()

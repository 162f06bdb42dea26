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
from daicho.certificates.keys import SigningKey, in_force
from daicho.certificates.reading import Seal
from daicho.law.disclosure.issued_copies import handed_out
from daicho.law.rule import Finding

_FULLY_VERIFIED: set[bytes] = set()  # digests of messages without what is a certificate's own


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
    form = _form(pdf, seals[0], key)
    return form is not None and _is_sound(pdf, form, key)


def _form(pdf: bytes, seal: Seal, key: SigningKey) -> bytes | None:
    """What the message says beside digest and signature, where these two are right; else None."""
    try:
        return _form_of(pdf, seal, key)
    except (InvalidSignature, KeyError, TypeError, ValueError):
        return None  # a message is read as far as it is asked: any question may find it spoilt


def _form_of(pdf: bytes, seal: Seal, key: SigningKey) -> bytes | None:
    message = cms.ContentInfo.load(seal.message)
    padding = seal.message[len(message.dump()) :]
    content = message["content"]
    (signer,) = content["signer_infos"]
    attributes = signer["signed_attrs"]
    (digest,) = (one for one in attributes if one["type"].native == "message_digest")
    signed, signature = attributes.untag().dump(), signer["signature"].native
    certificates = {one.chosen.dump() for one in content["certificates"]}
    key.private.public_key().verify(signature, signed, ec.ECDSA(hashes.SHA256()))
    is_whole = digest["values"].native == [_digest_of_whole(pdf, seal)]
    is_named = certificates == {one.public_bytes(Encoding.DER) for one in key.chain}
    if not is_whole or not is_named or padding.strip(b"\0"):
        return None
    digest["values"], signer["signature"] = [b""], b""
    return sha256(message.dump()).digest()


def _digest_of_whole(pdf: bytes, seal: Seal) -> bytes | None:
    """The digest of all but the message itself; None where anything else is left out of it."""
    if len(seal.covered) != 4:
        return None
    start, length, second, rest = seal.covered
    gap = b"<" + seal.message.hex().upper().encode() + b">"
    if start or second + rest != len(pdf) or pdf[length:second] != gap:
        return None
    return sha256(pdf[:length] + pdf[second:]).digest()


def _is_sound(pdf: bytes, form: bytes, key: SigningKey) -> bool:
    """Chain, use of the key and the rest of the message, by the library: once of each form."""
    if form not in _FULLY_VERIFIED:
        _, signer = verifying.signature(reading.opened(pdf), key.chain)
        if signer is None:
            return False
        _FULLY_VERIFIED.add(form)
    return True

"""検証用符号: the signed token in the two-dimensional code of a certificate (an extension).

A COSE_Sign1 message (ES256) over a CBOR map: issuer, day, issue number and the first 128 bits of
the page hash. No personal data: whoever photographs the code learns that a certificate was issued.
As text it is Base32, so that it can be pasted, and typed, without loss of case or blanks.
"""

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from functools import lru_cache
from hashlib import sha256
from typing import Any

import cbor2
import segno
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from cwt import COSE, COSEKey

from daicho.certificates.keys import SigningKey

PREFIX = "DAICHO1:"
PAGE_BYTES = 16
TEXT_LENGTH_MAX = 600
JAPAN = timezone(timedelta(hours=9))
# Names of the map: those of CWT (RFC 8392) where there is one.
ISSUER, ISSUED, NUMBER, PAGE = 1, 6, 7, -65537
ALGORITHM, KEY = 1, 4  # of the protected header
ES256 = -7
SIGN1 = 18
KEY_BYTES = 8
# Choosing the best of eight masks costs ten times the code itself, and any mask can be read.
MASK = 3
QUIET_MODULES = 4


class WrongCode(Exception):
    """符号の誤り: no token of ours, or not signed by any of the given certificates."""


@dataclass(frozen=True)
class Token:
    """検証用符号の内容: issuer (6-digit code), issue number, day of issue, 128 bits of the page."""

    issuer: str
    issue_number: str
    issued_on: date
    page: bytes


def sign(token: Token, key: SigningKey) -> str:
    """The token as text, signed."""
    body = {
        ISSUER: token.issuer,
        ISSUED: int(datetime.combine(token.issued_on, time(), JAPAN).timestamp()),
        NUMBER: token.issue_number.encode(),
        PAGE: token.page[:PAGE_BYTES],
    }
    own, own_id = _cose(key)
    message = COSE.new().encode(cbor2.dumps(body), own, {ALGORITHM: ES256, KEY: own_id})
    return PREFIX + base64.b32encode(message).decode().rstrip("=")


def read(text: str, certificates: Sequence[x509.Certificate]) -> tuple[Token, x509.Certificate]:
    """The content of a token and the certificate that proves it; raises WrongCode."""
    message = _decoded(text)
    if not _is_ours(message):
        raise WrongCode("台帳の符号ではありません(署名の方式が違います)。")
    by_id = {key_id(one): one for one in certificates if _is_p256(one)}
    try:
        header, _, body = COSE.new().decode_with_headers(message, [*map(_public, by_id.values())])
        token = _token(cbor2.loads(body))
        certificate = by_id[header[KEY]]
    except Exception:  # a made-up message makes anything of the library
        raise WrongCode("符号の署名を、この証明書では確かめられません。") from None
    return token, certificate


def _is_ours(message: bytes) -> bool:
    """A COSE_Sign1 by ES256 with its content inside: the library would take any kind it knows."""
    try:
        found = cbor2.loads(message)
        protected, unprotected, body, signature = found.value
        is_es256 = cbor2.loads(protected)[ALGORITHM] == ES256
    except Exception:  # as below: a made-up message holds anything in these places
        return False
    kinds = (type(protected), type(body), type(signature))
    return bool(is_es256 and found.tag == SIGN1 and kinds == (bytes,) * 3 and unprotected == {})


def _is_p256(certificate: x509.Certificate) -> bool:
    public = certificate.public_key()
    return isinstance(public, ec.EllipticCurvePublicKey) and isinstance(public.curve, ec.SECP256R1)


def key_id(certificate: x509.Certificate) -> bytes:
    """The first bytes of the digest of the public key: which key, without trying them all."""
    public = certificate.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return sha256(public).digest()[:KEY_BYTES]


def _decoded(text: str) -> bytes:
    typed = "".join(text[: 2 * TEXT_LENGTH_MAX].split()).upper()
    if not typed.startswith(PREFIX) or len(typed) > TEXT_LENGTH_MAX:
        raise WrongCode(f"台帳の符号ではありません({PREFIX} で始まる文字列です)。")
    letters = typed.removeprefix(PREFIX)
    try:
        message = base64.b32decode(letters + "=" * (-len(letters) % 8))
    except (binascii.Error, ValueError):
        raise WrongCode("符号の文字が違うか、足りません。もう一度読み取ってください。") from None
    # one token has one spelling
    if base64.b32encode(message).decode().rstrip("=") != letters:
        raise WrongCode("符号の文字が違うか、足りません。もう一度読み取ってください。")
    return message


def _token(body: dict[int, Any]) -> Token:
    issued = datetime.fromtimestamp(body[ISSUED], UTC).astimezone(JAPAN)
    token = Token(body[ISSUER], body[NUMBER].decode(), issued.date(), body[PAGE])
    assert type(token.page) is bytes, "a page hash is bytes"
    assert len(token.page) == PAGE_BYTES, "a page hash of 128 bits"
    assert type(token.issuer) is str, "an issuer is text"
    return token


@lru_cache(maxsize=1)
def _cose(key: SigningKey) -> tuple[Any, bytes]:
    """The key as the library takes it, and its id: a process signs with one."""
    pem = key.private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return COSEKey.from_pem(pem.decode()), key_id(key.chain[0])


def _public(certificate: x509.Certificate) -> Any:
    pem = certificate.public_bytes(Encoding.PEM)
    return COSEKey.from_pem(pem.decode(), kid=key_id(certificate))


def image(text: str) -> segno.QRCode:
    """二次元コード: the text as a QR code, level M, always by the same mask."""
    return segno.make_qr(text, error="m", mask=MASK, boost_error=False)

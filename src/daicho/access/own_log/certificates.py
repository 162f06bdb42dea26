"""利用者証明用の電子証明書: whether one is ours, in force, for this use, and who signed with it."""

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.x509.oid import ExtendedKeyUsageOID

from daicho.access import clock

BYTES_MAX = 8_192
"""証明書の大きさの上限."""
CONTEXT = b"daicho:my:1:"
"""署名の対象の前書き: before the question, so that an answer is good for nothing else."""
_HALF = 32  # bytes of each of the two numbers of a P-256 signature, as browsers and cards give it


def authorities(file: str) -> tuple[x509.Certificate, ...]:
    """認証局: those whose certificates are believed; none where no file is set or readable."""
    try:
        return tuple(x509.load_pem_x509_certificates(Path(file).read_bytes())) if file else ()
    except (OSError, ValueError):
        return ()


def read(der: bytes) -> x509.Certificate | None:
    """証明書を読む: None where it is none; every extension that is asked for can be read."""
    if not der or len(der) > BYTES_MAX:
        return None
    try:
        found = x509.load_der_x509_certificate(der)
        _ = found.extensions, found.public_key(), found.serial_number
    except Exception:  # a stranger's bytes: the parser has a kind of its own for many a fault
        return None
    return found


def is_ours(certificate: x509.Certificate, known: Sequence[x509.Certificate]) -> bool:
    """発行者: is it signed by one of the authorities that are believed?"""
    return any(_is_issued_by(certificate, one) for one in known)


def _is_issued_by(certificate: x509.Certificate, authority: x509.Certificate) -> bool:
    try:
        certificate.verify_directly_issued_by(authority)
    except (InvalidSignature, TypeError, ValueError):
        return False
    return True


def is_in_force(
    certificate: x509.Certificate, known: Sequence[x509.Certificate], at: datetime
) -> bool:
    """有効期間: is the moment within that of the certificate and of whoever issued it?"""
    chain = [certificate, *(one for one in known if _is_issued_by(certificate, one))]
    return all(one.not_valid_before_utc <= at <= one.not_valid_after_utc for one in chain)


def last_day(certificate: x509.Certificate) -> date:
    """有効期間の最後の日: of the certificate alone, as days are counted here."""
    return certificate.not_valid_after_utc.astimezone(clock.TOKYO).date()


def proves_users(certificate: x509.Certificate) -> bool:
    """利用者証明用: for showing who somebody is, never for signing a text (署名用)."""
    try:
        usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
        purposes = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    except x509.ExtensionNotFound:
        return False
    return (
        usage.digital_signature
        and not usage.content_commitment
        and not usage.key_cert_sign
        and ExtendedKeyUsageOID.CLIENT_AUTH in purposes
    )


def is_signed(certificate: x509.Certificate, signature: bytes, nonce: bytes) -> bool:
    """署名の確認: over the question, by the certificate's key (ECDSA P-256, SHA-256, r and s)."""
    key = certificate.public_key()
    if not isinstance(key, ec.EllipticCurvePublicKey) or not isinstance(key.curve, ec.SECP256R1):
        return False
    if len(signature) != 2 * _HALF:
        return False
    r, s = (int.from_bytes(half) for half in (signature[:_HALF], signature[_HALF:]))
    try:
        key.verify(encode_dss_signature(r, s), CONTEXT + nonce, ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        return False
    return True


def serial(certificate: x509.Certificate) -> str:
    """製造番号: in hexadecimal figures, as it is kept."""
    return f"{certificate.serial_number:x}"


def fingerprint(certificate: x509.Certificate) -> bytes:
    """指紋: SHA-256 over the whole certificate."""
    return certificate.fingerprint(hashes.SHA256())

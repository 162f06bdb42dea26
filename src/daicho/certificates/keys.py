"""署名鍵: the key that signs certificates with its chain, and the published certificates.

A demo makes its own: a certificate authority whose key is thrown away at once, and one signer. For
work the municipality gives a key (PEM, mode 0600) and its chain (PEM, the signer's first).
"""

import os
import stat
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import NameOID

from daicho.terms.file_troubles import reason, remedy

DEMO_DAYS = 3653
MADE_UP = "架空・試験用"
CHAIN_BYTES_MAX = 1 << 20


Certificates = Sequence[x509.Certificate]


class KeyTrouble(Exception):
    """署名鍵・証明書を使えない: missing, open to others, damaged or not fitting; never a key."""


@dataclass(frozen=True, repr=False)
class SigningKey:
    """署名鍵: a P-256 key and its chain, the signer's certificate first."""

    private: ec.EllipticCurvePrivateKey
    chain: tuple[x509.Certificate, ...]


def demo_files(data: Path) -> tuple[Path, Path]:
    """Where a data folder keeps the demo's key, and the chain that anyone may have."""
    return data / "secrets" / "signing_key.pem", data / "published" / "certificates.pem"


def ensure_demo(
    key_file: Path, chain_file: Path, municipality: str, name: str, made_at: datetime
) -> None:
    """Make the demo's key and chain where there is no key yet; a key is never overwritten.

    `municipality` is the 6-digit code, `name` what screens show; `made_at` an aware moment.
    """
    # who only verifies has these functions too, and knows nothing of who works in an office
    from daicho.access.sealed_files import onto_disk

    if key_file.exists():
        return
    authority_key, key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    subject = _subject(f"台帳 認証局({MADE_UP})", name, municipality)
    authority = _certificate(subject, authority_key, subject, authority_key, made_at)
    own = _subject(f"{name or municipality}長({MADE_UP})", name, municipality)
    signer = _certificate(own, key, subject, authority_key, made_at)
    chain = b"".join(one.public_bytes(Encoding.PEM) for one in (signer, authority))
    for file, mode in ((key_file, 0o700), (chain_file, 0o755)):
        file.parent.mkdir(mode=mode, exist_ok=True)
    # the key last: where it stands, its chain stands too
    onto_disk.replaced(chain_file, chain, 0o644)
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    onto_disk.replaced(key_file, private)


def _subject(common: str, name: str, municipality: str) -> x509.Name:
    words = (
        (NameOID.COUNTRY_NAME, "JP"),
        (NameOID.ORGANIZATION_NAME, name or municipality),
        (NameOID.ORGANIZATIONAL_UNIT_NAME, f"Daicho demo {MADE_UP}"),
        (NameOID.ORGANIZATION_IDENTIFIER, municipality),
        (NameOID.COMMON_NAME, common),
    )
    return x509.Name([x509.NameAttribute(oid, value) for oid, value in words])


def _certificate(
    subject: x509.Name,
    key: ec.EllipticCurvePrivateKey,
    issuer: x509.Name,
    issuer_key: ec.EllipticCurvePrivateKey,
    made_at: datetime,
) -> x509.Certificate:
    is_authority = key is issuer_key
    usage = x509.KeyUsage(
        digital_signature=not is_authority,
        content_commitment=not is_authority,
        key_cert_sign=is_authority,
        crl_sign=is_authority,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )
    public, authority = key.public_key(), issuer_key.public_key()
    builder = (
        x509.CertificateBuilder(subject_name=subject, issuer_name=issuer)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(made_at - timedelta(days=1))
        .not_valid_after(made_at + timedelta(days=DEMO_DAYS))
        .add_extension(x509.BasicConstraints(is_authority, 0 if is_authority else None), True)
        .add_extension(usage, True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(authority), False)
    )
    return builder.sign(issuer_key, hashes.SHA256())


def load(key_file: Path, chain_file: Path) -> SigningKey:
    """Read and check key and chain; raises KeyTrouble."""
    content, mode = _read(key_file, "署名鍵")
    if mode & 0o077:
        raise KeyTrouble(f"署名鍵 {key_file} をほかの利用者が読めます。chmod 600 にしてください。")
    try:
        private = load_pem_private_key(content, password=None)
    except (TypeError, ValueError):
        raise KeyTrouble(
            f"署名鍵 {key_file} を読み取れません(合言葉のないPEM形式にします)。"
        ) from None
    if not (
        isinstance(private, ec.EllipticCurvePrivateKey) and isinstance(private.curve, ec.SECP256R1)
    ):
        raise KeyTrouble(f"署名鍵 {key_file} は P-256 の鍵ではありません。")
    chain = published(chain_file)
    if chain[0].public_key() != private.public_key():
        raise KeyTrouble(f"{chain_file} の最初の証明書が、署名鍵のものではありません。")
    _must_be_a_chain(chain_file, chain)
    return SigningKey(private, chain)


def _must_be_a_chain(file: Path, chain: Sequence[x509.Certificate]) -> None:
    for one, issuer in pairwise(chain):
        try:
            one.verify_directly_issued_by(issuer)
        except (InvalidSignature, TypeError, ValueError):
            raise KeyTrouble(f"{file} の証明書が、署名者から順につながっていません。") from None


def published(file: Path) -> tuple[x509.Certificate, ...]:
    """公開している証明書: every certificate of a PEM file; raises KeyTrouble.

    A file with a private key in it is refused: it must not lie where this one is read.
    """
    content, _ = _read(file, "証明書")
    if b"PRIVATE KEY" in content:
        raise KeyTrouble(f"{file} に秘密鍵が入っています。公開してよいのは証明書だけです。")
    try:
        found = tuple(x509.load_pem_x509_certificates(content))
    except ValueError:
        raise KeyTrouble(f"{file} から証明書を読み取れません(PEM形式にします)。") from None
    return found


def _read(file: Path, what: str) -> tuple[bytes, int]:
    try:
        with file.open("rb") as opened:
            mode = stat.S_IMODE(os.fstat(opened.fileno()).st_mode)
            content = opened.read(CHAIN_BYTES_MAX + 1)
    except OSError as refusal:
        said = f"{what} {file} を読めません({reason(refusal)})。{remedy(refusal)}"
        raise KeyTrouble(said) from None
    if len(content) > CHAIN_BYTES_MAX:
        raise KeyTrouble(f"{what} {file} が大きすぎます。")
    return content, mode


def in_force(chain: Certificates, at: datetime) -> bool:
    """有効期間: is the moment within the period of each of them?"""
    return all(one.not_valid_before_utc <= at <= one.not_valid_after_utc for one in chain)


def is_authority(certificate: x509.Certificate) -> bool:
    """認証局: may it certify others? Such a certificate signs no certificate of a resident."""
    try:
        constraints = certificate.extensions.get_extension_for_class(x509.BasicConstraints)
    except x509.ExtensionNotFound:
        return False
    return constraints.value.ca


def signers(certificates: Certificates) -> tuple[x509.Certificate, ...]:
    """署名者: those of the published certificates that are no authority's."""
    return tuple(one for one in certificates if not is_authority(one))


def issuer_code(certificate: x509.Certificate) -> str:
    """団体コード: the organization identifier of a certificate's subject, or blank."""
    found = certificate.subject.get_attributes_for_oid(NameOID.ORGANIZATION_IDENTIFIER)
    return str(found[0].value) if found else ""


def common_name(certificate: x509.Certificate) -> str:
    """署名者の名: the subject's common name, or the whole subject."""
    found = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(found[0].value) if found else certificate.subject.rfc4514_string()

"""通信の証明書: a private authority of the network, and the certificates of its parties.

A party has three keys (P-256), each for one use: to speak (mutual TLS), to sign messages and
receipts, and to open what is sealed to it. The certificate names party and use; nothing else is
taken from it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from daicho.network.protocol.parties import NotAParty, Party, party

_ON_THE_WIRE = "urn:daicho:party:"
_EARLIER = timedelta(hours=1)  # of clocks that are a little behind
_KEY_ID_CHARS = 32


class Use(Enum):
    """鍵の用途: each has a key of its own."""

    SPEAK = "tls"
    SIGN = "sign"
    SEAL = "seal"


class NotOurs(ValueError):
    """使えない証明書: not of this authority, or of no party of the network."""


@dataclass(frozen=True, slots=True)
class Known:
    """知られた証明書: whose it is, for which use, and from when until when it holds."""

    party: Party
    use: Use
    key_id: str
    from_at: datetime
    until_at: datetime
    public: ec.EllipticCurvePublicKey


def make_authority(
    key: ec.EllipticCurvePrivateKey, name: str, at: datetime, days: int
) -> x509.Certificate:
    """認証局を作る: signed by itself; it signs certificates of parties and no other authority."""
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    builder = _builder(subject, subject, key.public_key(), at, days)
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), True)
    builder = builder.add_extension(_usage(key_cert_sign=True, crl_sign=True), True)
    return builder.sign(key, hashes.SHA256())


def issue(
    of: Party,
    use: Use,
    public: ec.EllipticCurvePublicKey,
    authority: x509.Certificate,
    authority_key: ec.EllipticCurvePrivateKey,
    at: datetime,
    days: int,
    hosts: Iterable[x509.GeneralName] = (),
) -> x509.Certificate:
    """証明書を出す: for one key of a party; `hosts` are where it is reached, of a key to speak."""
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"{of} {use.value}")])
    named = x509.UniformResourceIdentifier(f"{_ON_THE_WIRE}{of}:{use.value}")
    builder = _builder(subject, authority.subject, public, at, days)
    builder = builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), True)
    builder = builder.add_extension(x509.SubjectAlternativeName([named, *hosts]), False)
    if use is Use.SPEAK:
        both = (ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH)
        builder = builder.add_extension(x509.ExtendedKeyUsage(both), False)
    usage = _usage(key_agreement=True) if use is Use.SEAL else _usage(digital_signature=True)
    return builder.add_extension(usage, True).sign(authority_key, hashes.SHA256())


def known(certificate: x509.Certificate, authority: x509.Certificate) -> Known:
    """証明書を確かめる: that the authority gave it, to whom and for what; raises NotOurs.

    Whether it holds at a moment is asked by who uses it.
    """
    try:
        certificate.verify_directly_issued_by(authority)
    except (ValueError, TypeError, InvalidSignature):
        raise NotOurs("another authority") from None
    public = certificate.public_key()
    if not (
        isinstance(public, ec.EllipticCurvePublicKey) and isinstance(public.curve, ec.SECP256R1)
    ):
        raise NotOurs("another kind of key")
    of, use = _named(certificate)
    return Known(
        of,
        use,
        key_id(certificate),
        certificate.not_valid_before_utc,
        certificate.not_valid_after_utc,
        public,
    )


def key_id(certificate: x509.Certificate) -> str:
    """鍵の名: the beginning of the SHA-256 of the certificate, in hexadecimal."""
    return certificate.fingerprint(hashes.SHA256()).hex()[:_KEY_ID_CHARS]


def _named(certificate: x509.Certificate) -> tuple[Party, Use]:
    try:
        names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        (named,) = (
            one
            for one in names.get_values_for_type(x509.UniformResourceIdentifier)
            if one.startswith(_ON_THE_WIRE)
        )
        code, use = named.removeprefix(_ON_THE_WIRE).split(":")
        return party(code), Use(use)
    except (x509.ExtensionNotFound, ValueError, NotAParty):
        raise NotOurs("it names no party and use") from None


def _builder(
    subject: x509.Name,
    issuer: x509.Name,
    public: ec.EllipticCurvePublicKey,
    at: datetime,
    days: int,
) -> x509.CertificateBuilder:
    return x509.CertificateBuilder(
        issuer_name=issuer,
        subject_name=subject,
        public_key=public,
        serial_number=x509.random_serial_number(),
        not_valid_before=at - _EARLIER,
        not_valid_after=at + timedelta(days=days),
    )


def _usage(**uses: bool) -> x509.KeyUsage:
    none = dict.fromkeys(
        (
            "digital_signature",
            "content_commitment",
            "key_encipherment",
            "data_encipherment",
            "key_agreement",
            "key_cert_sign",
            "crl_sign",
            "encipher_only",
            "decipher_only",
        ),
        False,
    )
    return x509.KeyUsage(**(none | uses))

"""試験用カード: a file that stands for a resident's card in a made-up town, and who certifies it.

The authority of user authentication (利用者証明用) is the demo's own; its key stays in the data
folder, for the next card. A card is a certificate and its key, locked by a PIN of four digits: so
short a PIN guards nothing that can be copied, and so the file is for trying out and nothing else.
"""

import json
import os
import secrets
from base64 import b64encode
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.pbkdf2 import PBKDF2HMAC
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from django.apps import apps

from daicho.access import clock
from daicho.access.own_log import cards
from daicho.access.permits import system_permit
from daicho.access.sealed_files import onto_disk
from daicho.site.trouble import on_disk

MADE_UP = "架空・試験用"
AUTHORITY_DAYS = 3653
CARD_DAYS = 1826  # five birthdays, as those of real cards
PIN_DIGITS = 4
ITERATIONS = 600_000
_SALT_BYTES = 16
_BORN = (1970, 2000)
_IV_BYTES = 12


def authority_files(data: Path) -> tuple[Path, Path]:
    """Where a data folder keeps the authority's key, and its certificate, which anyone may have."""
    return data / "secrets" / "resident_ca_key.pem", data / "published" / "resident_ca.pem"


def make(data: Path, record_id: UUID, pin: str, *, days: int = CARD_DAYS) -> Path:
    """カードを作る: register a new card of that record; gives the file that stands for it."""
    assert len(pin) == PIN_DIGITS, "the command has asked for such a PIN"
    with on_disk(data):
        return _make(data, record_id, pin, days)


def _make(data: Path, record_id: UUID, pin: str, days: int) -> Path:
    now = clock.now()
    authority_key, authority = _authority(data, now)
    key = ec.generate_private_key(ec.SECP256R1())
    certificate = _signed(
        key.public_key(),
        _name("利用者証明用電子証明書"),
        authority_key,
        authority.subject,
        now,
        days,
    )
    permit = system_permit("own_log", clock.today(), uuid4())
    cards.register(permit, certificate, record_id)
    folder = data / "cards"
    folder.mkdir(mode=0o700, exist_ok=True)
    file = folder / f"{certificate.serial_number:x}.json"
    onto_disk.replaced(file, json.dumps(_card(certificate, key, pin), indent=1).encode())
    return file


def _authority(data: Path, at: datetime) -> tuple[ec.EllipticCurvePrivateKey, x509.Certificate]:
    """The demo's authority; made at first use."""
    key_file, file = authority_files(data)
    if key_file.exists():
        key = load_pem_private_key(key_file.read_bytes(), password=None)
        assert isinstance(key, ec.EllipticCurvePrivateKey), "we wrote it"
        return key, x509.load_pem_x509_certificate(file.read_bytes())
    key = ec.generate_private_key(ec.SECP256R1())
    subject = _name("利用者証明用 認証局")
    certificate = _signed(key.public_key(), subject, key, subject, at, AUTHORITY_DAYS)
    for folder, mode in ((key_file.parent, 0o700), (file.parent, 0o755)):
        folder.mkdir(mode=mode, exist_ok=True)
    onto_disk.replaced(file, certificate.public_bytes(Encoding.PEM), 0o644)
    # the key last: where it stands, its certificate stands too
    onto_disk.replaced(
        key_file, key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    )
    return key, certificate


def _name(common: str) -> x509.Name:
    words = ((NameOID.COUNTRY_NAME, "JP"), (NameOID.COMMON_NAME, f"台帳 {common}({MADE_UP})"))
    return x509.Name([x509.NameAttribute(oid, text) for oid, text in words])


def _signed(
    public: ec.EllipticCurvePublicKey,
    subject: x509.Name,
    issuer_key: ec.EllipticCurvePrivateKey,
    issuer: x509.Name,
    at: datetime,
    days: int,
) -> x509.Certificate:
    is_authority = subject == issuer
    flags = dict.fromkeys(
        ("content_commitment", "key_encipherment", "data_encipherment", "key_agreement"), False
    )
    usage = x509.KeyUsage(
        **flags,
        digital_signature=not is_authority,
        key_cert_sign=is_authority,
        crl_sign=is_authority,
        encipher_only=False,
        decipher_only=False,
    )
    builder = (
        x509.CertificateBuilder(subject_name=subject, issuer_name=issuer)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(at - timedelta(days=1))
        .not_valid_after(at + timedelta(days=days))
        .add_extension(x509.BasicConstraints(is_authority, 0 if is_authority else None), True)
        .add_extension(usage, True)
    )
    if not is_authority:
        purposes = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CLIENT_AUTH])
        builder = builder.add_extension(purposes, False)
    return builder.sign(issuer_key, hashes.SHA256())


def _card(
    certificate: x509.Certificate, key: ec.EllipticCurvePrivateKey, pin: str
) -> dict[str, int | str]:
    salt, iv = os.urandom(_SALT_BYTES), os.urandom(_IV_BYTES)
    kdf = PBKDF2HMAC(hashes.SHA256(), length=32, salt=salt, iterations=ITERATIONS)
    private = key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    locked = AESGCM(kdf.derive(pin.encode())).encrypt(iv, private, None)
    parts = {
        "certificate": certificate.public_bytes(Encoding.DER),
        "salt": salt,
        "iv": iv,
        "key": locked,
    }
    told: dict[str, int | str] = {"kind": "daicho-test-card", "v": 1, "iterations": ITERATIONS}
    return told | {name: b64encode(part).decode() for name, part in parts.items()}


def ensure(data: Path) -> str:
    """実演のカード: one card of a grown-up of the town; gives the sentence that tells of it.

    Blank where nobody lives there, as in a prefecture. A card that was made before is told again,
    while it is in use: its holder may have moved out since.
    """
    kept = data / "secrets" / "demo_card.json"
    if not kept.exists() or not _is_in_use(kept):
        record_id = _somebody()
        if record_id is None:
            return ""
        pin = fresh_pin()
        onto_disk.replaced(
            kept, json.dumps({"file": make(data, record_id, pin).name, "pin": pin}).encode()
        )
    told = json.loads(kept.read_text("ascii"))
    file = data / "cards" / told["file"]
    return f"本人の画面 /my/ の試験用カード(架空): {file} 暗証番号 {told['pin']}"


def _is_in_use(kept: Path) -> bool:
    number = cards.number_of(Path(json.loads(kept.read_text("ascii"))["file"]).stem)
    return number is not None and cards.is_in_use(number)


def _somebody() -> UUID | None:
    """A resident of the town, by the year of birth."""
    if not apps.is_installed("daicho.register"):
        return None
    from daicho.register import queries
    from daicho.register.search import conditions

    permit = system_permit("demo", clock.today(), uuid4())
    for year in range(*_BORN):
        typed = {"born_from": str(year), "born_until": str(year), "state": "living"}
        found = queries.search(permit, conditions.read(typed))
        if found.hits:
            return found.hits[0].record_id
    return None


def fresh_pin() -> str:
    """暗証番号: four digits by chance."""
    return f"{secrets.randbelow(10**PIN_DIGITS):0{PIN_DIGITS}}"

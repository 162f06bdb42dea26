"""先頭の署名鍵: a P-256 key in a file of mode 0600, PEM, apart from every other key.

A register signs its heads with one, a witness what it saw. Nothing here knows a framework.
"""

import os
import stat
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

from daicho.access.sealed_files import onto_disk
from daicho.terms.file_troubles import reason, remedy


class KeyTrouble(Exception):
    """署名鍵を使えない: missing, open to others, damaged or of another kind; never the key."""


@dataclass(frozen=True, repr=False)
class HeadKey:
    """先頭の署名鍵: the key, and what others check with."""

    private: ec.EllipticCurvePrivateKey

    @property
    def public(self) -> str:
        """公開鍵: PEM, to be handed to whoever checks."""
        form = PublicFormat.SubjectPublicKeyInfo
        return self.private.public_key().public_bytes(Encoding.PEM, form).decode()


def fingerprint(public: str) -> str:
    """鍵の指紋: SHA-256 of a public key (PEM) in DER, in hex."""
    key = load_pem_public_key(public.encode())
    return sha256(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).hexdigest()


def own_file(data: Path) -> Path:
    """Where a data folder keeps its key."""
    return data / "secrets" / "trail_key.pem"


def create(path: Path) -> None:
    """Make a key; an existing file is never overwritten."""
    private = ec.generate_private_key(ec.SECP256R1())
    pem = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    onto_disk.new(path, pem)


def load(path: Path) -> HeadKey:
    """Read and check a key file; raises KeyTrouble, which says "利用記録の署名鍵" of either."""
    try:
        with path.open("rb") as file:
            mode, pem = stat.S_IMODE(os.fstat(file.fileno()).st_mode), file.read()
    except OSError as trouble:
        raise KeyTrouble(
            f"利用記録の署名鍵を読めません({reason(trouble)})。{remedy(trouble)}"
        ) from None
    if mode & 0o077:
        raise KeyTrouble("利用記録の署名鍵をほかの利用者が読めます。chmod 600 にしてください。")
    try:
        private = load_pem_private_key(pem, password=None)
    except (TypeError, ValueError):
        raise KeyTrouble("利用記録の署名鍵が壊れています。控えから戻してください。") from None
    if not isinstance(private, ec.EllipticCurvePrivateKey) or private.curve.name != "secp256r1":
        raise KeyTrouble("利用記録の署名鍵はP-256の秘密鍵にしてください。")
    return HeadKey(private)

"""署名した文書: a file that a command leaves beside its signature, for who checks it elsewhere."""

import os
from pathlib import Path

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings
from django.core.management.base import CommandError

from daicho.site.trouble import reason


def write_signed(out: Path, content: bytes) -> str:
    """Write the file and its signature, `FILE.sig`, by the key of the certificates; gives what is
    told of it. Neither replaces a file that is there. Raises CommandError."""
    signature = _signature(content)
    _write(out, content)
    _write(out.with_name(f"{out.name}.sig"), signature)
    return (
        f"{out} と、その署名 {out.name}.sig(ECDSA P-256、SHA-256)を書きました。\n"
        "公開している証明書の公開鍵で、openssl dgst -sha256 -verify などで確かめられます。"
    )


def _signature(content: bytes) -> bytes:
    from daicho.certificates import keys  # a second of loading, for who signs alone

    try:
        key = keys.load(Path(settings.SIGNING_KEY_FILE), Path(settings.SIGNING_CHAIN_FILE))
    except keys.KeyTrouble as trouble:
        raise CommandError(str(trouble)) from None
    return key.private.sign(content, ec.ECDSA(hashes.SHA256()))


def _write(file: Path, content: bytes) -> None:
    try:
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as opened:
            opened.write(content)
    except OSError as trouble:
        raise CommandError(f"{file} に書けません({reason(trouble)})。") from None

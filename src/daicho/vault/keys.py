"""鍵の保管: the vault's keys, from a key file of mode 0600 (hardware takes this place later).

The file is JSON: `{"current": 1, "encrypt": {"1": "<base64, 32 bytes>"}, "index": {"1": …}}`.
Old versions stay until nothing is encrypted under them.
"""

import base64
import json
import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from daicho.terms.file_troubles import reason, remedy

KEY_BYTES = 32


class KeyTrouble(Exception):
    """The key file is missing, unreadable, open to others or damaged; says which, never a key."""


@dataclass(frozen=True, repr=False)
class Keys:
    """`encrypt` and `index` map a version to 32 bytes; `current` is the version for new rows."""

    current: int
    encrypt: Mapping[int, bytes]
    index: Mapping[int, bytes]


def create(path: Path) -> None:
    """Make a key file with fresh keys; an existing one is never overwritten."""
    fresh = [base64.b64encode(os.urandom(KEY_BYTES)).decode() for _ in range(2)]
    body = {"current": 1, "encrypt": {"1": fresh[0]}, "index": {"1": fresh[1]}}
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump(body, file)
        file.flush()
        os.fsync(file.fileno())


def load(path: Path) -> Keys:
    """Read and check the key file; raises KeyTrouble."""
    try:
        with path.open(encoding="utf-8") as file:
            mode = stat.S_IMODE(os.fstat(file.fileno()).st_mode)
            body = json.load(file)
    except OSError as trouble:
        raise KeyTrouble(f"鍵ファイルを読めません({reason(trouble)})。{remedy(trouble)}") from None
    except ValueError:
        raise KeyTrouble("鍵ファイルが壊れています。控えから戻してください。") from None
    if mode & 0o077:
        raise KeyTrouble("鍵ファイルをほかの利用者が読めます。chmod 600 にしてください。")
    try:
        keys = Keys(int(body["current"]), _decoded(body["encrypt"]), _decoded(body["index"]))
        ok = all(len(key) == KEY_BYTES for key in (*keys.encrypt.values(), *keys.index.values()))
    except (KeyError, TypeError, ValueError, AttributeError):
        ok = False
    if not ok or keys.current not in keys.encrypt or keys.current not in keys.index:
        raise KeyTrouble("鍵ファイルの内容が正しくありません。控えから戻してください。")
    return keys


def fingerprint(keys: Keys) -> str:
    """What tells whether two key files are the same, without telling the keys."""
    rings = (("encrypt", keys.encrypt), ("index", keys.index))
    digest = sha256(b"daicho vault keys")
    for name, ring in rings:
        for version in sorted(ring):
            digest.update(f"|{name}|{version}|".encode() + ring[version])
    return digest.hexdigest()[:32]


def _decoded(keys: Mapping[str, str]) -> Mapping[int, bytes]:
    return {int(version): base64.b64decode(key, validate=True) for version, key in keys.items()}

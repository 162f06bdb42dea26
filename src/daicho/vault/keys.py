"""鍵ファイル: the vault's keys in a file of mode 0600, where no hardware keeps them.

The file is JSON: `{"current": 1, "encrypt": {"1": "<base64, 32 bytes>"}, "index": {"1": …}}`.
Old versions stay until nothing is encrypted under them. The file is written whole or not at all,
and what stood there before stays beside it as `<name>.before_<version>.json`.
"""

import base64
import json
import os
import stat
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hmac import HMAC

from daicho.access.sealed_files import onto_disk
from daicho.terms.file_troubles import reason, remedy
from daicho.vault import fingerprints

KEY_BYTES = 32


class KeyTrouble(Exception):
    """The keys are missing, unreadable, open to others, damaged or another register's; says which,
    never a key and never a PIN."""


@dataclass(frozen=True, repr=False)
class Keys:
    """`encrypt` and `index` map a version to 32 bytes; `current` is the file's newest version, 0
    where all its keys are destroyed. Which one is for new rows, the database says."""

    current: int
    encrypt: Mapping[int, bytes]
    index: Mapping[int, bytes]


class KeyFile:
    """鍵ファイルの鍵: a keeper of keys (`custody.Keeper`) over one file."""

    kind = "file"

    def __init__(self, path: Path) -> None:
        self._path = path
        self._keys = load(path)

    def versions(self) -> Mapping[int, str]:
        return {one: fingerprints.of(self, one) for one in sorted(self._keys.encrypt)}

    def encrypt(self, version: int, nonce: bytes, text: bytes, bound_to: bytes) -> bytes:
        return AESGCM(self._keys.encrypt[version]).encrypt(nonce, text, bound_to)

    def decrypt(self, version: int, nonce: bytes, sealed: bytes, bound_to: bytes) -> bytes:
        return AESGCM(self._keys.encrypt[version]).decrypt(nonce, sealed, bound_to)

    def mac(self, version: int, text: bytes) -> bytes:
        code = HMAC(self._keys.index[version], SHA256())
        code.update(text)
        return code.finalize()

    def make(self, version: int) -> None:
        if version not in self._keys.encrypt:
            self._keys = _add(self._path, version)

    def destroy(self, version: int) -> bool:
        was_here, self._keys = version in self._keys.encrypt, _remove(self._path, version)
        return _remove_copies(self._path, version) or was_here


def create(path: Path) -> None:
    """Make a key file with fresh keys; an existing one is never overwritten."""
    onto_disk.new(path, _body(_with_fresh(Keys(0, {}, {}), 1)))


def load(path: Path) -> Keys:
    """Read and check the key file; raises KeyTrouble."""
    try:
        with path.open(encoding="utf-8") as file:
            mode = stat.S_IMODE(os.fstat(file.fileno()).st_mode)
            text = file.read()
    except OSError as trouble:
        raise KeyTrouble(f"鍵ファイルを読めません({reason(trouble)})。{remedy(trouble)}") from None
    except UnicodeDecodeError:
        raise _damaged() from None
    if mode & 0o077:
        raise KeyTrouble("鍵ファイルをほかの利用者が読めます。chmod 600 にしてください。")
    return _read(text)


def _damaged() -> KeyTrouble:
    return KeyTrouble("鍵ファイルが壊れています。控えから戻してください。")


def _read(text: str) -> Keys:
    try:
        body = json.loads(text)
    except ValueError:
        raise _damaged() from None
    try:
        keys = Keys(int(body["current"]), _decoded(body["encrypt"]), _decoded(body["index"]))
        ok = all(len(key) == KEY_BYTES for key in (*keys.encrypt.values(), *keys.index.values()))
    except (KeyError, TypeError, ValueError, AttributeError):
        ok = False
    if (
        not ok
        or set(keys.encrypt) != set(keys.index)
        or keys.current != max(keys.encrypt, default=0)
    ):
        raise KeyTrouble("鍵ファイルの内容が正しくありません。控えから戻してください。")
    return keys


def copies(path: Path) -> list[Path]:
    """The copies that stand beside the file, of what it held before each new version."""
    return sorted(path.parent.glob(f"{path.stem}.before_[0-9]*{path.suffix}"))


def _add(path: Path, version: int) -> Keys:
    """Add fresh keys of a version; what stood in the file before is kept beside it."""
    before = load(path)
    assert version > before.current, "a version is newer than all before it"
    _keep(before, path.with_name(f"{path.stem}.before_{version}{path.suffix}"), path)
    after = _with_fresh(before, version)
    onto_disk.replaced(path, _body(after), like=path)
    return after


def _keep(before: Keys, copy: Path, path: Path) -> None:
    """Keep what the file holds as a copy; one of an attempt that was cut off is there already."""
    with suppress(FileNotFoundError):
        held = _held_by(copy)
        if held is not None and held != before:
            raise KeyTrouble(
                f"{copy.name} に別の鍵があります。移してから、もう一度実行してください。"
                "何も作っていません。"
            )
        if held == before:
            return
        copy.unlink()  # half written: it holds nothing that the file does not
    onto_disk.new(copy, path.read_bytes(), like=path)


def _held_by(copy: Path) -> Keys | None:
    """The keys in a copy, whoever may read it; None where it is not whole."""
    try:
        return _read(copy.read_text("utf-8"))
    except (KeyTrouble, UnicodeDecodeError):
        return None


def _remove_copies(path: Path, version: int) -> bool:
    """Remove the copies that hold a version, and what is half written; whether one held it. Raises
    KeyTrouble that names the first which cannot be removed."""
    held_it = False
    parts = [path.with_name(f"{path.name}.part"), *path.parent.glob(f"{path.stem}.before_*.part")]
    for copy in (*copies(path), *parts):
        try:
            held = _held_by(copy)
            if held is None or version in held.encrypt or copy.suffix == ".part":
                copy.unlink()
                held_it = held_it or (held is not None and version in held.encrypt)
        except FileNotFoundError:
            continue
        except OSError as trouble:
            raise KeyTrouble(
                f"鍵ファイルの写し {copy.name} を消せません({reason(trouble)})。"
                "消してから、もう一度実行してください。"
            ) from None
    onto_disk.sync(path.parent)
    return held_it


def _remove(path: Path, version: int) -> Keys:
    """Take a version's keys out of the file."""
    before = load(path)
    if version not in before.encrypt:
        return before
    encrypt = {one: key for one, key in before.encrypt.items() if one != version}
    index = {one: key for one, key in before.index.items() if one != version}
    after = Keys(max(encrypt, default=0), encrypt, index)
    onto_disk.replaced(path, _body(after), like=path)
    return after


def _with_fresh(before: Keys, version: int) -> Keys:
    encrypt, index = os.urandom(KEY_BYTES), os.urandom(KEY_BYTES)
    return Keys(version, {**before.encrypt, version: encrypt}, {**before.index, version: index})


def _body(keys: Keys) -> bytes:
    def encoded(ring: Mapping[int, bytes]) -> dict[str, str]:
        return {str(one): base64.b64encode(key).decode() for one, key in ring.items()}

    rings = {"encrypt": encoded(keys.encrypt), "index": encoded(keys.index)}
    return json.dumps({"current": keys.current, **rings}).encode()


def _decoded(keys: Mapping[str, str]) -> Mapping[int, bytes]:
    return {int(version): base64.b64decode(key, validate=True) for version, key in keys.items()}

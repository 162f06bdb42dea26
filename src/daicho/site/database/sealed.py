"""封をした控え: a backup in frames (`access/sealed_files`), sealed under a key of its own.

magic, 4 bytes length, header (JSON, in clear: id of the backup, municipality, version),
then frames: the dump (pg_dump's own format), and as the last one the manifest
"""

from pathlib import Path
from typing import Any, BinaryIO

from daicho.access.backup_keys.files import BackupKey
from daicho.access.sealed_files import frames, opening
from daicho.access.sealed_files.opening import NotOpened
from daicho.access.sealed_files.sealing import Frames
from daicho.site.database import manifest as manifests
from daicho.site.database.dumping import Write
from daicho.site.database.manifest import Manifest
from daicho.site.trouble import Trouble

MAGIC = b"daicho-sealed-backup 1\n"

_WHY = (
    "鍵が違うか、控えが途中で切れているか、書き換えられています。"
    "鍵とファイルを確かめるか、別の控えを使ってください。"
)


def sealing(file: BinaryIO, key: BackupKey, said: frames.Said) -> Frames:
    """封をする: begin a backup in an empty file; `said` stands in its header, in clear."""
    return Frames(file, key.key, frames.header({**said, "backup": key.backup_id}, MAGIC))


def is_sealed(file: BinaryIO) -> bool:
    """Does a file begin as such a backup does? It is read from its beginning afterwards."""
    start = file.read(len(MAGIC))
    file.seek(0)
    return start == MAGIC


def backup_id(file: BinaryIO, path: Path) -> str:
    """控えの番号: which key is needed, as the header says it; not proven. Raises Trouble."""
    _, said = _head(file, path)
    return str(said.get("backup", ""))


def proven(file: BinaryIO, path: Path, key: BackupKey) -> Manifest:
    """Read a backup to its end and prove every frame; gives its manifest. Raises Trouble."""
    last, digest = _opened(file, path, key, lambda _: None)
    try:
        manifest = manifests.read(last)
    except ValueError:
        raise _not_opened(path) from None
    if manifest.dump_sha256 != digest:
        raise _not_opened(path)
    return manifest


def pour(file: BinaryIO, path: Path, key: BackupKey, write: Write) -> None:
    """Give the dump to `write`, part by part; raises Trouble, and then what was given is void."""
    _opened(file, path, key, write)


def _opened(file: BinaryIO, path: Path, key: BackupKey, write: Write) -> tuple[bytes, str]:
    before, _ = _head(file, path)
    try:
        return opening.held_by_frames(file, frames.Key(key.key, frames.bound(before)), write)
    except NotOpened:
        raise _not_opened(path) from None


def _head(file: BinaryIO, path: Path) -> tuple[bytes, dict[str, Any]]:
    file.seek(0)
    try:
        return opening.head(file, MAGIC)
    except NotOpened:
        raise _not_opened(path) from None


def _not_opened(path: Path) -> Trouble:
    return Trouble(f"{path} を開けません。{_WHY}何も戻していません。")

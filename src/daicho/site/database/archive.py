"""控え: one sealed file with the whole database and a manifest that proves it; keys are kept apart.

The dump goes from PostgreSQL into the file and back through pipes, in frames: nowhere on a disk it
stands in clear, and memory holds a frame. A restore reads the file twice: to prove it, then to load
it. A backup from before there were keys is read too (`unsealed.py`).
"""

import errno
import hashlib
import os
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import psycopg
from psycopg import sql

from daicho.access.backup_keys.files import BackupKey
from daicho.access.sealed_files import onto_disk
from daicho.access.sealed_files.frames import Said
from daicho.site.database import dumping, sealed, unsealed
from daicho.site.database import manifest as manifests
from daicho.site.database.dumping import Pour
from daicho.site.database.manifest import FORMAT, Manifest
from daicho.site.trouble import Trouble, on_disk
from daicho.terms.file_troubles import DISK_FULL, reason, remedy

# What the kernel says of a file system that makes no file without a name.
_NO_NAMELESS = {errno.EOPNOTSUPP, errno.EISDIR, errno.EINVAL}


@dataclass(frozen=True)
class Opened:
    """開いた控え: its manifest; `pour` gives the dump; `is_sealed`: under which form it came."""

    manifest: Manifest
    pour: Pour
    is_sealed: bool


def digests(
    connection: "psycopg.Connection[tuple[object, ...]]", tables: Mapping[str, Sequence[str]]
) -> dict[str, tuple[int, str]]:
    """Rows and SHA-256 of each table (name -> columns of its key), read as a stream."""
    found = {}
    for name, key in sorted(tables.items()):
        order = sql.SQL(", ").join(map(sql.Identifier, key))
        query = sql.SQL("COPY (SELECT * FROM {} ORDER BY {}) TO STDOUT").format(
            sql.Identifier(name), order
        )
        digest, rows = hashlib.sha256(), 0
        with connection.cursor().copy(query) as copy:
            for block in copy:
                digest.update(block)
                rows += bytes(block).count(b"\n")
        found[name] = (rows, digest.hexdigest())
    return found


@contextmanager
def _snapshot(url: str) -> Iterator["tuple[psycopg.Connection[tuple[object, ...]], str]"]:
    with psycopg.connect(url) as connection:
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        row = connection.execute("SELECT pg_export_snapshot()").fetchone()
        assert row is not None
        yield connection, str(row[0])


def write(
    file: Path,
    key: BackupKey,
    url: str,
    tables: Mapping[str, Sequence[str]],
    about: Mapping[str, str],
    migrations: Sequence[str],
) -> Manifest:
    """Write the backup of the database at `url`; `file` appears only when it is whole."""
    said: Said = {one: about[one] for one in ("municipality", "version")}
    with on_disk(file), appearing(file) as part, _snapshot(url) as (connection, snapshot):
        frames = sealed.sealing(part, key, said)
        dumping.dump(url, snapshot, frames.write)
        manifest = Manifest(
            format=FORMAT,
            migrations=tuple(migrations),
            dump_sha256=frames.sha256(),
            tables=digests(connection, tables),
            **about,
        )
        frames.last(manifests.written(manifest))
    return manifest


@contextmanager
def appearing(file: Path) -> Iterator[BinaryIO]:
    """A file of mode 0600 that has its name once the block has ended well and all of it is on the
    disk. Until then it has none, so that of a process that was killed nothing is left; where the
    file system makes no such files, a hidden one beside it, which nobody opens."""
    folder = file.absolute().parent
    handle, hidden = _nameless(folder, file.name)
    try:
        with os.fdopen(handle, "wb") as part:
            yield part
            part.flush()
            os.fsync(part.fileno())
            if hidden is None:
                _named(part, folder, file.name)
            else:
                onto_disk.named(hidden, file)
    except FileExistsError:
        raise Trouble(f"{file} はもうあります。別の名前にしてください。") from None
    finally:
        if hidden is not None:
            hidden.unlink(missing_ok=True)
    onto_disk.sync(folder)


def _nameless(folder: Path, name: str) -> tuple[int, Path | None]:
    try:
        return os.open(folder, os.O_TMPFILE | os.O_WRONLY, 0o600), None
    except OSError as refusal:
        if refusal.errno not in _NO_NAMELESS:
            raise
    handle, hidden = tempfile.mkstemp(".part", f".{name}-", folder)
    return handle, Path(hidden)


def _named(part: BinaryIO, folder: Path, name: str) -> None:
    """Give a file its name, which nothing has yet."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        # with a folder said, it is what the link leads to that is named, not the link
        os.link(f"/proc/self/fd/{part.fileno()}", name, dst_dir_fd=handle)
    finally:
        os.close(handle)


@contextmanager
def opened(file: Path, key_of: Callable[[str], BackupKey]) -> Iterator[Opened]:
    """Open and prove a backup, for as long as the block runs; `key_of` is asked for the key of the
    id that the file names. Raises Trouble."""
    try:
        read = file.open("rb")
    except OSError as refusal:
        raise _unreadable(file, refusal) from None
    with read:
        try:
            found = _proven(read, file, key_of)
        except OSError as refusal:
            if refusal.errno in DISK_FULL:
                raise
            raise _unreadable(file, refusal) from None
        if found.manifest.format != FORMAT:
            raise Trouble("この控えは別の版の形式です。書き出した版のプログラムで戻してください。")
        yield found


def _proven(read: BinaryIO, file: Path, key_of: Callable[[str], BackupKey]) -> Opened:
    if not sealed.is_sealed(read):
        manifest = unsealed.proven(read, file)
        return Opened(manifest, lambda write: unsealed.pour(read, file, write), is_sealed=False)
    key = key_of(sealed.backup_id(read, file))
    manifest = sealed.proven(read, file, key)
    return Opened(manifest, lambda write: sealed.pour(read, file, key, write), is_sealed=True)


def _unreadable(file: Path, refusal: OSError) -> Trouble:
    return Trouble(f"{file} を読めません({reason(refusal)})。{remedy(refusal)}")

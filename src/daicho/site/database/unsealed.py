"""封のない控え: the form of before, a tar of manifest and dump; it is read, never written."""

import hashlib
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, BinaryIO

from daicho.site.database import manifest as manifests
from daicho.site.database.dumping import PART_BYTES, Write
from daicho.site.database.manifest import Manifest
from daicho.site.trouble import Trouble

MANIFEST, DUMP = "manifest.json", "database.dump"
MANIFEST_BYTES_MAX = 1_000_000


def proven(file: BinaryIO, path: Path) -> Manifest:
    """Read a backup and prove its dump; gives its manifest. Raises Trouble."""
    with _member(file, path, MANIFEST, MANIFEST_BYTES_MAX) as member:
        text = member.read()
    try:
        manifest = manifests.read(text)
    except ValueError:
        raise _broken(path) from None
    digest = hashlib.sha256()
    pour(file, path, digest.update)
    if digest.hexdigest() != manifest.dump_sha256:
        raise Trouble(f"{path} の中身が書き出したときと違います。別の控えを使ってください。")
    return manifest


def pour(file: BinaryIO, path: Path, write: Write) -> None:
    """Give the dump to `write`, part by part."""
    with _member(file, path, DUMP) as member:
        while part := member.read(PART_BYTES):
            write(part)


@contextmanager
def _member(
    file: BinaryIO, path: Path, name: str, bytes_max: int | None = None
) -> Iterator[IO[bytes]]:
    """One of the two members a backup has; what another puts beside them is not looked at."""
    file.seek(0)
    try:
        with tarfile.open(fileobj=file, mode="r:") as archive:
            found = archive.getmember(name)
            if not found.isfile() or (bytes_max is not None and found.size > bytes_max):
                raise tarfile.TarError(name)
            # not by `extract`: how it is told to trust no member differs between versions
            content = archive.extractfile(found)
            if content is None:
                raise tarfile.TarError(name)
            with content:
                yield content
    except (tarfile.TarError, KeyError, EOFError):
        raise _broken(path) from None


def _broken(path: Path) -> Trouble:
    return Trouble(f"{path} はこのプログラムの控えではないか、壊れています。")

"""ディスクへ: what was written, named or removed is so after a power cut too."""

import errno
import os
from pathlib import Path

# What the kernel says of a file system that gives no file a second name.
_NO_LINKS = {errno.EOPNOTSUPP, errno.EPERM, errno.ENOSYS}


def new(file: Path, content: bytes, mode: int = 0o600, *, like: Path | None = None) -> None:
    """新しいファイル: whole and on the disk, or none; raises FileExistsError where there is one.

    `like`: whose file it is, so that who serves people reads what an administrator wrote.
    """
    part = _part(file, content, mode, like)
    try:
        named(part, file)
    finally:
        part.unlink(missing_ok=True)
    try:
        sync(file.parent)
    except BaseException:
        file.unlink()
        raise


def replaced(file: Path, content: bytes, mode: int = 0o600, *, like: Path | None = None) -> None:
    """置き換えたファイル: whole or as it was; on the disk before anybody relies on it."""
    _part(file, content, mode, like).replace(file)
    sync(file.parent)


def named(hidden: Path, file: Path) -> None:
    """名を付ける: a hidden file gets a name that nothing has yet; raises FileExistsError."""
    try:
        os.link(hidden, file)  # unlike a renaming it takes nobody's place
    except OSError as refusal:
        if refusal.errno not in _NO_LINKS:
            raise
        os.close(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))  # the name is ours
        hidden.replace(file)


def _part(file: Path, content: bytes, mode: int, like: Path | None) -> Path:
    part = file.with_name(f"{file.name}.part")
    part.unlink(missing_ok=True)  # of an attempt that was cut off
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    try:
        with os.fdopen(handle, "wb") as opened:
            if like is not None and (owner := like.stat()).st_uid != os.geteuid():
                os.fchown(opened.fileno(), owner.st_uid, owner.st_gid)
            opened.write(content)
            opened.flush()
            os.fsync(opened.fileno())
    except BaseException:
        part.unlink()
        raise
    return part


def sync(folder: Path) -> None:
    """Put the names in a folder onto the disk."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def overwritten(file: Path) -> None:
    """上書き: the bytes of a file replaced by chance, on the disk, as far as a disk does so."""
    with file.open("r+b") as opened:
        opened.write(os.urandom(os.fstat(opened.fileno()).st_size))
        opened.flush()
        os.fsync(opened.fileno())

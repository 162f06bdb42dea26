"""ディスクへ: what was written, named or removed is so after a power cut too."""

import os
from pathlib import Path


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

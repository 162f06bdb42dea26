"""What stops a command, said in Japanese: what happened and what to do."""

import errno
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from daicho.terms.file_troubles import DISK_FULL, reason

__all__ = [
    "Trouble",
    "disk_full",
    "no_place",
    "not_allowed",
    "on_disk",
    "reason",
    "say",
    "tells_full_disk",
]

_FULL_WORDS = ("No space left on device", "Disk quota exceeded", "wrote only", "free disk space")
_NOT_ALLOWED = {errno.EACCES, errno.EPERM, errno.EROFS}
_NO_PLACE = {errno.ENOTDIR, errno.ENAMETOOLONG, errno.ELOOP}


class Trouble(Exception):
    """続けられない事情: one text for the operator. The command line prints it and ends with 1."""


def disk_full(path: Path) -> Trouble:
    """ディスクの空きがない: the same words wherever it is noticed (initdb, start, running)."""
    return Trouble(
        f"ディスクの空きがなくなりました（{path}）。"
        "書き終わっていない処理は取り消されています。"
        "空きを作ってから、もう一度実行してください。"
    )


def tells_full_disk(messages: str) -> bool:
    """Do PostgreSQL's messages speak of a full disk? It has several words for it."""
    return any(sign in messages for sign in _FULL_WORDS)


def not_allowed(path: Path) -> Trouble:
    """読み書きの権限がない: a file or folder this user may not touch."""
    return Trouble(
        f"{path} を読み書きできません。"
        "このフォルダーの所有者で実行するか、DAICHO_DATA で別のフォルダーを指定してください。"
    )


def no_place(path: Path) -> Trouble:
    """作れない場所: a name under which the operating system makes no file or folder."""
    return Trouble(
        f"{path} というファイルやフォルダーは作れません。"
        "--data や DAICHO_DATA などで指定した場所を確かめてください。"
    )


@contextmanager
def on_disk(path: Path) -> Iterator[None]:
    """Turn the operating system's refusals while working below `path` into a `Trouble`."""
    try:
        yield
    except OSError as refusal:
        if refusal.errno in DISK_FULL:
            raise disk_full(path) from refusal
        if refusal.errno in _NOT_ALLOWED:
            raise not_allowed(Path(refusal.filename or path)) from refusal
        if refusal.errno in _NO_PLACE:
            raise no_place(Path(refusal.filename or path)) from refusal
        raise


def say(sentence: str) -> None:
    """途中経過: one line on stderr, so that stdout stays the command's own."""
    sys.stderr.write(sentence + "\n")
    sys.stderr.flush()

"""漏えいしたパスワード: a list that the site brings in, looked up without asking anybody.

The list has a line for each password, sorted: SHA-1 in 40 hexadecimal figures, and often a colon
and how often it was seen. It is some 40 GB: a look-up halves the file, with a few dozen small
reads, and holds none of it.
"""

import errno
import hashlib
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from typing import Any

import structlog
from django.conf import settings
from django.core.exceptions import ValidationError

DIGITS = 40
LINE_BYTES_MAX = 64
BLOCK_BYTES = 4_096
PLACES = 64
"""確かめる所: so many parts of the list are read when the program starts; a small one is whole."""
_LINE = re.compile(rb"[0-9A-Fa-f]{40}(?::\d{1,20})?\r?")

log = structlog.stdlib.get_logger("daicho.leaked")


class ListTrouble(Exception):
    """一覧の不備: the list is missing, or not what it must be; the text is Japanese."""


class NotLeaked:
    """漏えいしたパスワード: not one that stands in the site's list.

    Where the list cannot be read no password is accepted: nobody would know.
    """

    def validate(self, password: str, user: Any = None) -> None:
        del user
        try:
            found = holds(Path(settings.LEAKED_PASSWORDS), password)
        except OSError as trouble:
            log.error("leaked_passwords_unreadable", errno=trouble.errno)
            raise ValidationError(
                "漏えいしたパスワードの一覧を読めないため、確かめられません。"
                "情報システム担当に連絡してください。",
                code="password_not_checked",
            ) from None
        if found:
            raise ValidationError(
                "ほかで漏えいしたことのあるパスワードです。別のものにしてください。",
                code="password_leaked",
            )

    def get_help_text(self) -> str:
        return "ほかで漏えいしたことのあるパスワードは使えません。"


def holds(file: Path, password: str) -> bool:
    """一覧にあるか: whether the password stands in the list; raises OSError."""
    # the list's own format, no protection of ours: nothing of it is kept
    wanted = hashlib.sha1(password.encode(), usedforsecurity=False).hexdigest().encode().upper()
    with _opened(file) as handle:
        size = os.fstat(handle).st_size
        if not size:  # another list is laid over it at this moment, or the disk is full
            raise OSError(errno.ENODATA, os.strerror(errno.ENODATA))
        return _stands_in(handle, size, wanted)


def check(file: Path) -> None:
    """一覧の点検: whether it can be read and is what it must be, as far as its parts tell.

    Raises ListTrouble. Of a large list the parts are spread over all of it, the last line among
    them, so that a list of another order or format, or one that was cut off, is found.
    """
    try:
        with _opened(file) as handle:
            size = os.fstat(handle).st_size
            lines = list(_parts(handle, size))
    except OSError:
        raise ListTrouble("漏えいしたパスワードの一覧を読めません。") from None
    if not lines:
        raise ListTrouble("漏えいしたパスワードの一覧が空です。")
    if not all(_LINE.fullmatch(one) for one in lines):
        raise ListTrouble(
            "漏えいしたパスワードの一覧の形が正しくないか、途中で切れています。"
            "1行は、SHA-1の40桁と、あれば「:回数」です。"
        )
    keys = [one[:DIGITS].upper() for one in lines]
    if not all(one < other for one, other in pairwise(keys)):
        raise ListTrouble("漏えいしたパスワードの一覧が、SHA-1の順に並んでいません。")


@contextmanager
def _opened(file: Path) -> Iterator[int]:
    handle = os.open(file, os.O_RDONLY | os.O_CLOEXEC)
    try:
        yield handle
    finally:
        os.close(handle)


def _stands_in(handle: int, size: int, wanted: bytes) -> bool:
    """The line, if it is there, begins at `low` or after it and before `high`."""
    low, high = 0, size
    while high - low > BLOCK_BYTES:
        middle = (low + high) // 2
        before, end, after = os.pread(handle, 2 * LINE_BYTES_MAX, middle).partition(b"\n")
        begins = middle + len(before) + 1
        key = after[:DIGITS].upper()
        if key == wanted:
            return True
        if end and begins < high and key < wanted:
            low = begins
        else:
            high = middle + 1
    lines = os.pread(handle, high - low + LINE_BYTES_MAX, low).split(b"\n")
    return any(one[:DIGITS].upper() == wanted for one in lines)


def _parts(handle: int, size: int) -> Iterator[bytes]:
    """The lines of a few parts in their order, each line whole; of a small list all of them."""
    if size <= PLACES * BLOCK_BYTES:
        yield from _lines(os.pread(handle, size, 0))
        return
    step = (size - BLOCK_BYTES) // (PLACES - 1)
    for place in range(PLACES):
        is_first, is_last = place == 0, place == PLACES - 1
        begin = size - BLOCK_BYTES if is_last else place * step
        lines = _lines(os.pread(handle, BLOCK_BYTES, begin), ends=is_last)
        yield from lines if is_first else lines[1:]


def _lines(block: bytes, *, ends: bool = True) -> list[bytes]:
    lines = block.split(b"\n")
    return lines[:-1] if not ends or not lines[-1] else lines

"""書き出しと戻し: PostgreSQL's programs, and a pipe to them; a dump never lies in clear."""

import os
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from threading import Thread
from typing import IO

from psycopg.conninfo import conninfo_to_dict, make_conninfo

from daicho.site.postgres import binaries
from daicho.site.trouble import Trouble

PART_BYTES = 256 * 1024
Write = Callable[[bytes], object]
"""書く先: takes the next part."""
Pour = Callable[[Write], object]
"""注ぐもの: gives all its parts to a `Write`, in order."""


def dump(url: str, snapshot: str, write: Write) -> None:
    """Give the dump of the database at `url`, as it stood in a snapshot, to `write`."""
    words = ("--format=custom", f"--snapshot={snapshot}")
    with _running("pg_dump", url, *words, stdout=subprocess.PIPE) as process:
        read = _pipe(process.stdout)
        while part := read.read(PART_BYTES):
            write(part)


def load(url: str, pour: Pour) -> None:
    """Load a dump into the database at `url`, in one transaction.

    As the database's owner, never as the superuser: a dump is a program, and one that somebody
    else made must not reach beyond this database. Where `pour` raises, nothing is loaded.
    """
    words = ("--clean", "--if-exists", "--exit-on-error", "--single-transaction")
    with _running("pg_restore", url, *words, stdin=subprocess.PIPE) as process:
        write = _pipe(process.stdin)
        # where it has ended before its end, it says why itself
        with suppress(BrokenPipeError):
            pour(write.write)
            write.close()


@contextmanager
def _running(
    program: str, url: str, *words: str, stdin: int | None = None, stdout: int | None = None
) -> "Iterator[subprocess.Popen[bytes]]":
    """Run one of PostgreSQL's programs; the password goes by the environment, not by `ps`.

    It is killed where the block fails. Raises Trouble, or OSError for a full disk.
    """
    parts = conninfo_to_dict(url)
    password = str(parts.pop("password", ""))
    where = make_conninfo("", **parts)  # with sslmode and whatever else the address asks for
    with subprocess.Popen(
        [binaries.folder() / program, f"--dbname={where}", *words],
        env={**os.environ, "PGPASSWORD": password, "LC_ALL": "C"},
        stdin=stdin,
        stdout=stdout,
        stderr=subprocess.PIPE,
    ) as process:
        said: list[bytes] = []
        listening = Thread(target=lambda: said.append(_pipe(process.stderr).read()))
        listening.start()  # else it would wait for somebody to read what it says
        try:
            yield process
        except BaseException:
            process.kill()
            _let_go(process)
            listening.join()
            raise
        _let_go(process)
        listening.join()
        code = process.wait()
    _must_have_worked(program, code, b"".join(said).decode(errors="replace"))


def _let_go(process: "subprocess.Popen[bytes]") -> None:
    """Close what it was given; it may have ended before it took all."""
    if process.stdin is not None:
        with suppress(BrokenPipeError):
            process.stdin.close()


def _must_have_worked(program: str, code: int, said: str) -> None:
    if "No space left on device" in said:
        raise OSError(28, "No space left on device")
    if code:
        # PostgreSQL quotes rows in its errors; the first line names the step and no more
        first = next(iter(said.splitlines()), f"exit {code}")
        raise Trouble(f"{program} が失敗しました({first[:120]})。")


def _pipe(given: IO[bytes] | None) -> IO[bytes]:
    assert given is not None, "it was asked for"
    return given

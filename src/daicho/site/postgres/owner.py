"""Who runs the embedded server: one process, named in a lock file; the others are its guests."""

import errno
import fcntl
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from daicho.site.trouble import Trouble, disk_full, no_place, on_disk

# Held locks by file descriptor. A forked worker lets go of its copy, so that the lock ends with
# the process that took it and not with the last of its children.
_held: set[int] = set()
# Whose guest this process is, by data folder: the lock file may name the next owner by then.
_hosts: dict[Path, "Owner"] = {}
_BYTES_MAX = 65536
# Less than two segments of its journal free: PostgreSQL cannot go on writing.
_FREE_BYTES_MIN = 32 * 1024 * 1024
_LOST = {"57P01", "57P02", "57P03", "57P05"}


@dataclass(frozen=True)
class Owner:
    """サーバーを動かしている処理: the content of the lock file. No address: still starting."""

    pid: int
    command: str
    started_at: str
    socket_dir: str = ""
    superuser: str = ""
    server_pid: int = 0


class Claim:
    """所有の印: the held lock; `announce` tells the others where the server is."""

    def __init__(self, handle: int, owner: Owner) -> None:
        self._handle, self._owner = handle, owner
        self._write()

    def announce(self, socket_dir: Path, superuser: str, server_pid: int) -> None:
        """The server is ready: from here other commands may connect."""
        self._owner = replace(
            self._owner, socket_dir=str(socket_dir), superuser=superuser, server_pid=server_pid
        )
        self._write()

    def _write(self) -> None:
        content = json.dumps(asdict(self._owner), ensure_ascii=False).encode()
        os.ftruncate(self._handle, 0)
        os.pwrite(self._handle, content, 0)


@contextmanager
def claim(data: Path, command: str) -> Iterator[Claim | None]:
    """所有者になる: the claim while the block runs, or None when another process has it."""
    file = _lock_file(data)
    with on_disk(file):
        try:
            data.mkdir(mode=0o700, parents=True, exist_ok=True)
        except (FileNotFoundError, FileExistsError):  # /proc makes none; a file stands there
            raise no_place(data) from None
        handle = os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    taken = _take(handle)
    try:
        with on_disk(file):
            mine = Claim(handle, _myself(handle, command)) if taken else None
        yield mine
    finally:
        # A forked worker that leaves this block has let go already; the number may be reused.
        if not taken or handle in _held:
            _held.discard(handle)
            os.close(handle)


def read(data: Path) -> Owner | None:
    """The last owner the lock file names; whether it lives is told by the lock, not by this."""
    try:
        content = _lock_file(data).read_bytes()[:_BYTES_MAX]
        return Owner(**json.loads(content))
    except (FileNotFoundError, ValueError, TypeError):
        return None


def must_be_alone(data: Path, command: str) -> None:
    """Trouble where a living process holds the folder: a second one would have nothing to do."""
    if (host := read(data)) is None or host.pid == os.getpid():
        return
    with alone(data, command):
        pass  # whom the file names has ended


@contextmanager
def alone(data: Path, command: str) -> Iterator[None]:
    """独りで持つ: the folder while the block runs; Trouble where a living process holds it."""
    with claim(data, command) as mine:
        if mine is None:
            host = read(data)
            by = f"「{host.command}」(pid {host.pid})" if host else "別の処理"
            raise Trouble(
                f"{data} では{by}がもう動いています。"
                "それを止めるか、--data で別のフォルダーを指定してください。"
            )
        yield


def follow(data: Path, host: Owner) -> None:
    """客になる: from here `explain_lost` names this owner."""
    _hosts[data] = host


def explain_lost(exc: BaseException, data: Path) -> Trouble:
    """接続が切れたわけ: the sentence for a command whose database went away under it.

    `exc` is psycopg's OperationalError or Django's wrapper of it. Never quotes the server's own
    message, which may name values.
    """
    state = _sqlstate(exc)
    lost = state is None or state in _LOST or state.startswith("08")
    if state == "53100" or (lost and shutil.disk_usage(data).free < _FREE_BYTES_MIN):
        return disk_full(data)
    if "too many clients" in str(exc) or "connection slots" in str(exc):
        return Trouble(
            "データベースへの接続が多すぎます。ほかの処理が終わってから実行してください。"
        )
    if not lost:
        return Trouble(f"データベースが処理を受け付けませんでした（SQLSTATE {state}）。")
    undone = "終わっていなかった処理は取り消され、書きかけのデータは残っていません。"
    last = _hosts.get(data.resolve()) or read(data)
    if last is None or last.pid == os.getpid():
        log = data / "log" / "postgres.log"
        return Trouble(
            f"PostgreSQL が止まりました。{undone}"
            f"記録は {log} にあります。もう一度実行すると、続きから復旧します。"
        )
    return Trouble(
        f"サーバーを動かしていた「{last.command}」（pid {last.pid}）が終わったため、"
        f"この処理を続けられません。{undone}もう一度実行してください。"
    )


def _sqlstate(exc: BaseException | None) -> str | None:
    while exc is not None:
        state = getattr(exc, "sqlstate", None)
        if isinstance(state, str):
            return state
        exc = exc.__cause__
    return None


def _myself(handle: int, command: str) -> Owner:
    # The file's own time of change stands for now: the program has one clock, and it is not here.
    os.utime(handle)
    started_at = datetime.fromtimestamp(os.fstat(handle).st_mtime, UTC)
    return Owner(os.getpid(), command, started_at.isoformat(timespec="seconds"))


def _lock_file(data: Path) -> Path:
    return data / "owner.lock"


def _take(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as refusal:
        if refusal.errno in {errno.EWOULDBLOCK, errno.EAGAIN, errno.EACCES}:
            return False
        raise
    _held.add(handle)
    return True


def _let_go() -> None:
    for handle in _held:
        os.close(handle)
    _held.clear()


os.register_at_fork(after_in_child=_let_go)

"""The server's process: spawned, waited for, ended, reaped; and why it died, in Japanese."""

import os
import signal
import sys
import time
from collections.abc import Mapping
from pathlib import Path

from daicho.site.postgres import binaries, cluster, userns
from daicho.site.trouble import Trouble, disk_full, say, tells_full_disk

READY_SECONDS_MAX = 600
_STOP_SECONDS_MAX = 120
_LOG_BYTES_MAX = 10_000_000
# Our server processes, with the process that started them: a forked copy of us that leaves a
# `with` block must not stop the server of its parent.
_started_by: dict[int, int] = {}


def spawn(place: Path, who: userns.Identity, settings: Mapping[str, str], log: Path) -> int:
    """Start PostgreSQL on the cluster `place`; gives its pid at once, before it is ready."""
    command = [*userns.launcher(who.mode), str(binaries.folder() / "postgres"), "-D", str(place)]
    for name, value in settings.items():
        command += ["-c", f"{name}={value}"]
    output = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CLOEXEC)
    try:
        pid = os.posix_spawn(
            sys.executable,
            command,
            cluster.ENVIRONMENT,
            file_actions=[
                (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
                (os.POSIX_SPAWN_DUP2, output, 1),
                (os.POSIX_SPAWN_DUP2, output, 2),
            ],
            setsigmask=[],
            setsigdef=[signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT],
        )
    finally:
        os.close(output)
    _started_by[pid] = os.getpid()
    return pid


def wait_ready(pid: int, place: Path, log: Path, heard: int) -> None:
    """起動を待つ: as long as it lives and recovers; `heard` is the log's length before it."""
    began, told = time.monotonic(), 2.0
    while not _says_ready(place, pid):
        waited = time.monotonic() - began
        if ended(pid):
            raise _died(place, log, heard)
        if waited > READY_SECONDS_MAX:
            raise Trouble(f"PostgreSQL の準備が終わりません。記録は {log} にあります。")
        if waited > told:
            say(f"PostgreSQL が前回の続きを復旧しています… {waited:.0f} 秒")
            told += 5
        time.sleep(0.01)


def end(pid: int) -> None:
    """Fast shutdown (open transactions roll back), and the hard one if that does not end it."""
    if _started_by.get(pid) != os.getpid():
        return
    for how, seconds in ((signal.SIGINT, _STOP_SECONDS_MAX), (signal.SIGQUIT, 10)):
        if ended(pid):
            return
        os.kill(pid, how)
        limit = time.monotonic() + seconds
        while time.monotonic() < limit:
            if ended(pid):
                return
            time.sleep(0.01)
    raise Trouble(f"PostgreSQL（pid {pid}）が止まりません。「kill -QUIT {pid}」を試してください。")


def ended(pid: int) -> bool:
    """Has this server of ours ended? Reaps it: a zombie would look like a living server."""
    if pid not in _started_by:
        return True
    try:
        done, _ = os.waitpid(pid, os.WNOHANG)
    except ChildProcessError:
        done = pid
    if done:
        del _started_by[pid]
    return bool(done)


def log_file(data: Path) -> Path:
    """サーバーの記録: made empty if there is none, put aside when it has grown."""
    log = data / "log" / "postgres.log"
    log.parent.mkdir(mode=0o700, exist_ok=True)
    if log.exists() and log.stat().st_size > _LOG_BYTES_MAX:
        log.replace(log.with_suffix(".log.1"))
    log.touch(mode=0o600)
    return log


def _says_ready(place: Path, pid: int) -> bool:
    try:
        lines = (place / "postmaster.pid").read_text().splitlines()
    except FileNotFoundError:
        return False
    return len(lines) >= 8 and lines[0] == str(pid) and lines[7].strip() == "ready"


def _died(place: Path, log: Path, heard: int) -> Trouble:
    with log.open("rb") as written:
        written.seek(heard)
        text = written.read().decode(errors="replace")
    if tells_full_disk(text):
        return disk_full(place)
    if any(sign in text for sign in ("another postmaster", "still in use", "already in use")):
        return Trouble(
            f"{place} は別の PostgreSQL が使っています。"
            "それを終わらせてから、もう一度実行してください。"
        )
    if "Cannot allocate memory" in text:
        return Trouble("PostgreSQL を動かすメモリーが足りません。空きを作ってください。")
    last = "\n".join(text.strip().splitlines()[-4:])
    return Trouble(f"PostgreSQL を始められませんでした。記録は {log} にあります。\n{last}")

"""The socket's folder, and the end of whatever still works on a cluster."""

import hashlib
import os
import stat
import tempfile
import time
from contextlib import suppress
from pathlib import Path

from daicho.site.postgres.userns import Identity
from daicho.site.trouble import Trouble, say

# sun_path holds 108 bytes with the closing zero.
_PATH_BYTES_MAX = 107
_NAME = ".s.PGSQL.5432"
_END_SECONDS_MAX = 120


def folder(data: Path, who: Identity) -> Path:
    """ソケットのフォルダー: below the data, or where that is too long, in a private short place."""
    parent = data if _fits(data) else _private(data, who)
    place = parent / "socket"
    place.mkdir(mode=0o700, exist_ok=True)
    os.chown(place, who.uid, who.gid)
    for left in (place / _NAME, place / f"{_NAME}.lock"):
        left.unlink(missing_ok=True)
    return place


def _fits(parent: Path) -> bool:
    return len(os.fsencode(parent / "socket" / _NAME)) <= _PATH_BYTES_MAX


def _private(data: Path, who: Identity) -> Path:
    name = f"daicho-{hashlib.sha256(os.fsencode(data)).hexdigest()[:16]}"
    last = "/tmp"  # noqa: S108  owner and mode are checked before it is used
    bases = [os.environ.get("XDG_RUNTIME_DIR", ""), tempfile.gettempdir(), last]
    for base in bases:
        place = Path(base) / name
        usable = place.is_absolute() and os.access(base, os.W_OK | os.X_OK)
        if usable and _fits(place):
            break
    with suppress(FileExistsError):
        place.mkdir(mode=0o700)
    facts = place.lstat()
    # The place is in a folder all may write: somebody else may have made it first.
    if not stat.S_ISDIR(facts.st_mode) or facts.st_uid != os.geteuid() or facts.st_mode & 0o022:
        raise Trouble(
            f"{place} を別の利用者が作っているため、安全に使えません。"
            "それを消すか、DAICHO_DATA で短い名前のフォルダーを指定してください。"
        )
    place.chmod(0o711 if who.mode == "drop" else 0o700)
    return place


def wait_for_end(cluster: Path) -> None:
    """前回のサーバーの終わりを待つ: an orphan of a killed owner is on its way out by itself.

    Also clears a stale postmaster.pid whose number now belongs to some other program, which
    PostgreSQL itself would take for a living server (usual after a container's restart).
    """
    began, told = time.monotonic(), False
    while pids := _at_work(cluster):
        waited = time.monotonic() - began
        if waited > _END_SECONDS_MAX:
            raise Trouble(
                f"前回の PostgreSQL（pid {pids[0]}）がまだ {cluster} で動いています。"
                f"「kill -INT {pids[0]}」で終わらせてから、もう一度実行してください。"
            )
        if waited > 1 and not told:
            say("前回の PostgreSQL が終わるのを待っています…")
            told = True
        time.sleep(0.02)
    if _lives(_noted(cluster)):
        (cluster / "postmaster.pid").unlink(missing_ok=True)


def _at_work(cluster: Path) -> list[int]:
    """The PostgreSQL processes on this cluster, its postmaster (if it lives) first."""
    noted = _noted(cluster)
    pids = [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit()]
    return sorted(
        (pid for pid in pids if _works(pid, cluster)), key=lambda pid: (pid != noted, pid)
    )


def _works(pid: int, cluster: Path) -> bool:
    process = Path("/proc") / str(pid)
    try:
        if (process / "comm").read_text().strip() != "postgres":
            return False
        return (process / "cwd").readlink() == cluster
    except PermissionError:
        # Not ours to look at (a server that is nobody): then only its own note counts.
        return pid == _noted(cluster)
    except OSError:
        return False


def _lives(pid: int) -> bool:
    return pid > 0 and Path(f"/proc/{pid}").exists()


def _noted(cluster: Path) -> int:
    try:
        return int((cluster / "postmaster.pid").read_text().split("\n", 1)[0])
    except (FileNotFoundError, ValueError):
        return 0

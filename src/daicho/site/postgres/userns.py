"""The user PostgreSQL runs as, which is never root.

Run as a program (`python -I -S userns.py MODE PARENT COMMAND…`) it takes off the caller's
clothes and becomes COMMAND in the same process. A program of its own, because a user namespace
must be entered by a process with one thread, and nothing between fork and exec may take a lock.
Standard library only: it runs without site-packages.
"""

import ctypes
import os
import pwd
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Mode = Literal["plain", "map", "drop"]

_CLONE_NEWUSER = 0x10000000
_PR_SET_PDEATHSIG = 1
_NOBODY = 65534


@dataclass(frozen=True)
class Identity:
    """サーバーの利用者: how it is taken on, and who owns the cluster's files on disk."""

    mode: Mode
    uid: int
    gid: int


def identity() -> Identity:
    """The user for the server: ourselves; as root ourselves mapped; where forbidden, nobody."""
    uid, gid = os.geteuid(), os.getegid()
    if uid != 0 and _has_name(uid):
        return Identity("plain", uid, gid)
    if _can_map():
        return Identity("map", uid, gid)
    if uid != 0:
        return Identity("plain", uid, gid)
    them = nobody()
    return Identity("drop", them.pw_uid, them.pw_gid)


def launcher(mode: Mode) -> list[str]:
    """The words to put before a command so that it runs as that user and ends with us."""
    return [sys.executable, "-I", "-S", __file__, mode, str(os.getpid())]


def _can_map() -> bool:
    probe = [*launcher("map"), sys.executable, "-V"]
    run = subprocess.run(probe, capture_output=True, check=False, timeout=60)
    return run.returncode == 0


def _has_name(uid: int) -> bool:
    try:
        pwd.getpwuid(uid)
    except KeyError:
        return False
    return True


def nobody() -> pwd.struct_passwd:
    """利用者 nobody, also where no password file names it."""
    try:
        return pwd.getpwnam("nobody")
    except KeyError:
        return pwd.struct_passwd(("nobody", "x", _NOBODY, _NOBODY, "", "/", ""))


def _inner_uid() -> int:
    """initdb looks its user up, so the mapped uid has to be one that has a name."""
    return min((entry.pw_uid for entry in pwd.getpwall() if entry.pw_uid), default=1)


def _map() -> None:
    uid, gid, inner = os.geteuid(), os.getegid(), _inner_uid()
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(_CLONE_NEWUSER) != 0:
        raise OSError(ctypes.get_errno(), "unshare")
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"{inner} {uid} 1")
    Path("/proc/self/gid_map").write_text(f"{inner} {gid} 1")


def _drop() -> None:
    them = nobody()
    os.setgroups([])
    os.setgid(them.pw_gid)
    os.setuid(them.pw_uid)


def _become(mode: str, parent: int, command: list[str]) -> None:
    # A session of its own: the terminal's Ctrl-C reaches the owner, which then stops the server.
    os.setsid()
    os.chdir("/")
    os.umask(0o077)
    if mode == "map":
        _map()
    elif mode == "drop":
        _drop()
    # After the change of credentials, which clears it. SIGINT is PostgreSQL's fast shutdown.
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, int(signal.SIGINT), 0, 0, 0)
    if os.getppid() != parent:
        sys.exit("the caller has already ended")
    os.execv(command[0], command)  # noqa: S606 (no shell is wanted)


if __name__ == "__main__":
    try:
        _become(sys.argv[1], int(sys.argv[2]), sys.argv[3:])
    except OSError as refusal:
        sys.exit(f"could not run {sys.argv[3]}: {refusal.strerror}")

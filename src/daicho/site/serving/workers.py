"""配信: the web workers as a child of the command that owns the database."""

import ctypes
import os
import select
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NoReturn

from daicho.site.trouble import Trouble

SOURCE = str(Path(__file__).parents[3])
WORKERS = 2
THREADS = 4
READY_SECONDS_MAX = 60
STOP_SECONDS_MAX = 15
PR_SET_PDEATHSIG = 1


@contextmanager
def web(
    listener: socket.socket, environment: Mapping[str, str], log: Path, workers: int = WORKERS
) -> Iterator["subprocess.Popen[bytes]"]:
    """Serve the role's screens on `listener`; gives the running server once it answers.

    Its JSON log goes to the file `log`, so that the terminal stays readable.
    The owner's address stays here: who serves people can neither migrate nor grant.
    """
    log = log.absolute()  # the workers stand in another folder than the command
    environment = {k: v for k, v in environment.items() if k != "DATABASE_OWNER_URL"}
    # no code is searched where the caller happens to stand
    packages = [SOURCE, *filter(None, [environment.get("PYTHONPATH", "")])]
    environment["PYTHONPATH"] = os.pathsep.join(packages)
    listener.set_inheritable(True)
    words = [sys.executable, "-P", "-m", "gunicorn", "--bind", f"fd://{listener.fileno()}"]
    words += ["--workers", str(workers), "--preload", "--log-level", "warning"]
    # a browser opens connections that it may not use: one must not hold up a whole worker
    words += ["--worker-class", "gthread", "--threads", str(THREADS)]
    words += ["--worker-tmp-dir", _fast_folder(), "--graceful-timeout", "10"]
    words += ["--logger-class", "daicho.site.logs.WebServerLog"]
    words += ["--config", "python:daicho.site.serving.timetable"]  # what it does by itself
    log.parent.mkdir(mode=0o700, exist_ok=True)
    environment["PROMETHEUS_MULTIPROC_DIR"] = str(_counters(log.parent / "counters"))
    written = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
    child = subprocess.Popen(
        [*words, "daicho.site.wsgi:application"],
        cwd=SOURCE,  # gunicorn puts the folder it stands in before all others
        env=environment,
        stdout=written,
        stderr=written,
        pass_fds=[listener.fileno()],
        start_new_session=True,  # Ctrl-C reaches us, and we stop it in order
        preexec_fn=_die_with_parent,  # noqa: PLW1509  this process has one thread
    )
    os.close(written)
    try:
        _wait_until_ready(child, listener.getsockname()[1])
        yield child
    finally:
        _stop(child)


def wait(child: "subprocess.Popen[bytes]", database: int | None) -> NoReturn:
    """Wait until someone stops us; a web server or a `database` (its pid) that ends by itself is
    a Trouble."""
    handles = [os.pidfd_open(pid) for pid in (child.pid, database) if pid is not None]
    try:
        select.select(handles, [], [])
    finally:
        for handle in handles:
            os.close(handle)
    what, log = ("窓口の配信", "web") if child.poll() is not None else ("データベース", "postgres")
    raise Trouble(
        f"{what}が止まりました。データの log/{log}.log を確かめて、もう一度起動してください。"
    )


def _counters(folder: Path) -> Path:
    """An empty folder in which the workers keep their counters together."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700)
    return folder


def _die_with_parent() -> None:
    # at once: whoever kills us has ended the database too, so no page can be finished
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGQUIT)


def _fast_folder() -> str:
    return "/dev/shm" if os.access("/dev/shm", os.W_OK) else "/tmp"  # noqa: S108  heartbeats only


def _wait_until_ready(child: "subprocess.Popen[bytes]", port: int) -> None:
    give_up_at = time.monotonic() + READY_SECONDS_MAX
    while time.monotonic() < give_up_at:
        if child.poll() is not None:
            break
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.05)
    raise Trouble("窓口の配信を始められませんでした。データの log/web.log を確かめてください。")


def _stop(child: "subprocess.Popen[bytes]") -> None:
    child.terminate()
    try:
        child.wait(STOP_SECONDS_MAX)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()
    # workers of a master that was killed notice only after some seconds; the group is our own
    with suppress(ProcessLookupError):
        os.killpg(child.pid, signal.SIGKILL)

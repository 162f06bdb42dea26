"""配信: the web workers as a child of the command that owns the database."""

import os
import shutil
import signal
import socket
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from daicho.site.serving import child
from daicho.site.serving.child import Begin, Process
from daicho.site.trouble import Trouble

WORKERS = 2
THREADS = 4
READY_SECONDS_MAX = 60


@contextmanager
def web(
    listener: socket.socket, given: Mapping[str, str], log: Path, workers: int = WORKERS
) -> Iterator[Process]:
    """Serve the role's screens on `listener`; gives the running server once it answers."""
    running = begin(listener, given, log, workers)
    try:
        wait_until_ready(running, listener.getsockname()[1], log)
        yield running
    finally:
        child.end([running])


def begin(
    listener: socket.socket,
    given: Mapping[str, str],
    log: Path,
    workers: int = WORKERS,
    start: Begin = child.begin,
) -> Process:
    """配信を始める: gives the server before it answers.

    Its JSON log goes to the file `log`, so that the terminal stays readable.
    """
    log = log.absolute()  # the workers stand in another folder than the command
    listener.set_inheritable(True)
    words = [sys.executable, "-P", "-m", "gunicorn", "--bind", f"fd://{listener.fileno()}"]
    words += ["--workers", str(workers), "--preload", "--log-level", "warning"]
    # a browser opens connections that it may not use: one must not hold up a whole worker
    words += ["--worker-class", "gthread", "--threads", str(THREADS)]
    words += ["--worker-tmp-dir", _fast_folder(), "--graceful-timeout", "10"]
    words += ["--logger-class", "daicho.site.logs.WebServerLog"]
    words += ["--config", "python:daicho.site.serving.timetable"]  # what it does by itself
    log.parent.mkdir(mode=0o700, exist_ok=True)
    counters = {"PROMETHEUS_MULTIPROC_DIR": str(_counters(log.parent / "counters"))}
    return start(
        [*words, "daicho.site.wsgi:application"],
        child.environment(given) | counters,
        log,
        handles=[listener.fileno()],
        dies_by=signal.SIGQUIT,  # at once, its workers with it
    )


def wait_until_ready(running: Process, port: int, log: Path) -> None:
    """応答を待つ: Trouble where it ends, or does not answer in time."""
    give_up_at = time.monotonic() + READY_SECONDS_MAX
    while time.monotonic() < give_up_at:
        if running.poll() is not None:
            break
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.05)  # no or not yet: it says so at once, and nothing tells when
    raise Trouble(f"窓口の配信を始められませんでした。{log} を確かめてください。")


def _counters(folder: Path) -> Path:
    """An empty folder in which the workers keep their counters together."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700)
    return folder


def _fast_folder() -> str:
    return "/dev/shm" if os.access("/dev/shm", os.W_OK) else "/tmp"  # noqa: S108  heartbeats only

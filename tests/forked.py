"""Commands of the program, each a process of its own, forked from one that has imported before.

Hundreds of commands are called, and a start costs more than a second of processor time, most of it
for importing. What is imported here beforehand reads no setting and no environment: libraries, the
law, the terms and the wire of the network. Everything else begins with the command, as it does for
whoever types it.
"""

import atexit
import gc
import json
import os
import runpy
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import NoReturn

from daicho.site.nation.forked import SHARED

IMPORTED = (*SHARED, "django.test", "pypdfium2", "structlog")
_TOLD_BYTES_MAX = 1 << 18
_READY = b"ready\n"


def run(
    words: Sequence[str], environment: Mapping[str, str], typed: str, timeout: int
) -> "subprocess.CompletedProcess[str]":
    """One command to its end; raises subprocess.TimeoutExpired after having killed it."""
    with (
        tempfile.TemporaryFile() as given,
        tempfile.TemporaryFile() as out,
        tempfile.TemporaryFile() as err,
        socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as asked,
    ):
        given.write(typed.encode())
        given.seek(0)
        asked.connect(_place())
        told = json.dumps([list(words), dict(environment), str(Path.cwd())]).encode()
        socket.send_fds(asked, [told], [given.fileno(), out.fileno(), err.fileno()])
        asked.settimeout(timeout)
        pid = int(asked.recv(32))
        try:
            code = int(asked.recv(32))
        except TimeoutError:
            os.kill(pid, signal.SIGKILL)
            raise subprocess.TimeoutExpired(list(words), timeout) from None
        for file in (out, err):
            file.seek(0)
        return subprocess.CompletedProcess(words, code, out.read().decode(), err.read().decode())


@cache
def _place() -> str:
    """Where the process listens from which commands are forked; one of this worker."""
    folder = tempfile.mkdtemp(prefix="daicho-forked-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    place = str(Path(folder) / "asked")
    words = [sys.executable, "-P", __file__, place]
    process = subprocess.Popen(words, stdout=subprocess.PIPE)
    atexit.register(process.wait)
    atexit.register(process.terminate)
    assert process.stdout is not None
    assert process.stdout.readline() == _READY, "it ended while it imported"
    return place


def _serve(place: str) -> None:
    for name in IMPORTED:
        import_module(name)
    gc.freeze()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits here for who waits for a command
    with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as listening:
        listening.bind(place)
        listening.listen()
        os.write(1, _READY)
        while True:
            asked, _ = listening.accept()
            with asked:
                told, places, *_ = socket.recv_fds(asked, _TOLD_BYTES_MAX, 3)
                if os.fork() == 0:
                    listening.close()
                    _wait_for(asked, told, places)
                for one in places:
                    os.close(one)


def _wait_for(asked: socket.socket, told: bytes, places: Sequence[int]) -> NoReturn:
    """Start the command and tell whoever asked how it ended."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    pid = os.fork()
    if pid == 0:
        asked.close()
        words, environment, folder = json.loads(told)
        _begin(words, environment, folder, places)
    asked.send(str(pid).encode())
    _, status = os.waitpid(pid, 0)
    with suppress(OSError):  # who asked has gone
        asked.send(str(os.waitstatus_to_exitcode(status)).encode())
    os._exit(0)


def _begin(
    words: Sequence[str], environment: Mapping[str, str], folder: str, places: Sequence[int]
) -> NoReturn:
    """Be the command, as `python -P -m daicho` is."""
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    for number, place in enumerate(places):
        os.dup2(place, number)
        os.close(place)
    sys.argv = ["daicho", *words]
    runpy.run_module("daicho", run_name="__main__", alter_sys=True)
    sys.exit(0)


if __name__ == "__main__":
    _serve(sys.argv[1])

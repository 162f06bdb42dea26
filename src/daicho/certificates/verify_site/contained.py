"""隔離: looks at a stranger's file in a child process with little memory, time and no disk.

Whatever a made-up file does to the libraries that read it (hang, eat memory, crash) ends the child
and becomes one sentence.
"""

import json
import os
import resource
import select
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

from daicho.certificates.verifying import Report, Step

SECONDS_MAX = 10
MEMORY_BYTES_MAX = 512 * 1024 * 1024  # beyond what the process has when it begins
_PIPE_BYTES = 1 << 16


def report_of(look: Callable[[], Report]) -> Report:
    """The report that `look` makes in a child process; an unreadable one where it cannot."""
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(read)
        _look(look, write)
    os.close(write)
    try:
        told = _read_all(read)
    finally:
        os.close(read)
        os.kill(child, signal.SIGKILL)  # not waited for yet, so the number is still its own
        os.waitpid(child, 0)
    return _from_text(told)


def _look(look: Callable[[], Report], write: int) -> NoReturn:
    try:
        _limit()
        report = look()
        steps = [[step.what, step.good, step.told] for step in report.steps]
        os.write(
            write, json.dumps([steps, report.unreadable, report.of_code]).encode()[:_PIPE_BYTES]
        )
    finally:
        os._exit(0)  # nothing of the parent's is to be ended or flushed here


def _limit() -> None:
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[0])
    room = pages * resource.getpagesize() + MEMORY_BYTES_MAX
    limits = {
        resource.RLIMIT_AS: room,
        resource.RLIMIT_CPU: SECONDS_MAX,
        resource.RLIMIT_FSIZE: 0,
        resource.RLIMIT_CORE: 0,
    }
    for what, most in limits.items():
        resource.setrlimit(what, (most, most))
    sys.setrecursionlimit(1000)


def _read_all(read: int) -> bytes:
    told = b""
    while select.select([read], [], [], SECONDS_MAX + 1)[0]:
        part = os.read(read, _PIPE_BYTES)
        if not part:
            break
        told += part
    return told


def _from_text(told: bytes) -> Report:
    try:
        steps, unreadable, of_code = json.loads(told)
        return Report(tuple(Step(*step) for step in steps), unreadable, of_code)
    except (TypeError, ValueError):
        sentence = "このファイルは確かめられませんでした(壊れているか、複雑すぎます)。"
        return Report((Step("ファイル", False, sentence),), unreadable=True)

"""子の処理: a process that ends with the one that started it, and what it says goes to a log."""

import ctypes
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Protocol

SOURCE = str(Path(__file__).parents[3])
STOP_SECONDS_MAX = 15
_KILLED_SECONDS_MAX = 10
_PR_SET_PDEATHSIG = 1


class Process(Protocol):
    """処理: what is asked of a process that was begun, as `subprocess.Popen` answers."""

    @property
    def pid(self) -> int: ...
    @property
    def returncode(self) -> int | None: ...
    def poll(self) -> int | None: ...
    def wait(self, timeout: float) -> int: ...
    def terminate(self) -> None: ...
    def kill(self) -> None: ...


class Begin(Protocol):
    """始め方: `begin`, or another of the same words."""

    def __call__(
        self,
        words: Sequence[str],
        given: Mapping[str, str],
        log: Path,
        *,
        out: int | None = None,
        handles: Iterable[int] = (),
        dies_by: signal.Signals = signal.SIGKILL,
    ) -> Process: ...


def environment(given: Mapping[str, str]) -> dict[str, str]:
    """その環境: our own packages found wherever it stands, and without the owner's address: who
    serves people or neighbours can neither migrate nor grant."""
    found = {name: value for name, value in given.items() if name != "DATABASE_OWNER_URL"}
    # no code is searched where the caller happens to stand
    packages = [SOURCE, *filter(None, [found.get("PYTHONPATH", "")])]
    return found | {"PYTHONPATH": os.pathsep.join(packages)}


def begin(
    words: Sequence[str],
    given: Mapping[str, str],
    log: Path,
    *,
    out: int | None = None,
    handles: Iterable[int] = (),
    dies_by: signal.Signals = signal.SIGKILL,
) -> "subprocess.Popen[bytes]":
    """始める: the words as a process of this program, in a group of its own.

    `given` is its whole environment, `out` where its words go instead of the log, `handles` what
    stays open in it, `dies_by` the signal that it gets when we end, however that happens.
    """
    written = opened(log)
    try:
        return subprocess.Popen(
            words,
            cwd=SOURCE,  # gunicorn puts the folder it stands in before all others
            env=dict(given),
            stdin=subprocess.DEVNULL,
            stdout=written if out is None else out,
            stderr=written,
            pass_fds=tuple(handles),
            start_new_session=True,  # Ctrl-C reaches us, and we stop it in order
            preexec_fn=ends_with(os.getpid(), dies_by),  # noqa: PLW1509  this process has one thread
        )
    finally:
        os.close(written)


def opened(log: Path) -> int:
    """記録を開く: the file that a process writes to, for the owner alone."""
    log.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    return os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)


def end(children: Iterable[Process], seconds: float = STOP_SECONDS_MAX) -> None:
    """終える: all at once, in order where they can, and whatever is left of their groups."""
    children = tuple(children)
    for one in children:
        one.terminate()
    limit = time.monotonic() + seconds
    for one in children:
        try:
            one.wait(max(0.0, limit - time.monotonic()))
        except subprocess.TimeoutExpired:
            one.kill()
            one.wait(_KILLED_SECONDS_MAX)
        clear(one)


def clear(child: Process) -> None:
    """残りを片付ける: workers of a master that was killed notice only after some seconds; the group
    is our own."""
    with suppress(ProcessLookupError):
        os.killpg(child.pid, signal.SIGKILL)


def ends_with(parent: int, by: signal.Signals) -> Callable[[], None]:
    """ともに終える: what a child does first, so that it gets the signal when its parent ends."""
    libc = ctypes.CDLL(None)

    def set_up() -> None:
        # whoever kills us has ended the database too, so nothing can be finished
        libc.prctl(_PR_SET_PDEATHSIG, int(by))
        if os.getppid() != parent:  # it has ended meanwhile, and no signal comes any more
            os._exit(1)

    return set_up

"""見守り: what a command has started goes on: some of it is started again when it ends, and without
the rest the command ends too."""

import os
import select
import signal
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple, NoReturn

from daicho.site.serving import child
from daicho.site.serving.child import Process
from daicho.site.trouble import Trouble, say

PAUSES = (0.0, 1.0, 5.0, 15.0, 60.0)
"""間 (seconds): before it is started again, the longer the more often it has ended at once."""
WELL_AFTER = 60.0  # seconds after which an end is the first one again


class Needed(NamedTuple):
    """欠かせない処理: without it nothing goes on."""

    name: str
    pid: int
    log: Path


@dataclass
class Kept:
    """続けさせる処理: started again when it ends; `log` is where it says why."""

    name: str
    log: Path
    start: Callable[[], Process] = field(repr=False)
    child: Process | None = None
    _ends: int = 0
    _began: float = 0.0
    _due: float = 0.0

    def begin(self) -> None:
        """始める."""
        self._began, self.child = time.monotonic(), self.start()

    def due_in(self, now: float) -> float | None:
        """Seconds until it is started again; None while it runs."""
        return None if self.child is not None else max(0.0, self._due - now)

    def mend(self, now: float) -> None:
        """続ける: note that it has ended, and tell it; start it again when its time has come."""
        if self.child is not None and self.child.poll() is not None:
            self._ended(self.child, now)
        if self.child is None and now >= self._due:
            self.begin()

    def _ended(self, ended: Process, now: float) -> None:
        child.clear(ended)
        self._ends = self._ends + 1 if now - self._began < WELL_AFTER else 1
        pause = PAUSES[min(self._ends, len(PAUSES)) - 1]
        self.child, self._due = None, now + pause
        when = f"{pause:.0f} 秒後に" if pause else ""
        say(
            f"{self.name}が止まりました({how(ended.returncode)})。{when}もう一度始めます。"
            f"記録は {self.log} にあります。"
        )


def keep(needed: Sequence[Needed], kept: Sequence[Kept] = ()) -> NoReturn:
    """見守る: until someone stops us; Trouble where something ends that is needed."""
    with _handles(one.pid for one in needed) as handles:
        while True:
            over = _wait(handles, kept)
            for handle, one in zip(handles, needed, strict=True):
                if handle in over:
                    raise Trouble(
                        f"{one.name}が止まりました。{one.log} を確かめて、"
                        "もう一度起動してください。"
                    )
            for each in kept:
                each.mend(time.monotonic())


def _wait(handles: Sequence[int], kept: Sequence[Kept]) -> set[int]:
    """Until something ends, or it is time to start something again; gives which `handles` ended."""
    running = [one.child.pid for one in kept if one.child is not None]
    now = time.monotonic()
    waits = [wait for one in kept if (wait := one.due_in(now)) is not None]
    with _handles(running) as others:
        over, _, _ = select.select([*handles, *others], [], [], min(waits, default=None))
    return set(over)


@contextmanager
def _handles(pids: Iterable[int]) -> Iterator[list[int]]:
    handles = [os.pidfd_open(pid) for pid in pids]
    try:
        yield handles
    finally:
        for handle in handles:
            os.close(handle)


def end(kept: Iterable[Kept]) -> None:
    """終える: all that runs of them."""
    child.end([one.child for one in kept if one.child is not None])


def until_one_ends(children: Iterable[Process], seconds: float | None = None) -> None:
    """待つ: until one of them has ended, or so long."""
    with _handles(one.pid for one in children) as handles:
        select.select(handles, [], [], seconds)


def how(code: int | None) -> str:
    """終わり方: the signal that ended a process, or its code."""
    return signal.Signals(-code).name if code and code < 0 else f"終了 {code}"

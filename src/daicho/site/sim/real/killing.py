"""止め続ける: the nation's processes are killed one by one by chance while changes flow.

Whatever ended is started again: by the nation itself, and the nation by this command. Then nobody
is killed any more, and when nothing waits, all tiers must hold what the towns say.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import IO

import psycopg

from daicho.network.protocol.parties import is_municipality
from daicho.site.nation import members, seats
from daicho.site.serving import child
from daicho.site.sim.real import comparing
from daicho.site.trouble import Trouble

_PAUSE_SECONDS = (1.0, 6.0)
_ALL, _DATABASE = 0.03, 0.15
"""割合: below the first everything is killed, below the second a process of the database."""
_READY_SECONDS_MAX = 180
_REST_SECONDS_MAX = 900
_PATIENCE_SECONDS = 2.0


@dataclass
class Clerk:
    """一つの町の窓口: a process that records changes until there are enough."""

    folder: Path
    wanted: int
    seed: int
    log: Path
    done: int = 0
    process: "subprocess.Popen[bytes] | None" = None

    def look(self) -> None:
        """Count what it did, and start it again where it ended too early."""
        if self.process is not None and self.process.poll() is None:
            return
        if self.log.exists():
            self.done += self.log.stat().st_size // 2
            self.log.unlink()
        self.process = None
        if self.done < self.wanted:
            self.seed += 1
            words = [str(self.folder), str(self.wanted - self.done), str(self.seed)]
            with self.log.open("wb") as counted, self.log.with_suffix(".errors").open("ab") as said:
                self.process = _begun("daicho.site.sim.real.changing", words, counted, said)

    def end(self) -> None:
        """終える: also where not everything was done."""
        if self.process is not None:
            self.process.terminate()
            self.process.wait()

    @property
    def count(self) -> int:
        """How many changes there are by now."""
        return self.done + (self.log.stat().st_size // 2 if self.log.exists() else 0)


@dataclass
class Ran:
    """終わりに: what was done, and what does not hold."""

    changes: int
    kills: int = 0
    starts: int = 0
    told: int = 0
    rest_seconds: float = 0.0
    broken: list[str] = field(default_factory=list)


def run(data: Path, changes: int, people: int, seed: int) -> Ran:
    """動かす: in a new folder `data`; so many changes, by the clerks of all towns together."""
    if data.exists() and any(data.iterdir()):
        raise Trouble(f"{data} は空ではありません。空のフォルダーを指定してください。")
    random = Random(seed)  # noqa: S311  who is killed when, no secret
    nation, found = data / "nation", Ran(changes)
    each = -(-changes // len(members.TOWNS))
    clerks = [
        Clerk(nation / town, each, seed * 100, data / f"{town}.log") for town in members.TOWNS
    ]
    process = _start(data, people, found)
    try:
        while any(clerk.count < clerk.wanted for clerk in clerks):
            if process.poll() is not None:
                for clerk in clerks:
                    clerk.end()  # who looked for the server in between owns one by now
                process = _start(data, people, found)
            for clerk in clerks:
                clerk.look()
            time.sleep(random.uniform(*_PAUSE_SECONDS))
            found.kills += _kill(process, random)
            done = sum(clerk.count for clerk in clerks)
            sys.stderr.write(f"異動 {done:,}/{changes:,}、止めた回数 {found.kills:,}\n")
        if process.poll() is not None:
            process = _start(data, people, found)
        _rest(nation, found)
    finally:
        for clerk in clerks:
            clerk.end()
        process.terminate()
        process.wait()
    return found


def _rest(nation: Path, found: Ran) -> None:
    """静まるまで待ち、比べる."""
    parties = [one.party for one in members.members()]
    towns = [one for one in parties if is_municipality(one)]
    began, were_waiting = time.monotonic(), True
    while time.monotonic() - began < _REST_SECONDS_MAX:
        with suppress(LookupError, psycopg.OperationalError):  # it recovers from the last kill
            server = comparing.server_of(nation / seats.SERVER)
            waits = comparing.waiting(server, parties)
            sys.stderr.write(f"届いていない電文 {waits:,}\n")
            # asked twice: what was sent may not have reached a party that was asked before
            if not (waits or were_waiting):
                found.rest_seconds = time.monotonic() - began
                found.broken = comparing.differences(server, nation, towns)
                found.told = comparing.told(server, towns)
                return
            were_waiting = bool(waits)
        time.sleep(_PATIENCE_SECONDS)
    found.broken = ["いつまでも届かない電文があります。"]


def _start(data: Path, people: int, found: Ran) -> "subprocess.Popen[bytes]":
    """The nation, once all its screens answer."""
    found.starts += 1
    log = data.with_name(f"{data.name}.nation.log")
    words = ["demo", "--network", "--data", str(data), "--port", "0", "--residents", str(people)]
    with log.open("ab") as written:
        process = _begun("daicho", words, written, written)
    until = time.monotonic() + _READY_SECONDS_MAX
    while time.monotonic() < until and process.poll() is None:
        if _all_answer(data / "nation"):
            return process
        time.sleep(0.5)
    process.terminate()
    raise Trouble(f"国が始まりません。{log} を確かめてください。")


def _all_answer(nation: Path) -> bool:
    """Every party has heard of a neighbour since the server is there."""
    try:
        server = comparing.server_of(nation / seats.SERVER)
        for one in members.members():
            with psycopg.connect(server.url(f"party_{one.party}")) as connection:
                row = connection.execute(
                    "SELECT coalesce(max(answered_at), '-infinity') > pg_postmaster_start_time()"
                    " FROM network_sendingline"
                ).fetchone()
                if row != (True,):
                    return False
    except (LookupError, OSError, psycopg.Error):
        return False
    return True


def _kill(process: "subprocess.Popen[bytes]", random: Random) -> int:
    """Any process of the nation; at times one of the database, and with the first of all, all.

    Where a process of PostgreSQL is killed, every connection ends and it recovers: so it is chosen
    more seldom than there are such processes.
    """
    below = _descendants(process.pid)
    databases = [one for one in below if _is_of_the_database(one)]
    parties = [one for one in below if one not in databases]
    chance = random.random()
    among = [process.pid] if chance < _ALL else databases if chance < _DATABASE else parties
    if not among:
        return 0
    with suppress(ProcessLookupError):
        os.kill(random.choice(among), signal.SIGKILL)
    return 1


def _is_of_the_database(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/comm").read_text().strip() == "postgres"
    except OSError:
        return False


def _descendants(pid: int) -> list[int]:
    children: dict[int, list[int]] = {}
    for parent, pid_below in _parents():
        children.setdefault(parent, []).append(pid_below)
    return list(_below(pid, children))


def _below(pid: int, children: dict[int, list[int]]) -> Iterator[int]:
    for one in children.get(pid, ()):
        yield one
        yield from _below(one, children)


def _parents() -> Iterator[tuple[int, int]]:
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:  # it has ended
                continue
            yield int(fields[1]), int(entry.name)


def _begun(
    module: str, words: list[str], out: IO[bytes], errors: IO[bytes]
) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [sys.executable, "-P", "-m", module, *words],
        env=child.environment(os.environ),
        stdout=out,
        stderr=errors,
        start_new_session=True,
    )

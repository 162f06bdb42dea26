"""However a demo ends, nothing of it goes on, and the next start finds what was committed."""

import os
import resource
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from processes import (
    WAIT_SECONDS_MAX,
    Demo,
    FirstStart,
    Visitor,
    bare_environment,
    call,
    demo,
    postgres_processes,
    program,
    start_demo,
    wait_for_end,
    watched,
)

NEW = "another-horse-battery"
# Leaves the two signals ignored to what it becomes, as `nohup` or a shell's `&` does.
IGNORING = """
import os, signal, sys
signal.signal(signal.SIGINT, signal.SIG_IGN)
signal.signal(signal.SIGTERM, signal.SIG_IGN)
os.execv(sys.executable, [sys.executable, *sys.argv[1:]])
"""
DEAF = (sys.executable, "-c", IGNORING)


@pytest.fixture(scope="module")
def data(first_start: FirstStart, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One data folder that every test starts again."""
    made = first_start.copied(tmp_path_factory.mktemp("ending"))
    with demo(made, "--residents", "20"):
        return made


@contextmanager
def nothing_left(running: Demo) -> Iterator[None]:
    """What the demo runs now must have ended soon after the block."""
    pids = running.processes()
    with watched(pids) as handles:
        yield
        assert all(wait_for_end(handle) for handle in handles), pids
    assert postgres_processes(running.data) == []


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM], ids=["Ctrl-C", "SIGTERM"])
def test_a_signal_that_came_in_as_ignored_ends_everything_in_order(
    data: Path, how: signal.Signals
) -> None:
    running = start_demo(data, become=DEAF)
    with nothing_left(running):
        assert running.end(how) == 0
    log = (data / "log" / "postgres.log").read_text()
    assert log.rstrip().endswith("database system is shut down")


def test_a_killed_demo_takes_everything_along_and_loses_nothing(data: Path) -> None:
    running = start_demo(data)
    first = Visitor(running.url)
    first.comes_in("kansa", running.accounts["kansa"], "A951")
    changed = {"present": running.accounts["kansa"], "new": NEW, "repeated": NEW}
    first.send("/password", **changed)
    assert call("manage", "--data", data, "operator", "end", "higashi").returncode == 0
    with nothing_left(running):
        assert running.end(signal.SIGKILL) == -signal.SIGKILL
    with demo(data) as again:
        assert Visitor(again.url).signs_in("kansa", NEW), "what was committed is there"
        assert again.accounts["kansa"] == "(ここにはありません)", "it is not the printed one"
        assert "higashi" not in again.accounts, "nobody is printed who may not sign in"


@pytest.mark.parametrize(("name", "part"), [("gunicorn", "窓口"), ("postgres", "データベース")])
def test_a_demo_whose_part_is_killed_says_so_and_ends(data: Path, name: str, part: str) -> None:
    running = start_demo(data)
    victim = next(pid for pid in running.processes()[1:] if name in command_line(pid))
    with nothing_left(running):
        os.kill(victim, signal.SIGKILL)
        said = running.process.communicate(timeout=WAIT_SECONDS_MAX)[1]
    assert running.process.returncode == 1
    assert f"daicho: {part}" in said
    assert "が止まりました" in said
    assert "Traceback" not in said


def command_line(pid: int) -> str:
    return Path(f"/proc/{pid}/cmdline").read_text()


def test_a_later_start_is_quick_and_ends_by_ctrl_c(data: Path) -> None:
    before = of_those_who_ended()
    words = ("-P", "-m", "daicho", "manage", "--data", data, "check")
    assert program(*words, **bare_environment()).returncode == 0
    floor = of_those_who_ended() - before
    running = start_demo(data)
    spent = sum(processor_seconds(pid) for pid in running.processes())
    with nothing_left(running):
        assert running.end(signal.SIGINT) == 0
    # Processor time, and beside that of a command that starts the server and checks: neither the
    # wall clock of a busy machine nor its seconds say anything about the program. A start that
    # makes something anew takes four times as long.
    assert spent < 2.5 * floor


def of_those_who_ended() -> float:
    """The processor seconds of everything that this process has started and seen end."""
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    return spent.ru_utime + spent.ru_stime


def processor_seconds(pid: int) -> float:
    """Its own and that of the children it has reaped; none of who has ended since it was listed,
    which the one that reaped it counts."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return 0.0
    return sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")

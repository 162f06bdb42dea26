"""Programs and processes of the suite: what a test must see happen outside itself."""

import os
import select
import subprocess
import sys
from pathlib import Path

import daicho

WAIT_SECONDS_MAX = 60
SRC = Path(daicho.__file__).parents[1]

# An owner that writes rows for ever and tells of each one after its commit.
WRITER = """
import sys
from pathlib import Path
import psycopg
from daicho.site import embedded
with embedded.running(Path(sys.argv[1]), "demo") as server:
    with psycopg.connect(server.url(), autocommit=True) as connection:
        connection.execute("create table kept (n int primary key)")
        print(server.pid, flush=True)
        for n in range(1, 1_000_000):
            connection.execute("insert into kept values (%s)", (n,))
            print(n, flush=True)
"""


def environment() -> dict[str, str]:
    """For programs of the tests: our own packages, whatever Python runs them."""
    packages = [str(SRC), *(entry for entry in sys.path if entry.endswith("-packages"))]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(packages)}


def program(*words: str | Path, python: str = sys.executable) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [python, *map(str, words)],
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def start_writer(data: Path) -> subprocess.Popen[str]:
    """An owner at work on `data`, in a process group of its own; tells the server's pid first."""
    return subprocess.Popen(
        [sys.executable, "-c", WRITER, str(data)],
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def told(process: subprocess.Popen[str], numbers: int) -> list[int]:
    assert process.stdout is not None
    return [int(process.stdout.readline()) for _ in range(numbers)]


def rest_of(process: subprocess.Popen[str]) -> list[int]:
    assert process.stdout is not None
    return [int(line) for line in process.stdout if line.endswith("\n")]


def wait_for_end(pidfd: int) -> bool:
    return bool(select.select([pidfd], [], [], WAIT_SECONDS_MAX)[0])


def postgres_processes(data: Path) -> list[str]:
    """The command lines of PostgreSQL processes that work on this data folder."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if str(data) in str((process / "cwd").readlink()):
                found.append((process / "cmdline").read_text())
        except OSError:
            continue
    return found

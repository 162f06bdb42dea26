"""Programs and processes of the suite: what a test must see happen outside itself."""

import os
import re
import select
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.client import HTTPResponse
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, OpenerDirector, build_opener

import daicho
import forked
from daicho.certificates.font import font_dir

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


def program(
    *words: str | Path, python: str = sys.executable, **own: str
) -> subprocess.CompletedProcess[str]:
    """Run a program to its end, in the suite's environment or in its `own`."""
    return subprocess.run(
        [python, *map(str, words)],
        env=own or environment(),
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


# --- the product's own commands, as people call them ------------------------------------------

_FORM_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
_ACCOUNT = re.compile(r"^  ([a-z-]+) +([a-z0-9-]{14}|\(ここにはありません\)) ", re.MULTILINE)


def bare_environment(**more: str) -> dict[str, str]:
    """Without the suite's own settings, as a terminal has it. The font alone lies there unpacked:
    every new data folder would unpack it anew, which takes as long as everything else it does."""
    ours = ("DAICHO_", "DATABASE_", "DJANGO_")
    kept = {name: value for name, value in environment().items() if not name.startswith(ours)}
    return kept | {"DAICHO_FONTS": str(font_dir())} | more


def call(*words: str | Path, typed: str = "", **more: str) -> subprocess.CompletedProcess[str]:
    """Run one command to its end; `more` is added to its environment."""
    return forked.run([*map(str, words)], bare_environment(**more), typed, timeout=120)


@dataclass
class Demo:
    """A running demo: where it answers, and the accounts it printed."""

    process: "subprocess.Popen[str]"
    data: Path
    url: str = ""
    accounts: Mapping[str, str] = field(default_factory=dict)
    said: str = ""

    @property
    def port(self) -> str:
        return self.url.rpartition(":")[2]

    def end(self, how: int = signal.SIGTERM) -> int:
        """Send a signal and wait; gives the exit code."""
        self.process.send_signal(how)
        self.process.communicate(timeout=WAIT_SECONDS_MAX)
        return self.process.returncode

    def password_file(self, login: str) -> Path:
        """A file with the printed password."""
        return password_file(self.data.parent, login, self.accounts)

    def acting(self, login: str) -> tuple[str | Path, ...]:
        """The words by which a command acts as this operator on this data."""
        return ("--data", self.data, "--as", login, "--password-file", self.password_file(login))

    def processes(self) -> list[int]:
        """The pids of everything that the demo runs, itself first."""
        return [self.process.pid, *descendants(self.process.pid)]


def password_file(folder: Path, login: str, accounts: Mapping[str, str]) -> Path:
    """A file in that folder with the operator's password."""
    file = folder / f"password-{login}"
    file.write_text(f"{accounts[login]}\n")
    return file


def copied(data: Path, to: Path) -> Path:
    """A copy of a data folder in which nothing runs, without what was logged there."""
    subprocess.run(["cp", "-a", data, to], check=True)
    shutil.rmtree(to / "log")
    return to


@dataclass(frozen=True)
class FirstStart:
    """What the first start of a demo without residents has left, and the accounts it printed."""

    data: Path
    accounts: Mapping[str, str]

    def copied(self, folder: Path) -> Path:
        """The data folder of a demo that was started once and ended, below `folder`."""
        return copied(self.data, folder / "var")


def start_demo(
    data: Path,
    *words: str | Path,
    become: Sequence[str | Path] = (sys.executable,),
    **more: str,
) -> Demo:
    """Start a demo on a free port and wait until it is ready; a refusal fails the test."""
    process, said = begun_demo(data, *words, become=become, **more)
    address = re.search(r"^READY (http://127\.0\.0\.1:\d+)$", said, re.MULTILINE)
    assert address is not None, said
    return Demo(process, data, address[1], accounts_in(said), said)


def begun_demo(
    data: Path,
    *words: str | Path,
    become: Sequence[str | Path] = (sys.executable,),
    **more: str,
) -> "tuple[subprocess.Popen[str], str]":
    """The same, whatever it is a demo of: its process, and what it said until it was ready."""
    process = subprocess.Popen(
        [*become, "-P", "-m", "daicho", "demo", "--data", data, "--port", "0", *words],
        env=bare_environment(**more),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=data.parent,
    )
    assert process.stdout is not None
    said = ""
    while "Ctrl-C" not in said:
        line = process.stdout.readline()
        if not line:
            raise AssertionError(f"no demo: {process.communicate()[1]}")
        said += line
    return process, said


def accounts_in(said: str) -> dict[str, str]:
    """Who may sign in and with which password, of what a demo said."""
    return dict(_ACCOUNT.findall(said))


@contextmanager
def demo(data: Path, *words: str | Path, **more: str) -> Iterator[Demo]:
    """A demo for as long as the block runs."""
    running = start_demo(data, *words, **more)
    try:
        yield running
    finally:
        if running.process.poll() is None:
            running.end()


def descendants(pid: int) -> list[int]:
    """The pids of its children and theirs."""
    parents: dict[int, list[int]] = {}
    for process in Path("/proc").glob("[0-9]*"):
        try:
            status = (process / "stat").read_text()
        except OSError:
            continue
        parents.setdefault(int(status.rpartition(")")[2].split()[1]), []).append(int(process.name))
    found = list(parents.get(pid, []))
    for child in found:  # grows while it is walked
        found.extend(parents.get(child, []))
    return found


@contextmanager
def watched(pids: Sequence[int]) -> Iterator[list[int]]:
    """Handles by which the end of processes that are not our children can be waited for; one that
    was only passing, as a worker of the database's own, may have ended already."""
    handles = []
    for pid in pids:
        with suppress(ProcessLookupError):
            handles.append(os.pidfd_open(pid))
    try:
        yield handles
    finally:
        for handle in handles:
            os.close(handle)


class Visitor:
    """A browser of few words: keeps its cookies and sends the form's token back."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._opener: OpenerDirector = build_opener(HTTPCookieProcessor(CookieJar()))

    def at(self, url: str) -> "Visitor":
        """The same browser, with its cookies, at another address."""
        other = Visitor(url)
        other._opener = self._opener
        return other

    def get(self, path: str) -> tuple[str, str]:
        """Address at the end of the redirects, and the page."""
        return self._ask(path, None)

    def send(self, path: str, **typed: str) -> tuple[str, str]:
        """Open the page, fill its form, send it."""
        token = _FORM_TOKEN.search(self.get(path)[1])
        assert token is not None, f"{path} has no form"
        return self._ask(path, urlencode({"csrfmiddlewaretoken": token[1], **typed}).encode())

    def sends(self, path: str, body: bytes) -> tuple[str, str]:
        """What stands in a form already; the answer as of `get`."""
        return self._ask(path, body)

    def signs_in(self, login: str, password: str) -> bool:
        """Does this password open the door?"""
        address, page = self.send("/sign-in", login=login, password=password)
        return not address.endswith("/sign-in") and "サインアウト" in page

    def comes_in(self, login: str, password: str, terminal: str) -> None:
        """Sign in and sit down at a terminal."""
        assert self.signs_in(login, password)
        self.send("/terminal", terminal=terminal)

    def _ask(self, path: str, body: bytes | None) -> tuple[str, str]:
        from urllib.error import HTTPError

        try:
            answer: HTTPResponse = self._opener.open(self._url + path, body, WAIT_SECONDS_MAX)
        except HTTPError as refusal:
            with refusal:
                return refusal.url, refusal.read().decode()
        with answer:
            return answer.url, answer.read().decode()

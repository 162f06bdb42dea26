"""One process owns the server, the others are its guests and end clearly when it ends."""

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from daicho.site import embedded
from daicho.site.postgres import owner
from processes import WAIT_SECONDS_MAX, environment, start_writer, told

# Claims the lock, leaves it to a child that lives on, and waits to be killed.
WITH_CHILD = """
import os, sys
from pathlib import Path
from daicho.site.postgres import owner
with owner.claim(Path(sys.argv[1]), "demo"):
    child = os.fork()
    if not child:
        print(os.getpid(), flush=True)  # it runs: what it does first after a fork is done
    sys.stdin.read()
"""

# Comes to the server as whatever it finds itself to be, tells it, stays until told to go.
VISITOR = """
import sys
from pathlib import Path
from daicho.site import embedded
from daicho.site.postgres import owner
data = Path(sys.argv[1])
with embedded.running(data, "訪問") as server:
    print(server.pid, flush=True)
    sys.stdin.read()
"""


def visitor(data: Path, words: str = VISITOR) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", words, str(data)],
        env=environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def test_the_second_to_come_does_not_own(tmp_path: Path) -> None:
    with owner.claim(tmp_path, "first") as first, owner.claim(tmp_path, "second") as second:
        assert first is not None
        assert second is None
    with owner.claim(tmp_path, "third") as third:
        assert third is not None


def test_the_lock_names_its_owner_and_the_server_once_there_is_one(tmp_path: Path) -> None:
    with owner.claim(tmp_path, "demo") as claim:
        assert claim is not None
        before = owner.read(tmp_path)
        claim.announce(Path("/run/somewhere"), "daicho", 4321)
        after = owner.read(tmp_path)
    assert before is not None
    assert (before.pid, before.command, before.socket_dir) == (os.getpid(), "demo", "")
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00", before.started_at)
    assert after is not None
    assert (after.socket_dir, after.superuser, after.server_pid) == (
        "/run/somewhere",
        "daicho",
        4321,
    )


@pytest.mark.parametrize(
    ("content", "because"),
    [
        (None, "nobody was ever here"),
        (b"", "the owner has the lock and has not written yet"),
        (b'{"pid": 1', "the write was cut off"),
        (b'{"unknown": true}', "another version wrote it"),
        (b"\xff\xfe", "a disk error"),
    ],
)
def test_an_unreadable_lock_file_is_nobody(
    tmp_path: Path, content: bytes | None, because: str
) -> None:
    if content is not None:
        (tmp_path / "owner.lock").write_bytes(content)
    assert owner.read(tmp_path) is None, because


def test_a_forked_child_does_not_keep_the_lock_of_a_killed_owner(tmp_path: Path) -> None:
    with visitor(tmp_path, WITH_CHILD) as process:
        child = told(process, 1)[0]
        process.kill()
        process.wait(WAIT_SECONDS_MAX)
        os.kill(child, 0)
        with owner.claim(tmp_path, "next") as claim:
            assert claim is not None
        os.kill(child, signal.SIGKILL)


def test_two_who_come_at_once_share_one_server(tmp_path: Path) -> None:
    with visitor(tmp_path) as one, visitor(tmp_path) as other:
        assert told(one, 1) == told(other, 1)
        # The owner goes last, whichever of the two it is: the guest must not lose its server.
        host = owner.read(tmp_path)
        assert host is not None
        for process in sorted((one, other), key=lambda each: each.pid == host.pid):
            process.communicate("", WAIT_SECONDS_MAX)
            assert process.returncode == 0


def test_a_guest_whose_owner_ends_is_told_who_and_leaves_nothing_half_written(
    data: Path,
) -> None:
    with start_writer(data) as process:
        server_pid = told(process, 2)[0]
        with embedded.running(data, "backup") as server:
            assert server.pid == server_pid
            with pytest.raises(psycopg.OperationalError) as lost:
                write_until_lost(server, process)
        process.wait(WAIT_SECONDS_MAX)
    said = str(owner.explain_lost(lost.value, data))
    assert f"「demo」（pid {process.pid}）" in said
    assert "書きかけ" in said
    with embedded.running(data, "next") as server, psycopg.connect(server.url()) as connection:
        assert connection.execute("select to_regclass('half')").fetchone() == (None,)


def write_until_lost(server: embedded.Server, process: subprocess.Popen[str]) -> None:
    with psycopg.connect(server.url()) as connection:
        connection.execute("create table half (n int)")
        process.send_signal(signal.SIGINT)
        while True:
            connection.execute("insert into half values (1)")


def test_a_guest_never_stops_its_owners_server(data: Path) -> None:
    with visitor(data) as process:
        told(process, 1)
        with embedded.running(data, "guest") as server:
            embedded.stop(server)
        with embedded.running(data, "guest") as server:
            psycopg.connect(server.url()).close()
        process.communicate("", WAIT_SECONDS_MAX)


@pytest.mark.parametrize(
    ("error", "part", "because"),
    [
        (psycopg.errors.DiskFull("x"), "ディスクの空き", "the disk is full while running"),
        (psycopg.errors.LockNotAvailable("x"), "55P03", "the server is there and said no"),
        (psycopg.OperationalError("FATAL: sorry, too many clients already"), "多すぎ", "busy"),
        (psycopg.errors.AdminShutdown("x"), "PostgreSQL が止まりました", "our own server died"),
    ],
)
def test_other_losses_have_their_own_sentences(
    tmp_path: Path, error: psycopg.Error, part: str, because: str
) -> None:
    with owner.claim(tmp_path, "demo"):
        assert part in str(owner.explain_lost(error, tmp_path)), because


def test_djangos_wrapper_is_looked_through_and_values_are_not_quoted(tmp_path: Path) -> None:
    wrapper = RuntimeError("値「試験 花子」")
    wrapper.__cause__ = psycopg.errors.DiskFull("試験 花子")
    said = str(owner.explain_lost(wrapper, tmp_path))
    assert "ディスクの空き" in said
    assert "花子" not in said

"""The embedded server where it is not at home: other users, no namespaces, a full disk."""

import json
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from processes import program

NOBODY = 65534
AS_NOBODY = ("setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups")

# A first start, a sign of life, a stop; for surroundings that need a process of their own.
ONCE = """
import json, os, sys
from pathlib import Path
import psycopg
from daicho.site import embedded
from daicho.site.postgres import userns
with embedded.running(Path(sys.argv[1]), "試し") as server:
    with psycopg.connect(server.url()) as connection:
        answer = connection.execute("select 6 * 7").fetchone()[0]
    owner = (Path(sys.argv[1]) / "postgres").stat().st_uid
    print(json.dumps({"answer": answer, "mode": userns.identity().mode, "owner": owner}))
"""

# A user namespace that maps everybody, is root, and may make no further namespace: what a
# container that forbids them looks like.
NO_NAMESPACES = """
import ctypes, os, sys
from pathlib import Path
ask, answer = os.pipe(), os.pipe()
child = os.fork()
if child:
    os.read(ask[0], 1)
    for name in ("uid_map", "gid_map"):
        Path(f"/proc/{child}/{name}").write_text("0 0 65536")
    os.write(answer[1], b".")
    sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
if ctypes.CDLL(None).unshare(0x10000000) != 0:
    sys.exit(77)
os.write(ask[1], b".")
os.read(answer[0], 1)
Path("/proc/sys/user/max_user_namespaces").write_text("0")
os.execv(sys.executable, [sys.executable, *sys.argv[1:]])
"""

# On a small disk of its own: fill it, see the sentence, make room, see the rows.
FULL_DISK = """
import json, subprocess, sys
from pathlib import Path
import psycopg
from daicho.site import embedded
from daicho.site.postgres import owner
from daicho.site.trouble import Trouble
disk = Path(sys.argv[1])
def mount(size):
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "none", str(disk)], check=True)
def trouble(act):
    try:
        act()
    except Trouble as said:
        return str(said)
def fill():
    with (disk / "filler").open("wb", buffering=0) as filler:
        try:
            while filler.write(bytes(65536)):
                pass
        except OSError:
            pass
def write():
    server = embedded.start(disk / "data")
    try:
        with psycopg.connect(server.url(), autocommit=True) as connection:
            connection.execute("create table kept as select 1 as n")
            fill()
            connection.execute("create table big as select repeat('x', 100) from "
                               "generate_series(1, 1000000)")
    except psycopg.OperationalError as lost:
        raise owner.explain_lost(lost, disk / "data")
    finally:
        embedded.stop(server)
def start_again():
    embedded.stop(embedded.start(disk / "data"))
mount("20m")
said = {"initdb": trouble(start_again), "left": sorted(p.name for p in (disk / "data").iterdir())}
mount("120m")
said["running"] = trouble(write)
fill()
said["start"] = trouble(start_again)
(disk / "filler").unlink()
server = embedded.start(disk / "data")
with psycopg.connect(server.url()) as connection:
    said["kept"] = connection.execute("select n from kept").fetchall()
embedded.stop(server)
print(json.dumps(said))
"""


# setpriv may still start what nobody may not; the second start is nobody's own.
AGAIN = "import subprocess, sys, psycopg; subprocess.run([sys.executable, '-V'], check=True)"


@contextmanager
def open_folder() -> Iterator[Path]:
    """A folder on a path that everybody may walk, which pytest's own is not."""
    place = Path(tempfile.mkdtemp())
    place.chmod(0o755)
    try:
        yield place
    finally:
        shutil.rmtree(place)


def python_for_nobody() -> str:
    """A Python that nobody may run and that can load our packages."""
    names = (sys.executable, f"/usr/bin/python3.{sys.version_info[1]}", "/usr/bin/python3")
    for name in names:
        run = program(*AS_NOBODY[1:], name, "-c", AGAIN, python=AS_NOBODY[0])
        if run.returncode == 0:
            return name
    pytest.skip("no Python here that the user nobody may run with our packages")


def test_where_namespaces_are_forbidden_root_becomes_nobody(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    if os.geteuid() != 0:
        pytest.skip("not root: there is nobody to become")
    with open_folder() as place:
        run = program("-c", NO_NAMESPACES, "-c", ONCE, place / "data")
    assert run.returncode == 0, run.stderr
    assert json.loads(run.stdout) == {"answer": 42, "mode": "drop", "owner": 65534}


def test_an_ordinary_user_runs_it_as_itself() -> None:
    if os.geteuid() != 0:
        pytest.skip("not root: the other tests have just shown it")
    python = python_for_nobody()
    with open_folder() as place:
        os.chown(place, 65534, 65534)
        run = program(*AS_NOBODY[1:], python, "-c", ONCE, place / "data", python=AS_NOBODY[0])
    assert run.returncode == 0, run.stderr
    assert json.loads(run.stdout) == {"answer": 42, "mode": "plain", "owner": 65534}


def test_a_folder_that_may_not_be_written_is_named() -> None:
    if os.geteuid() != 0:
        pytest.skip("not root: a folder of another user cannot be made")
    python = python_for_nobody()
    with open_folder() as place:
        run = program(*AS_NOBODY[1:], python, "-c", ONCE, place, python=AS_NOBODY[0])
    assert run.returncode == 1
    assert f"Trouble: {place}/owner.lock を読み書きできません" in run.stderr


def test_a_folder_the_mapped_server_cannot_walk_is_named() -> None:
    if os.geteuid() != 0:
        pytest.skip("not root: nothing is mapped")
    with open_folder() as place:
        os.chown(place, 4321, 4321)
        place.chmod(0o700)
        run = program("-c", ONCE, place / "data")
    assert run.returncode == 1
    assert f"{place} を通れません" in run.stderr


def test_a_full_disk_is_named_at_every_stage_and_loses_nothing(tmp_path: Path) -> None:
    become = [] if os.geteuid() == 0 else ["--user", "--map-root-user"]
    words = ["--mount", *become, sys.executable, "-c", FULL_DISK, str(tmp_path)]
    run = program(*words, python="unshare")
    if "unshare" in run.stderr:
        pytest.skip("no mount namespace here: a small disk cannot be made")
    assert run.returncode == 0, run.stderr
    said = json.loads(run.stdout)
    assert [stage for stage in said if "ディスクの空き" in str(said[stage])] == [
        "initdb",
        "running",
        "start",
    ]
    assert not [name for name in said["left"] if name.startswith("postgres")]
    assert said["kept"] == [[1]]

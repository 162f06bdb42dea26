"""A user with nothing (no name, no home, no group) runs the demo in a folder of its own."""

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from processes import Visitor, program, start_demo

NOBODY = 65534
AS_NOBODY = ("setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups")
LOADS = "import subprocess, sys, psycopg; subprocess.run([sys.executable, '-V'], check=True)"


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder of nobody's on a path that everybody may walk, which pytest's own is not."""
    if os.geteuid() != 0:
        pytest.skip("not root: the other tests have just shown it")
    place = Path(tempfile.mkdtemp())
    os.chown(place, NOBODY, NOBODY)
    place.chmod(0o755)
    yield place
    shutil.rmtree(place)


def python_for_nobody() -> str:
    """A Python that nobody may run and that can load our packages."""
    for name in (sys.executable, f"/usr/bin/python3.{sys.version_info[1]}", "/usr/bin/python3"):
        if program(*AS_NOBODY[1:], name, "-c", LOADS, python=AS_NOBODY[0]).returncode == 0:
            return name
    pytest.skip("no Python here that the user nobody may run with our packages")


def test_nobody_without_a_home_runs_the_demo(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HOME", raising=False)
    become = (*AS_NOBODY, python_for_nobody())
    # the font too is unpacked there by nobody, as in no other of these tests
    words = ("--residents", "20")
    running = start_demo(folder / "var", *words, become=become, DAICHO_FONTS="")
    try:
        for pid in running.processes():
            assert Path(f"/proc/{pid}").stat().st_uid == NOBODY
        assert Visitor(running.url).signs_in("madoguchi", running.accounts["madoguchi"])
    finally:
        code = running.end()
    assert code == 0

"""Fixtures of the site's tests: data folders as a first start leaves them, made once."""

import fcntl
import json
import shutil
from pathlib import Path

import pytest

from daicho.site import embedded
from processes import FirstStart, copied, demo


@pytest.fixture(scope="session")
def first_start(tmp_path_factory: pytest.TempPathFactory) -> FirstStart:
    """What a first start without residents leaves behind, ended in order.

    The workers of a run share it: whoever comes first makes it, the others wait.
    """
    place = tmp_path_factory.getbasetemp()
    if place.name.startswith("popen-"):  # of one worker; above it is that of the run
        place = place.parent
    folder, told = place / "first-start" / "var", place / "first-start" / "accounts.json"
    folder.parent.mkdir(exist_ok=True)
    with (folder.parent / "turn").open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        if not told.exists():
            shutil.rmtree(folder, ignore_errors=True)  # of a worker that was killed at it
            with demo(folder, "--residents", "0") as running:
                accounts = json.dumps(running.accounts)
            told.write_text(accounts, "utf-8")
    return FirstStart(folder, json.loads(told.read_text("utf-8")))


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with a cluster and nothing in it, its server ended."""
    data = tmp_path_factory.mktemp("cluster")
    embedded.stop(embedded.start(data))
    return data


@pytest.fixture
def data(cluster: Path, tmp_path: Path) -> Path:
    """A data folder of this test's own, whose server was started before."""
    return copied(cluster, tmp_path / "var")

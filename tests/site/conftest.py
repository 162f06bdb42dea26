"""Fixtures of the site's tests: data folders as a first start leaves them, made once."""

import fcntl
import json
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

import town
from daicho.site import embedded
from processes import FirstStart, call, copied, demo

Told = Mapping[str, str]


def _once(
    factory: pytest.TempPathFactory, name: str, make: Callable[[Path], Told]
) -> tuple[Path, Told]:
    """The data folder of that name, and what its making told.

    The workers of a run share it: whoever comes first makes it, the others wait.
    """
    place = factory.getbasetemp()
    if place.name.startswith("popen-"):  # of one worker; above it is that of the run
        place = place.parent
    folder, told = place / name / "var", place / name / "told.json"
    folder.parent.mkdir(exist_ok=True)
    with (folder.parent / "turn").open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        if not told.exists():
            shutil.rmtree(folder, ignore_errors=True)  # of a worker that was killed at it
            told.write_text(json.dumps(make(folder)), "utf-8")
    return folder, json.loads(told.read_text("utf-8"))


def _demo_once(folder: Path) -> Told:
    with demo(folder, "--residents", "0") as running:
        return dict(running.accounts)


def _own_once(folder: Path) -> Told:
    of_the_city = {"DAICHO_MUNICIPALITY": town.WARD, "DAICHO_MUNICIPALITY_NAME": "郡山市"}
    run = call("manage", "--data", folder, "check", **of_the_city)
    assert run.returncode == 0, run.stderr
    return {}


def _cluster_once(folder: Path) -> Told:
    folder.mkdir(mode=0o700)
    embedded.stop(embedded.start(folder))
    return {}


@pytest.fixture(scope="session")
def first_start(tmp_path_factory: pytest.TempPathFactory) -> FirstStart:
    """What a first start of a demo without residents leaves behind, ended in order."""
    return FirstStart(*_once(tmp_path_factory, "first-start", _demo_once))


@pytest.fixture(scope="session")
def own_start(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder that the first command of a city leaves behind, which never was a demo."""
    return _once(tmp_path_factory, "own-start", _own_once)[0]


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with a cluster and nothing in it, its server ended."""
    return _once(tmp_path_factory, "cluster", _cluster_once)[0]


@pytest.fixture
def data(cluster: Path, tmp_path: Path) -> Path:
    """A data folder of this test's own, whose server was started before."""
    return copied(cluster, tmp_path / "var")

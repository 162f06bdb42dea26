"""試験の道具: a program is taken out of its package, whole and running, or it is not there."""

import shutil
import subprocess
from pathlib import Path

import pytest

from daicho.site.commands.test import fetch

pytestmark = pytest.mark.skipif(shutil.which("dpkg-deb") is None, reason="no dpkg-deb here")

CONTROL = "Package: tool\nVersion: 1\nArchitecture: all\nMaintainer: nobody\nDescription: made up\n"


@pytest.fixture
def mirror(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A place of packages: an apt-get that gives what lies in the folder."""
    there = tmp_path / "mirror"
    there.mkdir()
    apt = tmp_path / "bin" / "apt-get"
    apt.parent.mkdir()
    apt.write_text(
        f'#!/bin/sh\ncp {there}/*.deb . 2>/dev/null || {{ echo "no network" >&2; exit 9; }}\n'
    )
    apt.chmod(0o755)
    monkeypatch.setenv("PATH", f"{apt.parent}:/usr/bin:/bin")
    return there


def offer(mirror: Path, script: str) -> None:
    """A package whose program is this script."""
    tree = mirror.parent / "tree"
    (tree / "DEBIAN").mkdir(parents=True)
    (tree / "DEBIAN" / "control").write_text(CONTROL)
    (tree / "usr" / "sbin").mkdir(parents=True)
    program = tree / "usr" / "sbin" / "tool"
    program.write_text(script)
    program.chmod(0o755)
    packing = ["dpkg-deb", "--root-owner-group", "--build", str(tree), str(mirror / "tool.deb")]
    subprocess.run(packing, check=True, capture_output=True)


def test_what_runs_is_laid_there_whole(mirror: Path, tmp_path: Path) -> None:
    offer(mirror, "#!/bin/sh\necho version 1\n")
    fetch(tmp_path / "tool", "tool", "試験")
    assert "version 1" in (tmp_path / "tool").read_text()
    assert not list(tmp_path.glob("*.new"))


@pytest.mark.parametrize("script", ["#!/bin/sh\nexit 127\n", "\0 for another machine"])
def test_what_does_not_run_here_is_not_laid_there(
    mirror: Path, tmp_path: Path, script: str, capsys: pytest.CaptureFixture[str]
) -> None:
    offer(mirror, script)
    fetch(tmp_path / "tool", "tool", "試験")
    assert not (tmp_path / "tool").exists()
    assert "取り出せませんでした" in capsys.readouterr().err


def test_without_a_network_it_says_so(
    mirror: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    fetch(tmp_path / "tool", "tool", "試験")
    assert not (tmp_path / "tool").exists()
    assert "no network" in capsys.readouterr().err

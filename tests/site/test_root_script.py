"""./daicho: makes its environment once, whole, in turn; then becomes the program, in one process.

Each test copies the script beside locks of its own, whose one part is a wheel made here: no
network is used.
"""

import ast
import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from processes import WAIT_SECONDS_MAX

SCRIPT = Path(__file__).parents[2] / "daicho"

# Tells what it was given, instead of running the register.
PROGRAM = """
import json, os, signal, sys
import part
print(json.dumps({
    "pid": os.getpid(), "args": sys.argv[1:], "part": part.VERSION, "path": sys.path[0],
    "signals": [str(signal.getsignal(s)) for s in (signal.SIGINT, signal.SIGTERM)],
    "blocked": len(signal.pthread_sigmask(signal.SIG_BLOCK, [])),
}), flush=True)
if "stay" in sys.argv:
    signal.pause()
"""
# What a start sees when it is run by another Python than ours; gone in what it starts.
AS_OLD = "import os, sys; sys.version_info = (3, 8, 18, 'final', 0); del os.environ['PYTHONPATH']"
# As sudo, cron and systemd find another Python first.
AS_ANOTHER = (
    "import os, sys; sys.version = '3.99.0 (another)'; sys.executable = '/usr/bin/another';"
    "del os.environ['PYTHONPATH']"
)
WITHOUT_PIP = "import sys; sys.modules['ensurepip'] = None"
# `venv` has pip installed into a new environment by Python's own installer, which takes four times
# as long as all the rest. Here pip is copied, as it was installed so once.
COPIED_PIP = """
import sys
if sys.orig_argv[1:3] == ["-m", "venv"]:
    import pathlib, shutil, venv
    kept, home = pathlib.Path({kept!r}), {home!r}
    def copy(self, context):
        for each in kept.glob("lib/python3.*/site-packages/pip*"):
            shutil.copytree(each, pathlib.Path(context.env_dir) / each.relative_to(kept))
        for each in kept.glob("bin/pip*"):
            script = pathlib.Path(context.bin_path, each.name)
            script.write_text(each.read_text().replace(home, context.env_dir))
            shutil.copymode(each, script)
    venv.EnvBuilder._setup_pip = copy
"""


@dataclass
class Checkout:
    """A copy of the script with its requirements, and the environment it is started in."""

    root: Path
    environment: dict[str, str]

    def start(self, *words: str, **more: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, str(self.root / "daicho"), *words],
            env={**self.environment, **more},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, *words: str, **more: str) -> tuple[int, str, str]:
        with self.start(*words, **more) as process:
            out, err = process.communicate(timeout=WAIT_SECONDS_MAX)
        return process.returncode, out, err

    def lock(self, name: str, version: str) -> None:
        """Make the wheel `part` of that version and the lock `name` that asks for it."""
        wheel = self.root / "wheels" / f"part-{version}-py3-none-any.whl"
        info = f"part-{version}.dist-info"
        tags = "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        with zipfile.ZipFile(wheel, "w") as archive:
            archive.writestr("part.py", f"VERSION = {version!r}\n")
            archive.writestr(
                f"{info}/METADATA", f"Metadata-Version: 2.1\nName: part\nVersion: {version}\n"
            )
            archive.writestr(f"{info}/WHEEL", tags)
            archive.writestr(f"{info}/RECORD", f"part.py,,\n{info}/RECORD,,\n")
        digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
        text = f"part=={version} \\\n    --hash=sha256:{digest}\n"
        (self.root / "requirements" / f"{name}.txt").write_text(text)

    def site_customize(self, words: str) -> dict[str, str]:
        """Words that Python runs before the script."""
        folder = self.root / "before"
        folder.mkdir()
        (folder / "sitecustomize.py").write_text(words)
        return {"PYTHONPATH": str(folder)}


def make_checkout(root: Path) -> Checkout:
    for folder in ("requirements", "wheels", "src/daicho", "bin"):
        (root / folder).mkdir(parents=True)
    shutil.copy(SCRIPT, root / "daicho")
    (root / "src" / "daicho" / "__init__.py").touch()
    (root / "src" / "daicho" / "__main__.py").write_text(PROGRAM)
    (root / "bin" / "python3").symlink_to(os.path.realpath(sys.executable))
    environment = {
        "PATH": str(root / "bin"),
        "HOME": str(root),
        "PIP_CONFIG_FILE": os.devnull,
        "PIP_NO_INDEX": "1",
        "PIP_FIND_LINKS": (root / "wheels").as_uri(),
    }
    made = Checkout(root, environment)
    made.lock("run", "1.0")
    return made


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    """A fresh one: no environment yet, a PATH that holds nothing but Python."""
    return make_checkout(tmp_path / "台帳 checkout")


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> tuple[Checkout, str]:
    """One that has been started once, and what that start said."""
    made = make_checkout(tmp_path_factory.mktemp("prepared") / "台帳 checkout")
    code, _, said = made.run("demo")
    assert code == 0, said
    return made, said


@pytest.fixture(scope="module")
def kept(prepared: tuple[Checkout, str]) -> Path:
    """A copy of that one, as its first start left it."""
    root = prepared[0].root
    return Path(shutil.copytree(root, root.with_name("kept"), symlinks=True))


@pytest.fixture
def started(prepared: tuple[Checkout, str], kept: Path) -> Iterator[Checkout]:
    """One that has been started once; what a test does to it is undone in its place, since an
    environment knows where it stands."""
    made, _ = prepared
    yield Checkout(made.root, dict(made.environment))
    shutil.rmtree(made.root)
    subprocess.run(["cp", "-a", kept, made.root], check=True)


@pytest.fixture(scope="module")
def copied_pip(prepared: tuple[Checkout, str], kept: Path) -> dict[str, str]:
    """For tests of what is done with an environment, not of how Python makes it: `COPIED_PIP`."""
    folder, home = kept.with_name("copied-pip"), prepared[0].root / ".venv"
    folder.mkdir()
    words = COPIED_PIP.format(kept=str(kept / ".venv"), home=str(home))
    (folder / "sitecustomize.py").write_text(words)
    return {"PYTHONPATH": str(folder)}


def test_old_pythons_can_read_it() -> None:
    ast.parse(SCRIPT.read_text(), feature_version=(3, 6))


def test_it_is_executable_and_short() -> None:
    assert os.access(SCRIPT, os.X_OK)
    assert len(SCRIPT.read_text().splitlines()) <= 260


def test_the_first_start_shows_its_progress(prepared: tuple[Checkout, str]) -> None:
    assert "準備 1/1 part" in prepared[1]
    assert prepared[1].endswith("準備ができました。\n")


def test_a_later_start_is_silent_and_hands_on_its_words(prepared: tuple[Checkout, str]) -> None:
    code, out, said = prepared[0].run("demo", "--port", "0")
    told = json.loads(out)
    assert (code, said) == (0, "")
    assert (told["args"], told["part"]) == (["demo", "--port", "0"], "1.0")


def test_a_folder_of_the_callers_is_not_searched_for_code(
    prepared: tuple[Checkout, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "daicho").mkdir()
    (tmp_path / "daicho" / "__main__.py").write_text("raise SystemExit('the wrong program')")
    monkeypatch.chdir(tmp_path)
    code, out, _ = prepared[0].run()
    assert code == 0
    assert json.loads(out)["path"] != str(tmp_path)


def test_it_starts_by_its_first_line_as_one_process(prepared: tuple[Checkout, str]) -> None:
    checkout, _ = prepared
    with subprocess.Popen(
        [checkout.root / "daicho"], env=checkout.environment, stdout=subprocess.PIPE
    ) as process:
        out, _ = process.communicate(timeout=WAIT_SECONDS_MAX)
    assert json.loads(out)["pid"] == process.pid


def test_inherited_deafness_to_signals_is_healed(prepared: tuple[Checkout, str]) -> None:
    deafen = (
        "import os, signal, sys; both = [signal.SIGINT, signal.SIGTERM];"
        "[signal.signal(each, signal.SIG_IGN) for each in both];"
        "signal.pthread_sigmask(signal.SIG_BLOCK, both);"
        "os.execv(sys.executable, [sys.executable, *sys.argv[1:]])"
    )
    run = subprocess.run(
        [sys.executable, "-c", deafen, prepared[0].root / "daicho"],
        env=prepared[0].environment,
        capture_output=True,
        check=True,
    )
    told = json.loads(run.stdout)
    assert told["blocked"] == 0
    assert "default_int_handler" in told["signals"][0]
    assert told["signals"][1] == str(signal.SIG_DFL)


@pytest.mark.parametrize("words", [AS_ANOTHER, AS_OLD], ids=["another", "old"])
def test_an_environment_that_works_serves_every_python(started: Checkout, words: str) -> None:
    made = (started.root / ".venv").stat().st_ino
    code, out, said = started.run("law", **started.site_customize(words))
    assert (code, said) == (0, "")
    assert json.loads(out)["args"] == ["law"]
    assert (started.root / ".venv").stat().st_ino == made


def test_a_changed_lock_makes_a_new_environment_when_nothing_runs_from_the_old(
    started: Checkout,
) -> None:
    with started.start("stay") as running:
        assert running.stdout is not None
        assert json.loads(running.stdout.readline())["part"] == "1.0"
        started.lock("run", "1.1")
        code, out, said = started.run("law")
        kept = next((started.root / ".venv").rglob("part.py")).read_text()
        running.terminate()
    assert (code, out) == (1, "")
    assert "動いている台帳を止めてから" in said
    assert "1.0" in kept
    assert json.loads(started.run()[1])["part"] == "1.1", "nothing runs from it any more"
    beside = {each.name for each in started.root.glob(".venv*")}
    assert beside == {".venv", ".venv.lock", ".venv.used"}, "nothing else is left"
    pip = started.root / ".venv" / "bin" / "pip"
    assert subprocess.run([pip, "--version"], check=False).returncode == 0, "scripts find Python"


def test_a_lock_more_is_added_also_while_something_runs(started: Checkout) -> None:
    started.lock("test", "1.0")
    with started.start("stay") as running:
        assert running.stdout is not None
        running.stdout.readline()
        code, _, said = started.run("test")
        running.terminate()
    assert code == 0, said
    assert "仮想環境" not in said


def test_an_environment_whose_python_has_gone_is_made_anew(
    started: Checkout, copied_pip: dict[str, str]
) -> None:
    python = started.root / ".venv" / "bin" / "python"
    python.unlink()
    python.symlink_to("/nowhere/python")
    code, out, said = started.run(**copied_pip)
    assert code == 0, said
    assert json.loads(out)["part"] == "1.0"


def test_the_tests_have_a_lock_more(started: Checkout) -> None:
    started.lock("test", "2.0")
    assert json.loads(started.run("demo")[1])["part"] == "1.0"
    assert json.loads(started.run("test")[1])["part"] == "2.0"
    assert started.run("demo")[2] == "", "going back to another command prepares nothing"


def test_two_starts_at_once_prepare_once(checkout: Checkout, copied_pip: dict[str, str]) -> None:
    with checkout.start(**copied_pip) as one, checkout.start(**copied_pip) as other:
        said = [process.communicate(timeout=WAIT_SECONDS_MAX)[1] for process in (one, other)]
    assert (one.returncode, other.returncode) == (0, 0), said
    assert sum("準備ができました" in each for each in said) == 1


def test_a_killed_install_is_done_again(checkout: Checkout) -> None:
    with checkout.start() as first:
        assert first.stderr is not None
        assert "準備" in first.stderr.readline()
        first.kill()
    code, out, said = checkout.run()
    assert code == 0, said
    assert json.loads(out)["part"] == "1.0"


def test_what_was_left_half_written_is_not_trusted(
    started: Checkout, copied_pip: dict[str, str]
) -> None:
    (started.root / ".venv" / "daicho-ready.json").unlink()
    next((started.root / ".venv").rglob("part.py")).unlink()
    code, out, said = started.run(**copied_pip)
    assert code == 0, said
    assert json.loads(out)["part"] == "1.0"


def test_a_part_that_is_not_the_locked_one_is_not_installed(started: Checkout) -> None:
    started.lock("test", "2.0")
    lock = started.root / "requirements" / "test.txt"
    lock.write_text(lock.read_text().replace("sha256:", "sha256:0000")[:-5] + "\n")
    code, out, said = started.run("test")
    assert (code, out) == (1, "")
    assert "部品を入れられませんでした" in said
    assert json.loads(started.run()[1])["part"] == "1.0"


def test_without_a_network_it_says_so_and_names_no_index(started: Checkout) -> None:
    started.lock("test", "2.0")
    del started.environment["PIP_NO_INDEX"], started.environment["PIP_FIND_LINKS"]
    started.environment["PIP_RETRIES"] = "0"
    started.environment["PIP_INDEX_URL"] = "http://somebody:secret@127.0.0.1:9/simple"
    code, _, said = started.run("test")
    assert code == 1
    assert "ネットワーク" in said
    assert "part" in said, "pip's last words are shown"
    for hidden in ("secret", "127.0.0.1", "://"):
        assert hidden not in said


def test_a_python_without_pip_names_the_one_command(checkout: Checkout) -> None:
    code, _, said = checkout.run(**checkout.site_customize(WITHOUT_PIP))
    assert code == 1
    assert "install python3" in said
    assert not (checkout.root / ".venv").exists()


def test_an_old_python_says_what_is_needed(checkout: Checkout) -> None:
    code, _, said = checkout.run(**checkout.site_customize(AS_OLD))
    assert code == 1
    assert "Python 3.11 以上" in said
    assert "3.8" in said


def test_an_old_python_gives_way_to_a_newer_one_on_the_path(checkout: Checkout) -> None:
    newer = checkout.root / "bin" / f"python3.{sys.version_info[1]}"
    newer.symlink_to(os.path.realpath(sys.executable))
    code, out, said = checkout.run("demo", **checkout.site_customize(AS_OLD))
    assert code == 0, said
    assert json.loads(out)["args"] == ["demo"]


def test_a_folder_that_is_no_environment_is_left_alone(checkout: Checkout, tmp_path: Path) -> None:
    precious = tmp_path / "home" / "letter.txt"
    precious.parent.mkdir()
    precious.write_text("keep me")
    code, _, said = checkout.run(DAICHO_VENV=str(precious.parent))
    assert code == 1
    assert "DAICHO_VENV" in said
    assert precious.read_text() == "keep me"


def test_the_environment_can_stand_elsewhere(
    checkout: Checkout, copied_pip: dict[str, str], tmp_path: Path
) -> None:
    code, _, said = checkout.run(DAICHO_VENV=str(tmp_path / "elsewhere"), **copied_pip)
    assert code == 0, said
    assert not (checkout.root / ".venv").exists()
    assert (tmp_path / "elsewhere" / "pyvenv.cfg").exists()

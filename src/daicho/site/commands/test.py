"""test: format, lint, types, contracts, tests and browser journeys; or pytest with your words."""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from compileall import compile_dir
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

ROOT = Path(__file__).parents[4]
CHROMIUM = "/usr/bin/chromium-headless-shell"
"""試験のブラウザー: Debian's chromium without what draws windows, which takes half of its time."""
SOFTHSM = "/usr/lib/softhsm/libsofthsm2.so"
NGINX = Path(sys.executable).parent / "nginx"
FETCH_SECONDS_MAX = 60
WITHIN = tuple(
    f"-oAcquire::{one}" for one in ("Retries=0", "http::Timeout=10", "https::Timeout=10")
)
"""期限: a network that does not answer holds no test up."""

STEPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("書式", ("ruff", "format", "--check", ".")),
    ("規約", ("ruff", "check", "--output-format", "concise", ".")),
)
CONTRACTS = ("層の契約", ("lint-imports",))
TYPES = ("型", ("mypy",))


def add_arguments(parser: argparse.ArgumentParser) -> None:
    # a word that begins with - is pytest's too, and argparse would take it for ours
    parser.prefix_chars = ""
    parser.set_defaults(show_help=parser.print_help)
    parser.add_argument(
        "words",
        nargs=argparse.REMAINDER,
        metavar="pytestの引数",
        help="あれば pytest だけを、その引数で動かす",
    )


def run(arguments: argparse.Namespace) -> int:
    if arguments.words in (["-h"], ["--help"]):
        arguments.show_help()
        return 0
    ensure(CHROMIUM, "chromium-headless-shell", "画面操作の試験")
    ensure(SOFTHSM, "softhsm2", "鍵の装置の試験")
    if shutil.which("nginx", path=f"/usr/sbin:{NGINX.parent}") is None:
        fetch(NGINX, "nginx", "前段の配信サーバーの試験")
    if arguments.words:
        return _call("試験", ("pytest", *arguments.words))
    for title, words in STEPS:
        if code := _call(title, words):
            return code
    # The types are checked while the contracts leave a processor idle, and while the tests wait for
    # databases and browsers; what is said of them comes after what the tests say.
    with ThreadPoolExecutor(1) as beside:
        types = beside.submit(_call, *TYPES, is_held=True)
        tests = _call(*CONTRACTS) or _all_tests()
    return tests or types.result()


def _all_tests() -> int:
    # The tests start the program more than a hundred times, and not everywhere does Python keep by
    # itself what it has compiled.
    compile_dir(ROOT / "src", quiet=2, workers=0)
    # The controller shares one server among as many workers as there are cores. They take files in
    # the order of tests/conftest.py: by their number of tests, the longest files would come last.
    workers = ("-n", str(os.cpu_count() or 1), "--dist", "loadfile", "--no-loadscope-reorder")
    return _call("試験", ("pytest", *workers, "-q", "--durations=15"))


def _call(title: str, words: Sequence[str], *, is_held: bool = False) -> int:
    """Run one step; gives its exit code. What a held one says is written when it has ended."""
    began = time.monotonic()
    head = f"== {title}: {' '.join(words)}\n"
    if not is_held:
        sys.stdout.write(head)
        sys.stdout.flush()
    program = Path(sys.executable).parent / words[0]
    # pytest too keeps what it has compiled, or every worker would do it anew each time
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    run = subprocess.run(
        [program, *words[1:]],
        cwd=ROOT,
        env=kept,
        check=False,
        stdout=subprocess.PIPE if is_held else None,
        stderr=subprocess.STDOUT if is_held else None,
        text=True,
    )
    took = f"{time.monotonic() - began:.0f} 秒"
    said = f"{head}{run.stdout}" if is_held else ""
    sys.stdout.write(f"{said}== {title}: {'合格' if run.returncode == 0 else '不合格'} {took}\n")
    sys.stdout.flush()
    return run.returncode


def ensure(file: str, package: str, what_for: str) -> None:
    """Install what only some tests need where we may; else say what to install."""
    if Path(file).exists():
        return
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        sys.stderr.write(
            f"{what_for}には Debian の {package} が要ります。管理者の権限で実行してください:\n"
            f"  apt-get update && apt-get install --yes --no-install-recommends {package}\n"
            "ないままでは、その試験は失敗するか、飛ばされます。\n"
        )
        return
    sys.stderr.write(f"{what_for}のために {package} を入れます…\n")
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for words in (("update",), ("install", "--yes", "--no-install-recommends", package)):
        done = subprocess.run(
            ["apt-get", "-q", *words], env=quiet, check=False, capture_output=True, text=True
        )
        if done.returncode:
            sys.stderr.write(f"{package} を入れられませんでした。\n{done.stderr[-600:]}\n")
            return


def fetch(file: Path, package: str, what_for: str) -> None:
    """Take one program out of a Debian package and put it beside our own tools; nothing is
    installed, so that no server of the package starts by itself. Without it the tests say that
    they are skipped; so they do where it does not run here, or the network does not answer in time.
    """
    if shutil.which("apt-get") is None or shutil.which("dpkg-deb") is None:
        sys.stderr.write(
            f"{what_for}には {package} の {file.name} が要ります(なければ飛ばします)。\n"
        )
        return
    sys.stderr.write(f"{what_for}のために {package} を取り出します…\n")
    with tempfile.TemporaryDirectory(prefix="daicho-test-") as folder:
        found = Path(folder, "usr", "sbin", file.name)
        said = _taken_out(package, folder)
        if not found.exists() or _quietly(folder, str(found), "-v").returncode:
            sys.stderr.write(f"{package} を取り出せませんでした。\n{said[-600:]}\n")
            return
        whole = file.with_suffix(".new")
        shutil.copy2(found, whole)
        whole.replace(file)


def _taken_out(package: str, folder: str) -> str:
    """Lay the files of a package into a folder; gives what went wrong, if anything."""
    download = ("apt-get", "-q", *WITHIN, "download", package)
    got = _quietly(folder, *download)
    if got.returncode and os.geteuid() == 0:  # where nobody has asked what there is
        _quietly(folder, "apt-get", "-q", *WITHIN, "update")
        got = _quietly(folder, *download)
    for packed in Path(folder).glob("*.deb"):
        _quietly(folder, "dpkg-deb", "--extract", str(packed), folder)
    return got.stderr


def _quietly(folder: str, *words: str) -> "subprocess.CompletedProcess[str]":
    quiet = partial(subprocess.run, cwd=folder, check=False, capture_output=True, text=True)
    try:
        return quiet(words, timeout=FETCH_SECONDS_MAX)
    except (OSError, subprocess.TimeoutExpired) as trouble:
        return subprocess.CompletedProcess(words, 1, "", f"{trouble}")

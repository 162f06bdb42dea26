"""test: format, lint, types, contracts, tests and browser journeys; or pytest with your words."""

import argparse
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from compileall import compile_dir
from pathlib import Path

ROOT = Path(__file__).parents[4]
CHROMIUM = "/usr/bin/chromium"
SOFTHSM = "/usr/lib/softhsm/libsofthsm2.so"

STEPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("書式", ("ruff", "format", "--check", ".")),
    ("規約", ("ruff", "check", "--output-format", "concise", ".")),
    ("型", ("mypy",)),
    ("層の契約", ("lint-imports",)),
)


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
    ensure(CHROMIUM, "chromium", "画面操作の試験")
    ensure(SOFTHSM, "softhsm2", "鍵の装置の試験")
    if arguments.words:
        return _call("試験", ("pytest", *arguments.words))
    for title, words in STEPS:
        if code := _call(title, words):
            return code
    # The tests start the program more than a hundred times, and not everywhere does Python keep by
    # itself what it has compiled.
    compile_dir(ROOT / "src", quiet=2, workers=0)
    # The controller shares one server among as many workers as there are cores. They take files in
    # the order of tests/conftest.py: by their number of tests, the longest files would come last.
    workers = ("-n", str(os.cpu_count() or 1), "--dist", "loadfile", "--no-loadscope-reorder")
    return _call("試験", ("pytest", *workers, "-q", "--durations=15"))


def _call(title: str, words: Sequence[str]) -> int:
    began = time.monotonic()
    sys.stdout.write(f"== {title}: {' '.join(words)}\n")
    sys.stdout.flush()
    program = Path(sys.executable).parent / words[0]
    code = subprocess.run([program, *words[1:]], cwd=ROOT, check=False).returncode
    sys.stdout.write(
        f"== {title}: {'合格' if code == 0 else '不合格'} {time.monotonic() - began:.0f} 秒\n"
    )
    sys.stdout.flush()
    return code


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

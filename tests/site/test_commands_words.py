"""What the command line answers to whoever does not know it yet: in Japanese, with a way on."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from daicho.site.cli import COMMANDS
from processes import bare_environment, call


def test_alone_it_lists_its_commands() -> None:
    run = call()
    assert run.returncode == 0
    assert all(f"./daicho {name} " in run.stdout for name in COMMANDS)


@pytest.mark.parametrize(
    ("words", "code", "part"),
    [
        (("frobnicate",), 2, "「frobnicate」という命令はありません"),
        (("import",), 2, "FILE.csv を指定してください"),
        (("demo", "--frob"), 2, "--frob という引数はありません"),
        (("export", "out", "--as"), 2, "値を1つ指定してください"),
        (("law", "999条"), 1, ""),
        (("kinds", "frob"), 1, "frob という種別はありません"),
        (("manage", "reference", "frob"), 2, "frob という引数はありません"),
    ],
)
def test_what_it_does_not_know_it_says_in_japanese(
    words: tuple[str, ...], code: int, part: str
) -> None:
    run = call(*words)
    assert run.returncode == code
    assert part in run.stderr
    for english in ("usage", "error", "required", "Traceback"):
        assert english not in run.stderr


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_explains_itself(name: str) -> None:
    run = call(name, "--help")
    assert run.returncode == 0
    assert run.stdout.startswith(f"使い方: ./daicho {name}")
    assert COMMANDS[name] in run.stdout


def test_every_word_behind_test_is_pytests() -> None:
    run = call("test", "--version", "-q")
    assert run.returncode == 0, run.stderr
    assert "試験: pytest --version -q" in run.stdout


def test_an_article_leads_to_its_rule_and_its_tests() -> None:
    short, whole = call("law", "22"), call("law", "住民基本台帳法22条1項")
    for run in (short, whole):
        assert run.returncode == 0
        assert "規則 notifications.moved_in_late" in run.stdout
        assert "試験 tests/law/brra_22_moved_in.yaml" in run.stdout
    assert len(whole.stdout) < len(short.stdout)


def test_a_kind_leads_to_its_parts_and_to_why_it_has_none() -> None:
    run = call("kinds", "moved_out_closed", "died")
    assert run.returncode == 0, run.stderr
    assert "入力 none: 転出予定日の到来により日次の仕事が記録する" in run.stdout
    assert "後続 tell_prefecture" in run.stdout
    assert "law.changes.kinds.moved_out_closed.judge" in run.stdout
    assert run.stdout.index("\nmoved_out_closed\n") < run.stdout.index("\ndied\n")


def test_a_reader_who_has_seen_enough_ends_it_quietly() -> None:
    words = [sys.executable, "-P", "-m", "daicho", "law"]
    read, write = os.pipe()
    os.close(read)
    with os.fdopen(write, "w") as closed:
        run = subprocess.run(
            words, env=bare_environment(), stdout=closed, stderr=subprocess.PIPE, check=False
        )
    assert (run.returncode, run.stderr) == (0, b"")


def test_a_mistake_is_one_also_where_nobody_reads_of_it() -> None:
    words = [sys.executable, "-P", "-m", "daicho", "frob"]
    read, write = os.pipe()
    os.close(read)
    with os.fdopen(write, "w") as closed:
        run = subprocess.run(words, env=bare_environment(), stderr=closed, check=False)
    assert run.returncode == 2


BROKEN_ELSEWHERE = """
import os
from daicho.site import cli

class Commands(dict):  # asking for a command writes to a pipe that nobody reads
    def __contains__(self, name):
        read, write = os.pipe()
        os.close(read)
        os.write(write, b"x")

cli.COMMANDS = Commands(cli.COMMANDS)
cli.main(["law"])
"""


def test_another_pipe_that_breaks_is_an_error_of_the_program() -> None:
    words = [sys.executable, "-P", "-c", BROKEN_ELSEWHERE]
    run = subprocess.run(words, env=bare_environment(), capture_output=True, check=False)
    assert run.returncode == 70
    assert "BrokenPipeError" in run.stderr.decode()


@pytest.mark.parametrize(
    "words", [("export", "out"), ("backup", "out.tar"), ("manage", "check"), ("manage", "frob")]
)
def test_a_mistyped_folder_is_told_and_not_made(tmp_path: Path, words: tuple[str, ...]) -> None:
    run = call(*words, "--data", tmp_path / "vra")
    assert run.returncode == 1
    assert "まだ台帳がありません" in run.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("place", ["/proc/daicho", "/dev/null/daicho", "/dev/null"])
@pytest.mark.parametrize("words", [("demo", "--port", "0"), ("manage", "check")])
def test_a_folder_that_cannot_be_made_is_the_callers_mistake(
    place: str, words: tuple[str, ...]
) -> None:
    run = call(*words, "--data", place, DAICHO_MUNICIPALITY="072036")
    assert run.returncode == 1
    assert "は作れません" in run.stderr
    assert "--data" in run.stderr


def test_a_certificate_that_is_not_there_is_told_in_japanese(tmp_path: Path) -> None:
    from daicho.access import clock
    from daicho.certificates import keys

    key, published = keys.demo_files(tmp_path)
    keys.ensure_demo(key, published, "072036", "架空市", clock.now())
    without = call("verify", tmp_path / "no.pdf", "--data", tmp_path / "nowhere")
    missing = call("verify", tmp_path / "no.pdf", "--data", tmp_path)
    folder = call("verify", tmp_path, "--data", tmp_path)
    assert (without.returncode, missing.returncode, folder.returncode) == (2, 2, 2)
    assert "というファイルがありません。--key で" in without.stderr
    assert "を読めません(ファイルかフォルダーがありません)" in missing.stdout
    assert "を読めません(フォルダーです)" in folder.stdout


def test_the_bench_writes_its_list(tmp_path: Path) -> None:
    file = tmp_path / "bench.json"
    run = call("bench", "--residents", "60", "--json", file)
    assert run.returncode == 0, run.stderr
    rows = json.loads(file.read_text("utf-8"))
    keys = {"work", "unit", "p50", "p99", "floor_p50", "ratio", "memory_mb"}
    assert rows
    assert all(set(row) == keys for row in rows)
    assert any(row["work"].startswith("import") for row in rows)


def test_the_bench_does_not_measure_for_a_file_it_cannot_write(tmp_path: Path) -> None:
    run = call("bench", "--json", tmp_path / "nowhere" / "bench.json")
    assert run.returncode == 1
    assert "というフォルダーがありません" in run.stderr

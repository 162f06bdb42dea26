"""利用記録の検証: what the verifier makes of files that were not written by us."""

import json
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from access.auditing import elsewhere, verified
from access.conftest import Sealed
from daicho.access.proof import head_key, heads, nodes, notes, tree

pytestmark = pytest.mark.durable


@pytest.mark.parametrize(
    ("change", "because"),
    [
        (("T0", "T"), "moments are compared as text"),
        (("\n10\n", "\n1_0\n"), "a size is written one way"),
        (("\n10\n", "\n-10\n"), "a size is no less than nothing"),
        (("v1\n", "v1\n\x1b[2J"), "whose it is goes to a terminal"),
        (("v1\n", "v2\n"), "another version may mean something else"),
    ],
)
def test_a_head_that_is_written_in_another_way_is_none(
    sealed: Sealed, tmp_path: Path, change: tuple[str, str], because: str
) -> None:
    """The forger signs what he likes."""
    at = datetime(2026, 11, 22, 3, tzinfo=UTC)
    note = notes.written(notes.Note(heads.whose(), 10, tree.root(nodes.fetch, 10), at))
    forged = note.replace(*change, 1)
    assert forged != note
    file = elsewhere(sealed.older, forged, tmp_path / "elsewhere.json")
    code, told = verified(sealed.older, "--older", file)
    assert (code, "形か版" in told) == (1, True), (told, because)


def test_an_older_file_without_heads_is_no_comparison(sealed: Sealed, tmp_path: Path) -> None:
    content = json.loads((sealed.older / "heads.json").read_text("utf-8"))
    (tmp_path / "none.json").write_text(json.dumps({**content, "heads": []}))
    code, told = verified(sealed.older, "--older", tmp_path / "none.json")
    assert (code, "1つもない" in told) == (1, True), told


@pytest.mark.parametrize("count", ["-1", "0", "1"])
def test_no_number_of_witnesses_is_met_by_nobody(sealed: Sealed, count: str) -> None:
    code, told = verified(sealed.older, f"--witnesses={count}")
    assert (code, "--witnesses" in told) == (2, True), told


def test_after_a_change_of_the_key_both_keys_are_given(sealed: Sealed, tmp_path: Path) -> None:
    own, another = tmp_path / "own.pem", tmp_path / "another.pem"
    own.write_text(heads.key().public)
    head_key.create(tmp_path / "key.pem")
    another.write_text(head_key.load(tmp_path / "key.pem").public)
    code, told = verified(
        sealed.older, "--key", own, "--key", another, "--older", sealed.older_heads
    )
    assert (code, "注意" in told) == (0, False), told


def test_files_that_are_no_heads_prove_nothing(sealed: Sealed, tmp_path: Path) -> None:
    folder = shutil.copytree(sealed.older, tmp_path / "now")
    for broken in ("", "{", "[3]", '{"heads": 3}', '{"heads": [{}]}', '{"heads": []}'):
        (folder / "heads.json").write_text(broken, encoding="utf-8")
        code, told = verified(folder)
        assert code in (1, 2), told


def test_a_line_that_is_cut_or_added_is_found(sealed: Sealed, tmp_path: Path) -> None:
    folder = shutil.copytree(sealed.older, tmp_path / "now")
    whole = (folder / "trail.jsonl").read_bytes()
    first = whole.splitlines(keepends=True)[0]
    crlf, doubled = whole.replace(b"\n", b"\r\n"), first.replace(b"{", b'{"v":1,', 1)
    smuggled = (crlf, doubled + whole.removeprefix(first), b"\n" + whole, whole + b"\n", whole * 2)
    for forged in (whole[:-1] + b" \n", whole[:-40], whole + first, b"", *smuggled):
        (folder / "trail.jsonl").write_bytes(forged)
        assert verified(folder)[0] == 1

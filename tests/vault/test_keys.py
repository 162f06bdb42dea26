"""The vault's key file: made once, private, and checked before it is used."""

import json
import os
from pathlib import Path

import pytest

from daicho.vault import keys


def test_a_fresh_file_is_private_and_opens(tmp_path: Path) -> None:
    file = tmp_path / "keys.json"
    keys.create(file)
    assert file.stat().st_mode & 0o777 == 0o600
    held = keys.load(file)
    assert held.current == 1
    assert len(held.encrypt[1]) == len(held.index[1]) == keys.KEY_BYTES
    assert held.encrypt[1] != held.index[1]


def test_keys_are_never_overwritten(tmp_path: Path) -> None:
    file = tmp_path / "keys.json"
    keys.create(file)
    before = file.read_bytes()
    with pytest.raises(FileExistsError):
        keys.create(file)
    assert file.read_bytes() == before


@pytest.mark.parametrize(
    ("content", "mode", "words"),
    [
        ("{", 0o600, "壊れて"),
        ('{"current": 2, "encrypt": {}, "index": {}}', 0o600, "正しくありません"),
        ('{"current": 1, "encrypt": {"1": "short"}, "index": {"1": "x"}}', 0o600, "正しく"),
        ("[]", 0o600, "正しくありません"),
        ("{}", 0o644, "chmod 600"),
    ],
)
def test_a_damaged_or_open_file_is_refused_without_showing_it(
    tmp_path: Path, content: str, mode: int, words: str
) -> None:
    file = tmp_path / "keys.json"
    file.write_text(content)
    file.chmod(mode)
    with pytest.raises(keys.KeyTrouble, match=words) as refused:
        keys.load(file)
    assert content not in str(refused.value)


def test_what_cannot_be_read_is_told_in_japanese_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(keys.KeyTrouble, match=r"ありません\)。場所と名前を確かめてください。"):
        keys.load(tmp_path / "none.json")
    with pytest.raises(keys.KeyTrouble, match=r"フォルダーです\)。ファイルを指定してください。"):
        keys.load(tmp_path)


def test_keys_do_not_show_themselves(tmp_path: Path) -> None:
    file = tmp_path / "keys.json"
    keys.create(file)
    secret = json.loads(file.read_text())["encrypt"]["1"]
    assert secret not in repr(keys.load(file))


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")
def test_a_file_that_an_administrator_changes_stays_its_readers(tmp_path: Path) -> None:
    file = tmp_path / "keys.json"
    keys.create(file)
    os.chown(file, 12_345, 12_345)
    kept = keys.KeyFile(file)
    kept.make(2)
    kept.destroy(1)
    assert (file.stat().st_uid, file.stat().st_mode & 0o777) == (12_345, 0o600)
    kept.make(3)
    assert {copy.stat().st_uid for copy in keys.copies(file)} == {12_345}


def test_a_writing_that_was_cut_off_leaves_the_file_and_is_done_again(tmp_path: Path) -> None:
    file = tmp_path / "keys.json"
    keys.create(file)
    before = file.read_text()
    file.with_name("keys.json.part").write_text(before[:20])
    file.with_name("keys.before_2.json").write_text(before)
    assert keys.KeyFile(file).versions()
    kept = keys.KeyFile(file)
    kept.make(2)
    assert list(keys.load(file).encrypt) == [1, 2]
    assert not file.with_name("keys.json.part").exists()

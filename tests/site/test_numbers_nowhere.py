"""番号を残さない命令: what import, export and backup write and say holds no 個人番号."""

import json
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

import backups
import town
from daicho.site.postgres import binaries
from processes import FirstStart, call, password_file
from searching_everything import HANAKO, TARO, TYPED, Files, in_bytes, in_text

# Her line is refused, and with it her number.
REFUSED = town.hanako(
    address_number="000000000000302",
    household_number="000000000000302",
    sex="9",
    individual_number=TYPED,
    resident_record_code="",
)


@dataclass(frozen=True)
class Done:
    """What the commands said and left, one after the other on one data folder."""

    data: Path
    before: Path  # the folder of which it is a copy
    written: Path  # the export, the backup, and what was written for a while
    said: str

    @property
    def refused(self) -> Path:
        """The refused lines, as the import names them."""
        (file,) = self.data.glob("imports/*/refused.csv")
        return file

    @property
    def unchanged(self) -> Iterator[Path]:
        """The files of the data folder that are those of the first start."""
        for file in self.data.rglob("*"):
            first, now = self.before / file.relative_to(self.data), file.lstat()
            if file.is_file() and first.exists():
                was = first.lstat()
                if (was.st_mtime_ns, was.st_size) == (now.st_mtime_ns, now.st_size):
                    yield file


@pytest.fixture(scope="module")
def done(first_start: FirstStart, tmp_path_factory: pytest.TempPathFactory) -> Done:
    """An import of three numbers, one of them refused; an export; a backup."""
    typed, written = tmp_path_factory.mktemp("typed"), tmp_path_factory.mktemp("written")
    data = first_start.copied(tmp_path_factory.mktemp("numbers"))
    file = town.write(typed, [town.hanako(), town.taro(), REFUSED])
    secret = password_file(typed, "unyo", first_start.accounts)
    acting = ("--data", data, "--as", "unyo", "--password-file", secret)
    for_a_while = written / "while"
    for_a_while.mkdir()
    runs = [
        call(*words, TMPDIR=str(for_a_while))
        for words in (
            ("import", file, *acting),
            ("export", written / "out", *acting),
            ("backup", written / "saved.backup", "--data", data),
        )
    ]
    said = "\n".join(run.stdout + run.stderr for run in runs)
    assert [run.returncode for run in runs] == [3, 0, 0], said
    return Done(data, first_start.data, written, said)


def test_nothing_that_the_commands_say_is_a_number(done: Done) -> None:
    assert str(done.refused) in done.said, "where the refused lines are"
    assert in_text("what a command said", done.said) == []


def test_no_file_of_the_installation_holds_a_number_but_the_refused_lines(done: Done) -> None:
    """The cluster's own files are among them: tables, indexes and the log of what was written."""
    unchanged = set(done.unchanged)
    searched = [one for one in done.data.rglob("*") if one.is_file() and one not in unchanged]
    assert any(b"000000000000108" in one.read_bytes() for one in searched), "she is in there"
    assert Files().below(done.data, besides={*unchanged, done.refused}) == []


def test_the_refused_lines_hold_what_was_refused_for_their_owner_alone(done: Done) -> None:
    assert done.refused.stat().st_mode & 0o777 == 0o600
    assert done.refused.parent.stat().st_mode & 0o077 == 0
    assert f"{done.refused}(直して、もう一度取り込めます)" in done.said
    assert "個人番号を含みます。直したら消してください。" in done.said
    lines = done.refused.read_text("utf-8")
    assert TYPED in lines
    assert HANAKO not in lines
    assert TARO not in lines


def test_neither_the_export_nor_anything_beside_it_holds_a_number(done: Done) -> None:
    written = {one.name for one in done.written.rglob("*") if one.is_file()}
    assert {"register.csv", "saved.backup"} <= written
    assert "花子" in (done.written / "out" / "register.csv").read_text("utf-8")
    assert Files().below(done.written) == []


def test_the_backup_holds_the_numbers_as_ciphertext_alone(done: Done, tmp_path: Path) -> None:
    (key_file,) = backups.keys_of(done.data)
    manifest, content = backups.inside(done.written / "saved.backup", backups.key_in(key_file))
    (tmp_path / "database.dump").write_bytes(content)
    words: list[str | Path] = [
        binaries.folder() / "pg_restore",
        "--file=-",
        tmp_path / "database.dump",
    ]
    dump = subprocess.run(words, check=True, capture_output=True).stdout
    (numbers,) = re.findall(rb"^COPY vault\.number .*?\n(.*?)^\\\.$", dump, re.M | re.S)
    assert len(numbers.splitlines()) == 2, "her number and his are in there"
    assert in_bytes("the dump of the backup", dump) == []
    assert in_bytes("the manifest", json.dumps(manifest).encode()) == []

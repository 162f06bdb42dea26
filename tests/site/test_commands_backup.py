"""A backup that has never been restored is a hope: the whole way round, and every refusal."""

import io
import json
import shutil
import tarfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from daicho.vault import keys
from processes import FirstStart, call, demo

# What the vault gives for one resident, as a digest.
ONE_NUMBER = """
import hashlib, uuid
from django.db import connection
from daicho.access import clock
from daicho.access.permits import system_permit
from daicho.vault import numbers
with connection.cursor() as cursor:
    cursor.execute("SELECT record_id FROM register_recordversion"
        " WHERE individual_number_state = 'held' ORDER BY address_number LIMIT 1")
    (record_id,) = cursor.fetchone()
number = numbers.get(system_permit("migration_import", clock.today(), uuid.uuid4()), record_id)
print("number", hashlib.sha256(number.encode()).hexdigest())
"""


@dataclass(frozen=True)
class Saved:
    """A backup made while people worked, and what the register said then."""

    file: Path
    source: Path
    number: str
    register: bytes
    acting: tuple[str | Path, ...]


def one_number(data: Path) -> str:
    run = call("manage", "--data", data, "shell", "--no-imports", "-c", ONE_NUMBER)
    assert run.returncode == 0, run.stderr
    return run.stdout.partition("number ")[2]


def exported(folder: Path, acting: tuple[str | Path, ...]) -> bytes:
    run = call("export", folder, *acting)
    assert run.returncode == 0, run.stderr
    return (folder / "register.csv").read_bytes()


@pytest.fixture(scope="module")
def saved(first_start: FirstStart, tmp_path_factory: pytest.TempPathFactory) -> Saved:
    folder = tmp_path_factory.mktemp("backup")
    with demo(first_start.copied(folder), "--residents", "40") as running:
        run = call("backup", folder / "saved.tar", "--data", running.data)
        assert run.returncode == 0, run.stderr
        assert "鍵は入っていません" in run.stdout
        acting = running.acting("unyo")[2:]
        register = exported(folder / "out", running.acting("unyo"))
        return Saved(folder / "saved.tar", running.data, one_number(running.data), register, acting)


@pytest.fixture(scope="module")
def restored(saved: Saved, tmp_path_factory: pytest.TempPathFactory) -> Path:
    data = tmp_path_factory.mktemp("restored") / "var"
    run = call("restore", saved.file, "--data", data)
    assert run.returncode == 0, run.stderr
    assert "同じ中身であることを確かめました" in run.stdout
    return data


@pytest.fixture
def key_file(restored: Path) -> Iterator[Path]:
    """Where the keys belong, empty before and after."""
    file = restored / "secrets" / "vault_keys.json"
    file.unlink(missing_ok=True)
    yield file
    file.unlink(missing_ok=True)


def refused(*words: str | Path) -> str:
    run = call(*words)
    assert (run.returncode, run.stdout) == (1, ""), run.stderr
    assert "Traceback" not in run.stderr
    return run.stderr


def test_the_file_is_for_its_owner_alone_and_never_overwritten(saved: Saved) -> None:
    assert saved.file.stat().st_mode & 0o077 == 0
    before = saved.file.read_bytes()
    assert "もうあります" in refused("backup", saved.file, "--data", saved.source)
    assert saved.file.read_bytes() == before


def test_without_its_keys_it_does_not_open_and_makes_none(restored: Path, key_file: Path) -> None:
    assert "個人番号の鍵" in refused("manage", "--data", restored, "check")
    assert not key_file.exists(), "fresh keys would open nothing, and nobody would be told"


def test_the_keys_of_another_installation_are_refused(restored: Path, key_file: Path) -> None:
    keys.create(key_file)
    assert "控えのものではありません" in refused("manage", "--data", restored, "check")


def test_with_its_keys_it_says_what_it_said(
    saved: Saved, restored: Path, key_file: Path, tmp_path: Path
) -> None:
    shutil.copy(saved.source / "secrets" / "vault_keys.json", key_file)
    assert one_number(restored) == saved.number
    assert exported(tmp_path / "out", ("--data", restored, *saved.acting)) == saved.register
    checked = call("manage", "--data", restored, "rebuild", "--check")
    assert "台帳のとおりです" in checked.stdout


def test_a_folder_that_holds_anything_is_left_alone(saved: Saved, tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("keep me")
    assert "空ではありません" in refused("restore", saved.file, "--data", tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


def test_a_file_that_is_not_there_is_not_called_broken(tmp_path: Path) -> None:
    said = refused("restore", tmp_path / "nowhere.tar", "--data", tmp_path / "var")
    assert "ありません" in said
    assert "壊れて" not in said


@pytest.mark.parametrize(
    ("damage", "part", "because"),
    [
        (lambda body: body[: len(body) // 2], "壊れています", "half of it was copied"),
        (
            lambda body: body[:80_000] + bytes([body[80_000] ^ 1]) + body[80_001:],
            "書き出したときと違います",
            "one bit has turned",
        ),
        (lambda _: b"", "壊れています", "nothing was copied"),
    ],
)
def test_a_damaged_file_makes_nothing(
    saved: Saved, tmp_path: Path, damage: Callable[[bytes], bytes], part: str, because: str
) -> None:
    (tmp_path / "bad.tar").write_bytes(damage(saved.file.read_bytes()))
    assert part in refused("restore", tmp_path / "bad.tar", "--data", tmp_path / "var"), because
    assert not (tmp_path / "var").exists()


def test_tables_that_differ_from_the_manifest_leave_nothing(saved: Saved, tmp_path: Path) -> None:
    with tarfile.open(saved.file) as archive:
        manifest = json.loads(archive.extractfile("manifest.json").read())  # type: ignore[union-attr]  # it is a file
        dump = archive.extractfile("database.dump").read()  # type: ignore[union-attr]  # it is a file
    manifest["tables"]["access_trail"][0] += 1
    with tarfile.open(tmp_path / "other.tar", "w") as archive:
        for name, body in (
            ("manifest.json", json.dumps(manifest).encode()),
            ("database.dump", dump),
        ):
            entry = tarfile.TarInfo(name)
            entry.size = len(body)
            archive.addfile(entry, io.BytesIO(body))
    said = refused("restore", tmp_path / "other.tar", "--data", tmp_path / "var")
    assert "access_trail" in said
    assert list((tmp_path / "var").iterdir()) == []

"""A backup that has never been restored is a hope: the whole way round, and every refusal."""

import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

import backups
from access import outside
from access.auditing import verified
from daicho.access.backup_keys.files import BackupKey
from daicho.access.sealed_files import frames
from daicho.site.database import sealed
from daicho.vault import keys
from processes import FirstStart, call, demo, password_file

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
    key_file: Path
    said: str
    source: Path
    number: str
    register: bytes
    acting: tuple[str | Path, ...]

    @property
    def key(self) -> BackupKey:
        return backups.key_in(self.key_file)


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
        run = call("backup", folder / "saved.backup", "--data", running.data)
        assert run.returncode == 0, run.stderr
        assert "鍵は入っていません" in run.stdout
        (key_file,) = backups.keys_of(running.data)
        acting = running.acting("unyo")[2:]
        register = exported(folder / "out", running.acting("unyo"))
        return Saved(
            folder / "saved.backup",
            key_file,
            run.stdout,
            running.data,
            one_number(running.data),
            register,
            acting,
        )


@pytest.fixture(scope="module")
def restored(saved: Saved, tmp_path_factory: pytest.TempPathFactory) -> Path:
    data = tmp_path_factory.mktemp("restored") / "var"
    run = call("restore", saved.file, "--data", data, "--key", saved.key_file)
    assert run.returncode == 0, run.stderr
    assert "封をしていない" not in run.stderr
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


def test_whoever_makes_it_is_told_where_the_key_lies_and_what_to_do(saved: Saved) -> None:
    assert str(saved.key_file) in saved.said
    assert saved.key_file.stat().st_mode & 0o777 == 0o600
    assert saved.key_file.parent.stat().st_mode & 0o777 == 0o700
    assert "控えと鍵を一緒に置かないで" in saved.said
    assert "鍵がなければ、この控えは誰にも開けません" in saved.said


def test_nothing_of_the_database_stands_in_it_in_clear(saved: Saved) -> None:
    manifest, dump = backups.inside(saved.file, saved.key)
    assert dump.startswith(b"PGDMP"), "the same marks are found in what it seals"
    assert b"access_trail" in json.dumps(manifest).encode()
    body = saved.file.read_bytes()
    for mark in (b"PGDMP", b"access_", b"register_", b"vault", b"manifest", b"sha256"):
        assert mark not in body
    header = backups.header(saved.file)
    assert set(header) == {"backup", "municipality", "version"}
    assert header["backup"] == saved.key_file.stem
    assert saved.key.key not in body


def test_its_key_is_told_by_the_trail_and_nothing_else_is(saved: Saved) -> None:
    told = "from daicho.access.models import Trail;" + (
        "print(*Trail.objects.filter(event='backup').values_list('detail', flat=True))"
    )
    run = call("manage", "--data", saved.source, "shell", "--no-imports", "-c", told)
    assert str({"backup": saved.key_file.stem}) in run.stdout, run.stderr


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


def test_that_it_was_put_back_is_found_by_the_witness_and_by_newer_heads(
    saved: Saved, restored: Path, key_file: Path, first_start: FirstStart, tmp_path: Path
) -> None:
    """Work went on after it was made, and is gone from the trail; every key is the right one."""
    for name in (key_file.name, "trail_key.pem"):
        shutil.copy(saved.source / "secrets" / name, restored / "secrets" / name)
    secret = password_file(tmp_path, "kansa", first_start.accounts)
    acting = ("--as", "kansa", "--password-file", secret)
    with outside.witness(tmp_path / "witness") as witness:
        of_both = {"DAICHO_TRAIL_WITNESSES": witness.address}
        for data, name in ((saved.source, "newer"), (restored, "now")):
            run = call("export-trail", tmp_path / name, "--data", data, *acting, **of_both)
            assert run.returncode == 0, run.stderr
            assert ("trail_head_refused" in run.stderr) is (data == restored)
    ((_, page),) = json.loads(witness.book.read_text())["trails"].items()
    assert page["refused"][0]["code"] in ("smaller", "fork")
    newer = tmp_path / "newer" / "heads.json"
    assert verified(newer.parent, "--witness", witness.key)[0] == 0
    assert verified(tmp_path / "now")[0] == 0, "by itself it is whole: it was so once"
    code, told = verified(tmp_path / "now", "--older", newer)
    assert (code, "不一致" in told) == (1, True), told


def test_a_folder_that_holds_anything_is_left_alone(saved: Saved, tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("keep me")
    assert "空ではありません" in refused("restore", saved.file, "--data", tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


def test_a_file_that_is_not_there_is_not_called_broken(tmp_path: Path) -> None:
    said = refused("restore", tmp_path / "nowhere.tar", "--data", tmp_path / "var")
    assert "ありません" in said
    assert "壊れて" not in said


def half(body: bytes) -> bytes:
    return body[: len(body) // 2]


def nothing(_body: bytes) -> bytes:
    return b""


def a_bit_at(place: int) -> Callable[[bytes], bytes]:
    return lambda body: body[:place] + bytes([body[place] ^ 1]) + body[place + 1 :]


def without_the_last_frame(body: bytes) -> bytes:
    at = len(sealed.MAGIC)
    (length,) = frames.LENGTH.unpack(body[at : at + 4])
    at += 4 + length
    while True:
        is_last, length = frames.FRAME.unpack(body[at : at + frames.FRAME.size])
        if is_last:
            return body[:at]
        at += frames.FRAME.size + length


NOT_OPENED = "途中で切れているか、書き換えられています"


@pytest.mark.parametrize(
    ("damage", "part", "because"),
    [
        (half, NOT_OPENED, "half of it was copied"),
        (without_the_last_frame, NOT_OPENED, "its end is cut off between two frames"),
        (lambda body: body + b"\0", NOT_OPENED, "something was hung on"),
        (a_bit_at(80_000), NOT_OPENED, "one bit has turned"),
        (
            lambda body: body.replace(b'"version"', b'"Version"', 1),
            NOT_OPENED,
            "its header differs",
        ),
        (a_bit_at(3), "壊れています", "it does not begin as a backup"),
        (nothing, "壊れています", "nothing was copied"),
    ],
)
def test_a_damaged_file_makes_nothing(
    saved: Saved, tmp_path: Path, damage: Callable[[bytes], bytes], part: str, because: str
) -> None:
    (tmp_path / "bad").write_bytes(damage(saved.file.read_bytes()))
    words = ("restore", tmp_path / "bad", "--data", tmp_path / "var", "--key", saved.key_file)
    assert part in refused(*words), because
    assert not (tmp_path / "var").exists()


def other_bytes(saved: Saved, folder: Path) -> Path:
    """A key that says it is of this backup, and is not."""
    file = folder / "other.json"
    body = json.loads(saved.key_file.read_text())
    file.write_text(json.dumps({**body, "key": f"AAAA{body['key'][4:]}"}))
    file.chmod(0o600)
    return file


def of_another(saved: Saved, folder: Path) -> Path:
    file = folder / "another.json"
    body = json.loads(saved.key_file.read_text())
    file.write_text(json.dumps({**body, "backup": "20200101-000000-00000000"}))
    file.chmod(0o600)
    return file


def open_to_all(saved: Saved, folder: Path) -> Path:
    file = Path(shutil.copy(saved.key_file, folder / "open.json"))
    file.chmod(0o644)
    return file


def no_key(_saved: Saved, folder: Path) -> Path:
    (folder / "letter.json").write_text("{}")
    (folder / "letter.json").chmod(0o600)
    return folder / "letter.json"


@pytest.mark.parametrize(
    ("key_of", "part"),
    [
        (other_bytes, "鍵が違うか"),
        (of_another, "別の控えの鍵です"),
        (open_to_all, "chmod 600"),
        (no_key, "控えの鍵ではない"),
        (lambda _saved, folder: folder / "nowhere.json", "ありません"),
    ],
)
def test_a_wrong_key_is_told_and_nothing_is_made(
    saved: Saved, tmp_path: Path, key_of: Callable[[Saved, Path], Path], part: str
) -> None:
    key_file = key_of(saved, tmp_path)
    words = ("restore", saved.file, "--data", tmp_path / "var", "--key", key_file)
    said = refused(*words)
    assert part in said
    assert "何も戻していません" in said
    assert not (tmp_path / "var").exists()


def test_tables_that_differ_from_the_manifest_leave_nothing(saved: Saved, tmp_path: Path) -> None:
    """The key is found among those of the installation that is asked for its data."""
    manifest, dump = backups.inside(saved.file, saved.key)
    rows, digest = manifest["tables"]["access_trail"]
    manifest["tables"] = {**manifest["tables"], "access_trail": (rows + 1, digest)}
    backups.seal(tmp_path / "other", saved.key, manifest, dump)
    run = call(
        "restore", tmp_path / "other", "--data", tmp_path / "var", DAICHO_DATA=str(saved.source)
    )
    assert run.returncode == 1
    assert "access_trail" in run.stderr
    assert list((tmp_path / "var").iterdir()) == []


def test_one_from_before_there_were_keys_is_restored_with_a_warning(
    saved: Saved, tmp_path: Path
) -> None:
    file, data = tmp_path / "old.tar", tmp_path / "var"
    backups.unsealed(file, *backups.inside(saved.file, saved.key))
    run = call("restore", file, "--data", data)
    assert run.returncode == 0, run.stderr
    assert "封をしていない以前の控え" in run.stderr
    assert "同じ中身であることを確かめました" in run.stdout
    for damage, part in (
        (half, "壊れています"),
        (a_bit_at(80_000), "書き出したときと違います"),
    ):
        (tmp_path / "bad.tar").write_bytes(damage(file.read_bytes()))
        assert part in refused("restore", tmp_path / "bad.tar", "--data", tmp_path / "new")
    assert not (tmp_path / "new").exists()


def test_no_backup_is_written_among_the_keys(saved: Saved) -> None:
    said = refused("backup", saved.key_file.parent / "x", "--data", saved.source)
    assert "控えの鍵のフォルダーです" in said
    assert backups.keys_of(saved.source) == [saved.key_file], "no key was made for it"

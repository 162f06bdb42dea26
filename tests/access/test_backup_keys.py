"""控えの鍵: kept, read and destroyed; and what of the backups is left by them and the trail."""

import json
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from pytest_django import Settings

from backups import of_the_backups, one_was_made
from daicho.access import clock
from daicho.access.backup_keys import files, steps
from daicho.access.backup_keys.files import KeyTrouble
from daicho.access.backup_keys.standing import Left, standing
from daicho.access.models import Trail
from daicho.access.permits import look

DAY = datetime(2026, 11, 22, 23, 35, 7, tzinfo=clock.TOKYO)


@pytest.fixture
def folder(tmp_path: Path, settings: Settings) -> Path:
    settings.BACKUP_KEY_FOLDER = str(tmp_path / "keys")
    return tmp_path / "keys"


def left(folder: Path) -> Left:
    return standing(folder).until(clock.now() + timedelta(minutes=1))


def test_a_key_is_for_its_owner_alone_and_read_as_it_was_made(tmp_path: Path) -> None:
    with clock.fixed(DAY):
        one, other = files.make(tmp_path / "keys"), files.make(tmp_path / "keys")
    assert one.key != other.key
    assert one.backup_id.startswith("20261122-233507-")
    assert files.made_at(one.backup_id) == DAY
    file = files.file_of(tmp_path / "keys", one.backup_id)
    assert (file.stat().st_mode & 0o777, file.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    assert files.load(file, one.backup_id) == one
    assert str(one.key) not in repr(one)
    assert dict(files.kept(tmp_path / "keys")) == {one.backup_id: DAY, other.backup_id: DAY}


def test_a_destroyed_key_is_gone_and_was_overwritten(tmp_path: Path) -> None:
    made = files.make(tmp_path)
    file = files.file_of(tmp_path, made.backup_id)
    beside = tmp_path / "beside"
    beside.hardlink_to(file)  # the same bytes on the disk
    before = beside.read_bytes()
    files.destroy(tmp_path, made.backup_id)
    assert not file.exists()
    after = beside.read_bytes()
    assert len(after) == len(before)
    assert json.loads(before)["key"].encode() not in after


@pytest.mark.parametrize(
    "name", ["", "x", "../20261122-233507-00000000", "20261322-233507-00000000"]
)
def test_what_is_no_id_is_none(tmp_path: Path, name: str) -> None:
    assert files.made_at(name) is None
    with pytest.raises(AssertionError):
        files.file_of(tmp_path, name)


def test_other_files_are_no_keys(tmp_path: Path) -> None:
    (tmp_path / "letter.json").write_text("{}")
    assert dict(files.kept(tmp_path)) == {}
    assert dict(files.kept(tmp_path / "nowhere")) == {}
    assert dict(files.kept(None)) == {}


@pytest.mark.parametrize(
    ("text", "part"),
    [("{", "壊れています"), ("[]", "壊れています"), ('{"backup": "x", "key": "AAAA"}', "壊れて")],
)
def test_a_damaged_key_is_told(tmp_path: Path, text: str, part: str) -> None:
    file = tmp_path / "key.json"
    file.write_text(text)
    file.chmod(0o600)
    with pytest.raises(KeyTrouble, match=part):
        files.load(file, "20261122-233507-00000000")


@pytest.mark.django_db
def test_without_a_place_nothing_is_begun(settings: Settings) -> None:
    settings.BACKUP_KEY_FOLDER = ""
    with pytest.raises(KeyTrouble, match="DAICHO_BACKUP_KEY_FOLDER"):
        steps.begin(of_the_backups())
    assert not Trail.objects.filter(event="backup").exists()


@pytest.mark.django_db
def test_what_is_left_is_told_by_the_keys_and_the_trail(folder: Path) -> None:
    assert left(folder) == Left(0, None, 0)
    one, other = steps.begin(of_the_backups()), steps.begin(of_the_backups())
    newest = max(files.kept(folder).values())
    assert left(folder) == Left(2, newest, 0)
    assert standing(folder).until(newest - timedelta(seconds=1)) == Left(0, None, 0)
    assert left(folder / "another") == Left(0, None, 2), "the keys are elsewhere"
    steps.destroy(of_the_backups(), one.backup_id, "system")
    assert left(folder).here_count == 1
    steps.give_up(of_the_backups(), other.backup_id)
    assert left(folder) == Left(0, None, 0)
    one_was_made()
    assert left(folder) == Left(0, None, 1)


@pytest.mark.django_db
def test_a_destruction_that_was_cut_off_is_completed_by_the_same_step(folder: Path) -> None:
    made = steps.begin(of_the_backups())
    detail = {"backup": made.backup_id, "operator": "system", "what": "closed"}
    look(of_the_backups(), steps.DESTROYED, "backup_keys.destroy", detail=detail)
    files.destroy(folder, made.backup_id)
    assert left(folder) == Left(0, None, 1), "nobody has told of its end"
    steps.destroy(of_the_backups(), made.backup_id, "system")
    assert left(folder) == Left(0, None, 0)
    with pytest.raises(KeyTrouble, match="ありません"):
        steps.destroy(of_the_backups(), made.backup_id, "system")

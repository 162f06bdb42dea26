"""控えの鍵: kept, read and destroyed; and what of the backups is left by them and the trail."""

import errno
import json
import os
import tracemalloc
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError, connection
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
    [
        ("{", "壊れています"),
        ("[]", "壊れています"),
        ("[" * 4000, "壊れています"),
        ('{"backup": "x", "key": "AAAA"}', "壊れて"),
    ],
)
def test_a_damaged_key_is_told(tmp_path: Path, text: str, part: str) -> None:
    file = tmp_path / "key.json"
    file.write_text(text)
    file.chmod(0o600)
    with pytest.raises(KeyTrouble, match=part):
        files.load(file, "20261122-233507-00000000")


def test_whoever_gives_the_backup_for_its_key_is_told_so(tmp_path: Path) -> None:
    """A backup may be larger than the memory."""
    file = tmp_path / "saved"
    file.touch(0o600)
    os.truncate(file, 256 * 1024 * 1024)
    tracemalloc.start()
    try:
        with pytest.raises(KeyTrouble, match="控えの鍵ではない"):
            files.load(file, "20261122-233507-00000000")
        assert tracemalloc.get_traced_memory()[1] < 1024 * 1024
    finally:
        tracemalloc.stop()


def test_a_key_that_found_no_room_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_handle: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        files.make(tmp_path)
    assert list(tmp_path.iterdir()) == [], "it would count as the key of a backup"


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
    first, newest = Trail.objects.filter(event="backup").order_by("id").values_list("at", flat=True)
    assert left(folder) == Left(2, newest, 0)
    assert standing(folder).until(first - timedelta(seconds=1)) == Left(0, None, 0)
    assert left(folder / "another") == Left(0, None, 2), "the keys are elsewhere"
    steps.destroy(of_the_backups(), one.backup_id, "system")
    assert left(folder).here_count == 1
    steps.give_up(of_the_backups(), other.backup_id)
    assert left(folder) == Left(0, None, 0)
    one_was_made()
    assert left(folder) == Left(0, None, 1)


@pytest.mark.django_db
@pytest.mark.parametrize("ahead", [timedelta(0), timedelta(hours=-1), timedelta(hours=1)])
def test_before_and_after_are_told_by_the_clock_of_the_trail(
    folder: Path, ahead: timedelta
) -> None:
    """A moment of disposal is of that clock too. An id counts seconds, by the clock of whoever made
    the backup, which may be another machine's."""
    with clock.fixed(clock.now() + ahead):
        older, newer = steps.begin(of_the_backups()), steps.begin(of_the_backups())
    rows = Trail.objects.filter(event="backup").order_by("id").values_list("at", flat=True)
    before, after = rows
    between = before + (after - before) / 2
    assert standing(folder).until(between) == Left(1, before, 0)
    steps.destroy(of_the_backups(), older.backup_id, "system")
    assert standing(folder).until(between) == Left(0, None, 0)
    assert standing(folder).until(after) == Left(1, after, 0)
    assert list(files.kept(folder)) == [newer.backup_id]


@pytest.mark.django_db
def test_what_cannot_be_trailed_as_given_up_keeps_its_key(folder: Path) -> None:
    """Else nobody could ever tell of its end: the step that completes it asks for the key."""

    def away(_execute: Any, *_: Any) -> None:
        raise OperationalError("the server is gone")

    made = steps.begin(of_the_backups())
    with connection.execute_wrapper(away), pytest.raises(OperationalError):
        steps.give_up(of_the_backups(), made.backup_id)
    assert left(folder).here_count == 1
    steps.destroy(of_the_backups(), made.backup_id, "system")
    assert left(folder) == Left(0, None, 0)


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

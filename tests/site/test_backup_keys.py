"""控えの鍵: a backup that was cut off leaves nothing, and one whose key is destroyed is over."""

import errno
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest

import backups
from daicho.site import embedded
from daicho.site.database import archive
from daicho.site.trouble import Trouble
from processes import WAIT_SECONDS_MAX, FirstStart, bare_environment, call

# Whoever waits for this lock is pg_dump: no command of ours reads that table.
HELD = "LOCK TABLE register_remark IN ACCESS EXCLUSIVE MODE"
WAITING = """
    SELECT pid FROM pg_stat_activity
    WHERE application_name = 'pg_dump' AND wait_event_type = 'Lock'"""
TOLD = """
    SELECT event, detail FROM access_trail
    WHERE event IN ('backup', 'backup_key_destroyed') ORDER BY id"""

Connection = psycopg.Connection[tuple[Any, ...]]


@pytest.fixture
def data(first_start: FirstStart, tmp_path: Path) -> Path:
    """A data folder of this test's own, with the operators of a demo."""
    return first_start.copied(tmp_path)


@contextmanager
def begun(
    data: Path, file: Path
) -> "Iterator[tuple[subprocess.Popen[str], embedded.Server, int, Connection]]":
    """A backup that has written its beginning and waits for a table; its server, the process of the
    server that works for pg_dump, and who holds the table."""
    with (
        embedded.running(data, "test") as server,
        psycopg.connect(server.url("daicho")) as holding,
        psycopg.connect(server.url("daicho"), autocommit=True) as looking,
    ):
        holding.execute(HELD)
        with subprocess.Popen(
            [sys.executable, "-P", "-m", "daicho", "backup", file, "--data", data],
            env=bare_environment(),
            stderr=subprocess.PIPE,
            text=True,
        ) as process:
            until = time.monotonic() + WAIT_SECONDS_MAX
            while (row := looking.execute(WAITING).fetchone()) is None:
                assert process.poll() is None, "it ended"
                assert time.monotonic() < until, "it never came to the table"
                time.sleep(0.05)
            yield process, server, int(row[0]), holding


def told(server: embedded.Server) -> list[tuple[str, dict[str, str]]]:
    with psycopg.connect(server.url("daicho")) as connection:
        return [(str(event), dict(detail)) for event, detail in connection.execute(TOLD)]


def test_a_killed_backup_leaves_no_file_and_a_key_of_nothing(data: Path, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    with begun(data, folder / "cut.off") as (process, server, _, _):
        assert list(folder.iterdir()) == [], "it has no name yet"
        process.send_signal(signal.SIGKILL)
        process.wait(WAIT_SECONDS_MAX)
        assert list(folder.iterdir()) == []
        ((event, detail),) = told(server)
    (key_file,) = backups.keys_of(data)
    assert (event, detail) == ("backup", {"backup": key_file.stem})
    run = call("backup", folder / "whole", "--data", data)
    assert run.returncode == 0, run.stderr
    assert len(backups.keys_of(data)) == 2, "each backup has a key of its own"


def test_a_backup_that_fails_takes_its_key_along_and_says_so(data: Path, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    with begun(data, folder / "failed") as (process, server, pid, _):
        with psycopg.connect(server.url("daicho")) as superuser:
            superuser.execute("SELECT pg_terminate_backend(%s)", [pid])
        said = process.communicate(timeout=WAIT_SECONDS_MAX)[1]
        assert process.returncode == 1, said
        assert "pg_dump が失敗しました" in said
        assert "Traceback" not in said
        (event, made), (ended, detail) = told(server)
    assert (event, ended) == ("backup", "backup_key_destroyed")
    assert detail == {**made, "what": "discarded"}
    assert list(folder.iterdir()) == []
    assert backups.keys_of(data) == []


def test_a_backup_whose_name_was_taken_meanwhile_takes_its_key_along(
    data: Path, tmp_path: Path
) -> None:
    file = tmp_path / "saved"
    with begun(data, file) as (process, server, _, holding):
        file.write_bytes(b"theirs")
        holding.rollback()
        said = process.communicate(timeout=WAIT_SECONDS_MAX)[1]
        assert "もうあります" in said
        (_, made), (ended, detail) = told(server)
    assert (ended, detail) == ("backup_key_destroyed", {**made, "what": "discarded"})
    assert backups.keys_of(data) == [], "it opens nothing"
    assert file.read_bytes() == b"theirs"


def test_who_destroys_the_key_ends_the_backup_with_all_its_copies(
    data: Path, tmp_path: Path
) -> None:
    file = tmp_path / "saved"
    run = call("backup", file, "--data", data)
    assert run.returncode == 0, run.stderr
    (key_file,) = backups.keys_of(data)
    number = key_file.stem
    manage = ("manage", "--data", data, "backup_keys")
    shown = call(*manage, "show").stdout
    assert f"{number}\t令和" in shown
    assert "日まで" in shown
    for words, part in (
        ((number,), "--by"),
        ((number, "--by", "nobody"), "いないか、終わっています"),
        (("20200101-000000-00000000", "--by", "unyo"), "にありません"),
        (("../../installation", "--by", "unyo"), "にありません"),
    ):
        wrong = call(*manage, "destroy", *words)
        assert (wrong.returncode, part in wrong.stderr) == (1, True), wrong.stderr
    assert backups.keys_of(data) == [key_file]
    done = call(*manage, "destroy", number, "--by", "unyo")
    assert done.returncode == 0, done.stderr
    assert "鍵を廃棄しました" in done.stdout
    assert list(key_file.parent.iterdir()) == []
    again = call(*manage, "destroy", number, "--by", "unyo")
    assert "にありません" in again.stderr, "there is nothing to be destroyed"
    refused = call("restore", file, "--data", tmp_path / "new", DAICHO_DATA=str(data))
    assert refused.returncode == 1
    assert "鍵を廃棄した控えは、誰にも開けません" in refused.stderr
    assert number in refused.stderr
    assert not (tmp_path / "new").exists()
    with embedded.running(data, "test") as server:
        _, closed, destroyed = told(server)
    said = {"backup": number, "operator": "unyo"}
    assert closed == ("backup_key_destroyed", {**said, "what": "closed"})
    assert destroyed == ("backup_key_destroyed", {**said, "what": "destroyed"})


def test_a_place_for_the_keys_may_be_set(data: Path, tmp_path: Path) -> None:
    own = {"DAICHO_BACKUP_KEY_FOLDER": str(tmp_path / "keys")}
    run = call("backup", tmp_path / "saved", "--data", data, **own)
    assert run.returncode == 0, run.stderr
    assert backups.keys_of(data) == []
    (key_file,) = (tmp_path / "keys").iterdir()
    assert str(key_file) in run.stdout
    backups.inside(tmp_path / "saved", backups.key_in(key_file))


def on_a_share_without(monkeypatch: pytest.MonkeyPatch, *missing: str) -> None:
    """A file system that makes no files without a name, as many network shares, or no links."""
    opened = os.open

    def on_a_share(path: str, flags: int, mode: int = 0o777) -> int:
        if flags & os.O_TMPFILE == os.O_TMPFILE:
            raise OSError(errno.EOPNOTSUPP, "not supported")
        return opened(path, flags, mode)

    def no_link(*_: Any, **_to: Any) -> None:
        raise OSError(errno.EPERM, "not permitted")

    if "nameless" in missing:
        monkeypatch.setattr(os, "open", on_a_share)
    if "links" in missing:
        monkeypatch.setattr(os, "link", no_link)


@pytest.mark.parametrize("missing", [(), ("nameless",), ("nameless", "links")])
def test_a_file_has_its_name_once_it_is_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, missing: tuple[str, ...]
) -> None:
    on_a_share_without(monkeypatch, *missing)
    file = tmp_path / "saved"
    with archive.appearing(file) as part:
        part.write(b"half")
        assert not file.exists()
        assert all(one.name.startswith(".saved-") for one in tmp_path.iterdir())
    assert (file.read_bytes(), file.stat().st_mode & 0o777) == (b"half", 0o600)
    with pytest.raises(ZeroDivisionError), archive.appearing(tmp_path / "failed") as part:
        part.write(b"half" * (1 // 0))
    assert list(tmp_path.iterdir()) == [file]


@pytest.mark.parametrize("missing", [(), ("nameless",), ("nameless", "links")])
def test_a_file_that_came_meanwhile_is_not_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, missing: tuple[str, ...]
) -> None:
    on_a_share_without(monkeypatch, *missing)
    file = tmp_path / "saved"
    with pytest.raises(Trouble, match="もうあります"), archive.appearing(file):
        file.write_bytes(b"theirs")
    assert file.read_bytes() == b"theirs"
    assert list(tmp_path.iterdir()) == [file]

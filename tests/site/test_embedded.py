"""The embedded PostgreSQL: sound, private, and clear about what it will not do."""

import os
import shutil
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest

from daicho.site import embedded
from daicho.site.postgres import binaries, sockets, soundness, userns
from daicho.site.trouble import Trouble
from processes import postgres_processes


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[embedded.Server]:
    """One server for the tests that only look."""
    started = embedded.start(tmp_path_factory.mktemp("server"))
    yield started
    embedded.stop(started)


def refused(data: Path, *, durable: bool = True) -> str:
    with pytest.raises(Trouble) as trouble:
        embedded.start(data, durable=durable)
    return str(trouble.value)


def test_it_listens_on_a_private_socket_only(server: embedded.Server) -> None:
    with psycopg.connect(server.url()) as connection:
        row = connection.execute(
            "select current_setting('listen_addresses'), inet_server_addr()"
        ).fetchone()
    assert row == ("", None)
    assert server.socket_dir.stat().st_mode & 0o077 == 0


def test_its_files_are_for_the_owner_alone(server: embedded.Server) -> None:
    secret = server.data / "secrets" / "postgres"
    assert secret.read_text() == server.password
    for place in (secret, secret.parent, server.data / "postgres", server.data / "log"):
        assert place.stat().st_mode & 0o077 == 0, place
    assert server.password not in repr(server)


def test_it_never_runs_as_root(server: embedded.Server) -> None:
    # The superuser's own view through the server: the uid it believes it has.
    with psycopg.connect(server.url()) as connection:
        row = connection.execute("select pg_read_file('/proc/self/status')").fetchone()
    assert row is not None
    uid = next(line for line in str(row[0]).splitlines() if line.startswith("Uid:")).split()[1]
    assert uid != "0"


def test_the_terminal_reaches_the_owner_only(server: embedded.Server) -> None:
    assert os.getsid(server.pid) == server.pid


def test_a_password_is_needed(server: embedded.Server) -> None:
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(replace(server, password="guess").url()).close()


def test_a_url_survives_awkward_names(server: embedded.Server) -> None:
    awkward = "p@ss/wört?%"
    with psycopg.connect(server.url(), autocommit=True) as connection:
        connection.execute("create role \"a/b\" login password 'p@ss/wört?%'")
        connection.execute('create database "日本 &=" owner "a/b"')
    with psycopg.connect(server.url("日本 &=", "a/b", awkward)) as connection:
        row = connection.execute("select current_database(), current_user").fetchone()
    assert row == ("日本 &=", "a/b")


def test_no_value_of_a_statement_reaches_the_log(server: embedded.Server) -> None:
    person = "試験 花子"
    with psycopg.connect(server.url(), autocommit=True) as connection:
        connection.execute("create temporary table person (name text unique)")
        connection.execute("insert into person values (%s)", (person,))
        for statement in (
            "insert into person values ('試験 花子')",
            "select '試験 花子'::uuid",
            "select 試験 花子",
        ):
            with pytest.raises(psycopg.Error):
                connection.execute(statement)
    assert "花子" not in (server.data / "log" / "postgres.log").read_text()


def test_a_database_with_another_ctype_is_refused(server: embedded.Server) -> None:
    with psycopg.connect(server.url(), autocommit=True) as connection:
        connection.execute("create database blind template template0 locale 'C'")
        try:
            with pytest.raises(Trouble, match="blind"):
                soundness.check(server.url())
        finally:
            connection.execute("drop database blind")
    soundness.check(server.url())


def test_a_key_that_does_not_fit_is_explained(server: embedded.Server) -> None:
    with pytest.raises(Trouble, match="secrets"):
        soundness.check(replace(server, password="of another day").url())


def test_a_thread_may_not_start_it(tmp_path: Path) -> None:
    raised: list[BaseException] = []

    def attempt() -> None:
        try:
            embedded.start(tmp_path)
        except RuntimeError as refusal:
            raised.append(refusal)

    thread = threading.Thread(target=attempt)
    thread.start()
    thread.join()
    assert len(raised) == 1


def test_a_forked_copy_does_not_stop_its_parents_server(server: embedded.Server) -> None:
    child = os.fork()
    if child == 0:
        embedded.stop(server)
        os._exit(0)
    assert os.waitpid(child, 0)[1] == 0
    psycopg.connect(server.url()).close()


@pytest.mark.parametrize(
    ("version", "part", "because"),
    [
        ("16\n", "PostgreSQL 16", "an older program made it"),
        ("19\n", "PostgreSQL 19", "a newer program made it"),
        (None, "のデータではありません", "some other folder has the name"),
    ],
)
def test_another_version_is_named(
    tmp_path: Path, version: str | None, part: str, because: str
) -> None:
    (tmp_path / "postgres").mkdir()
    if version:
        (tmp_path / "postgres" / "PG_VERSION").write_text(version)
    assert part in refused(tmp_path), because


def test_real_data_never_runs_without_fsync(server: embedded.Server, tmp_path: Path) -> None:
    (tmp_path / "postgres").mkdir()
    shutil.copy(server.data / "postgres" / "PG_VERSION", tmp_path / "postgres")
    assert "本物のデータ" in refused(tmp_path, durable=False)


def test_a_lost_key_is_explained(tmp_path: Path) -> None:
    (tmp_path / "postgres").mkdir()
    (tmp_path / "postgres" / "PG_VERSION").write_text("18\n")
    assert "secrets" in refused(tmp_path)


def test_a_folder_of_somebody_else_is_refused(tmp_path: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root can give a folder away")
    (tmp_path / "postgres").mkdir()
    (tmp_path / "postgres" / "PG_VERSION").write_text("18\n")
    os.chown(tmp_path / "postgres", 4321, 4321)
    assert "uid 4321" in refused(tmp_path)


def test_a_first_start_that_was_killed_is_redone_over_a_stale_pid_file(tmp_path: Path) -> None:
    half = tmp_path / "postgres.new-killed"
    half.mkdir()
    (half / "PG_VERSION").write_text("18\n")
    server = embedded.start(tmp_path, durable=False)
    embedded.stop(server)
    # The number of a living process that is not PostgreSQL, as after a container's restart.
    (tmp_path / "postgres" / "postmaster.pid").write_text(f"{os.getpid()}\n{tmp_path}\n")
    server = embedded.start(tmp_path, durable=False)
    embedded.stop(server)
    assert not half.exists()
    assert postgres_processes(tmp_path) == []


def test_a_machine_without_the_programs_is_told_where_to_go(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "path", [str(tmp_path)])
    with pytest.raises(Trouble, match="DATABASE_URL"):
        binaries.folder()


def test_a_path_too_long_for_a_socket_gets_a_private_short_one(tmp_path: Path) -> None:
    deep = tmp_path / ("long" * 25)
    server = embedded.start(deep, durable=False)
    try:
        psycopg.connect(server.url()).close()
        assert deep not in server.socket_dir.parents
        assert server.socket_dir.parent.stat().st_mode & 0o077 == 0
    finally:
        embedded.stop(server)
        shutil.rmtree(server.socket_dir.parent)


def test_a_short_place_made_by_somebody_else_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    # a place of this run alone: what a killed run left behind is nobody's trap
    deep = Path("/", *["long"] * 30, uuid4().hex)
    trap = sockets.folder(deep, userns.identity()).parent
    shutil.rmtree(trap)
    trap.symlink_to(tmp_path / "elsewhere", target_is_directory=True)
    try:
        with pytest.raises(Trouble, match="別の利用者"):
            sockets.folder(deep, userns.identity())
    finally:
        trap.unlink()

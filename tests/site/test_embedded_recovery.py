"""The server ends with its owner, however that ends, and loses nothing that was committed."""

import os
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from daicho.site import embedded
from processes import (
    WAIT_SECONDS_MAX,
    postgres_processes,
    rest_of,
    start_writer,
    told,
    wait_for_end,
)


@pytest.fixture
def writer(data: Path) -> Iterator[subprocess.Popen[str]]:
    """An owner at work on `data`."""
    with start_writer(data) as process:
        yield process
        process.kill()


@pytest.fixture
def beginner(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """An owner at work on `tmp_path`, where there is nothing yet."""
    with start_writer(tmp_path) as process:
        yield process
        process.kill()


def kept(data: Path) -> int:
    """Start again, count the rows (which must be 1…n without a gap), stop."""
    server = embedded.start(data)
    try:
        with psycopg.connect(server.url()) as connection:
            row = connection.execute("select count(*), max(n) from kept").fetchone()
    finally:
        embedded.stop(server)
    assert row is not None
    assert row[0] == row[1]
    return int(row[0])


def test_ctrl_c_stops_the_server_cleanly(data: Path, writer: subprocess.Popen[str]) -> None:
    pidfd = os.pidfd_open(told(writer, 1)[0])
    os.killpg(writer.pid, signal.SIGINT)
    writer.wait(WAIT_SECONDS_MAX)
    assert wait_for_end(pidfd)
    assert "database system is shut down" in (data / "log" / "postgres.log").read_text()


def test_an_owner_killed_while_it_makes_the_cluster_leaves_a_folder_to_begin_in(
    tmp_path: Path, beginner: subprocess.Popen[str]
) -> None:
    assert beginner.stderr is not None
    assert "作っています" in beginner.stderr.readline()
    beginner.kill()
    beginner.wait(WAIT_SECONDS_MAX)
    server = embedded.start(tmp_path)
    try:
        psycopg.connect(server.url()).close()
    finally:
        embedded.stop(server)


def test_a_killed_owner_takes_its_server_along_and_loses_nothing(
    data: Path, writer: subprocess.Popen[str]
) -> None:
    server_pid, *_ = told(writer, 50)
    pidfd = os.pidfd_open(server_pid)
    writer.kill()
    acknowledged = rest_of(writer)
    assert wait_for_end(pidfd)
    assert postgres_processes(data) == []
    assert kept(data) >= max(acknowledged, default=49)


def test_everything_killed_at_once_recovers_with_every_committed_row(
    data: Path, writer: subprocess.Popen[str]
) -> None:
    server_pid, *_ = told(writer, 50)
    os.kill(server_pid, signal.SIGKILL)
    writer.kill()
    acknowledged = rest_of(writer)
    assert kept(data) >= max(acknowledged, default=49)
    log = (data / "log" / "postgres.log").read_text()
    assert "was not properly shut down" in log or "was interrupted" in log

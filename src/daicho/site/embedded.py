"""組み込みの PostgreSQL: our own server on a Unix socket, started with us and ended with us.

The first command to come becomes the server's owner (`owner.lock`), later ones are its guests.
Layout below the data folder: `postgres` the cluster, `secrets` its password, `socket`, `log`.
"""

import os
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from urllib.parse import quote

import psycopg

from daicho.site.postgres import cluster, owner, process, sockets, soundness, userns
from daicho.site.trouble import Trouble, on_disk, say

_PORT = "5432"
_PLAIN: Mapping[str, str] = MappingProxyType({})


def _shared_buffers() -> str:
    """A sixteenth of the machine's memory, from 128 MB to 1 GB: the keys of a million residents."""
    memory_mb = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20
    return f"{max(128, min(1024, memory_mb // 16))}MB"


# Given on the command line, so that they are this program's and not an old file's.
_SETTINGS = {
    "listen_addresses": "",
    "port": _PORT,
    "unix_socket_permissions": "0700",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "lc_messages": "C",
    "password_encryption": "scram-sha-256",
    "max_connections": "60",
    "shared_buffers": _shared_buffers(),
    # who searches after an import does not write its pages out
    "bgwriter_delay": "50ms",
    "bgwriter_lru_maxpages": "1000",
    "max_wal_size": "2GB",
    # No personal data in the log: no statements, no values, and no refusals of a statement.
    "logging_collector": "off",
    "log_destination": "stderr",
    "log_line_prefix": "%m [%p] ",
    "log_error_verbosity": "terse",
    "log_min_messages": "log",
    "log_min_error_statement": "panic",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
    "log_statement": "none",
    "log_min_duration_statement": "-1",
}
_NOT_DURABLE = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


@dataclass(frozen=True)
class Server:
    """動いているサーバー: where it listens and how its superuser signs in."""

    socket_dir: Path
    superuser: str
    password: str = field(repr=False)
    data: Path
    pid: int

    def url(
        self, database: str = "postgres", user: str | None = None, password: str | None = None
    ) -> str:
        """接続先: a libpq URL over the socket, percent-encoded; the superuser's without `user`."""
        if user is None:
            user, password = self.superuser, self.password
        login = quote(user, safe="") + (f":{quote(password, safe='')}" if password else "")
        host = quote(str(self.socket_dir), safe="")
        return f"postgresql://{login}@/{quote(database, safe='')}?host={host}&port={_PORT}"


def start(data: Path, *, durable: bool = True, settings: Mapping[str, str] = _PLAIN) -> Server:
    """サーバーを始める: make the cluster if there is none, recover it if it was cut off, wait.

    `data` is the data folder; `durable=False` is for tests and measurements only. The caller
    must be the folder's owner (`running` sees to that) and call from the main thread, because
    the server ends with the thread that started it.
    """
    if threading.current_thread() is not threading.main_thread():
        raise RuntimeError("the server ends with its thread: start it from the main one")
    data = data.resolve()
    who = userns.identity()
    sockets.wait_for_end(data / "postgres")
    place, password = cluster.ready(data, who, durable=durable)
    with on_disk(data):
        socket_dir = sockets.folder(data, who)
        log = process.log_file(data)
    chosen = {**_SETTINGS, "unix_socket_directories": str(socket_dir)}
    chosen |= ({} if durable else _NOT_DURABLE) | dict(settings)
    heard = log.stat().st_size
    pid = process.spawn(place, who, chosen, log)
    server = Server(socket_dir, cluster.SUPERUSER, password, data, pid)
    try:
        process.wait_ready(pid, place, log, heard)
        soundness.check(server.url())
    except BaseException:
        stop(server)
        raise
    return server


def stop(server: Server) -> None:
    """サーバーを終える: waits and reaps; nothing happens where it is not this process's own."""
    process.end(server.pid)


@contextmanager
def running(data: Path, command: str, settings: Mapping[str, str] = _PLAIN) -> Iterator[Server]:
    """サーバーを使う: as its owner, started and stopped here, or as the guest of the owner.

    `settings` are PostgreSQL's own, where it is started here.
    """
    data = data.resolve()
    began, told = time.monotonic(), False
    while True:
        with owner.claim(data, command) as claim:
            if claim is not None:
                with _owned(data, claim, settings) as server:
                    yield server
                return
        guest = _guest(data)
        if guest is not None:
            yield guest
            return
        if time.monotonic() - began > process.READY_SECONDS_MAX:
            raise _unreachable(data)
        if not told:
            say("別の処理が動かしているサーバーの準備を待っています…")
            told = True
        time.sleep(0.1)


@contextmanager
def _owned(data: Path, claim: owner.Claim, settings: Mapping[str, str]) -> Iterator[Server]:
    server = start(data, settings=settings)
    try:
        with on_disk(data):
            claim.announce(server.socket_dir, server.superuser, server.pid)
        yield server
    finally:
        stop(server)


def _guest(data: Path) -> Server | None:
    host = owner.read(data)
    secret = data / "secrets" / "postgres"
    if host is None or not host.socket_dir or not secret.exists():
        return None
    place = Path(host.socket_dir)
    server = Server(place, host.superuser, secret.read_text(), data, host.server_pid)
    try:
        psycopg.connect(server.url(), connect_timeout=5).close()
    except psycopg.OperationalError:
        return None
    owner.follow(data, host)
    return server


def _unreachable(data: Path) -> Trouble:
    host = owner.read(data)
    by = f"「{host.command}」（pid {host.pid}）" if host else "別の処理"
    return Trouble(
        f"{data} は{by}が使っていますが、そのサーバーにつながりません。"
        "その処理を終わらせてから、もう一度実行してください。"
    )

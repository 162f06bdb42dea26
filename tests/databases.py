"""The suite's own PostgreSQL: one server a run, a template made by `owner`, clones used by `app`.

Ordinary tests roll back inside a clone of their worker's (`scenes`). A test that needs real
commits, or a second process, gets a clone of its own (0.1 s), never a flush.
"""

import atexit
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from uuid import uuid4

import psycopg
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from daicho.site import embedded
from daicho.site.database import migrating, provisioning

TEMPLATE = provisioning.Names("daicho_test")
PASSWORDS = {which: f"test-{which}" for which in provisioning.WITH_SIGN_IN}
MEMORY = Path("/dev/shm")  # noqa: S108  a folder of its own is made there
MEMORY_BYTES_MIN = 6 << 30
VARIABLE = "DAICHO_TEST_SERVER"
"""The file in which the workers of one run read of its server."""


@dataclass(frozen=True)
class TestServer:
    """What a worker must know of the run's server."""

    __test__ = False

    superuser_url: str

    def url(self, database: str, which: str) -> str:
        """The address of a database for one of the template's roles, or for the superuser."""
        login = (
            {}
            if which == "superuser"
            else {"user": TEMPLATE.role(which), "password": PASSWORDS[which]}
        )
        return psycopg.conninfo.make_conninfo(self.superuser_url, dbname=database, **login)


def announce() -> None:
    """Say to the workers, which are started beside the server, where they will read of it."""
    ours = f"daicho-test-{os.getpid()}-"
    folder = Path(tempfile.mkdtemp(prefix=ours, dir=_fast_folder()))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    os.environ[VARIABLE] = str(folder / "server")


def _fast_folder() -> Path | None:
    """In memory, where there is room: hundreds of databases are made there, which on a disk cost
    ten times as much, and none outlives the run. What killed runs have left is taken away."""
    if not os.access(MEMORY, os.W_OK):
        return None
    for left in MEMORY.glob("daicho-test-*-*"):
        if not Path("/proc", left.name.split("-")[2]).exists():
            shutil.rmtree(left, ignore_errors=True)
    return MEMORY if shutil.disk_usage(MEMORY).free > MEMORY_BYTES_MIN else None


@cache
def the_server() -> TestServer:
    """The run's server, started by the run itself or by its controller: no worker has a test to
    run before that has told of it."""
    if VARIABLE not in os.environ:
        announce()
        start()
    return TestServer(Path(os.environ[VARIABLE]).read_text("ascii"))


def start() -> None:
    """Start the run's server where it was announced, with the template in it."""
    told = Path(os.environ[VARIABLE])
    # A plan must not depend on when the server came by and saw that a table is empty (`plans`).
    # A password that everybody knows need not cost as much as one that somebody is to guess.
    settings = {
        "max_connections": "100",
        "autovacuum": "off",
        "scram_iterations": "1",
        "shared_buffers": "128MB",
        "max_wal_size": "512MB",
    }
    server = embedded.start(told.parent, durable=False, settings=settings)
    atexit.register(embedded.stop, server)
    url = server.url()
    made = TestServer(url)
    provisioning.provision(url, made.url(TEMPLATE.database, "superuser"), TEMPLATE, PASSWORDS)
    point("owner", made.url(TEMPLATE.database, "owner"))
    point("default", made.url(TEMPLATE.database, "app"))
    migrating.bring_up_to_date()
    connections.close_all()
    told.write_text(url, "ascii")


def point(alias: str, url: str) -> None:
    """Aim one of Django's connections, in every thread, at another database."""
    connections[alias].close()
    _aim(alias, url)


def _aim(alias: str, url: str) -> None:
    parts = conninfo_to_dict(url)
    names = {"NAME": "dbname", "USER": "user", "PASSWORD": "password", "HOST": "host"}
    connections.settings[alias].update({key: parts[name] for key, name in names.items()})
    connections.settings[alias]["PORT"] = parts.get("port", "")


@dataclass(frozen=True)
class Place:
    """A database to work in; its connections stay open while the work is done elsewhere."""

    name: str
    held: dict[str, BaseDatabaseWrapper] = field(default_factory=dict)


def move(to: Place) -> Place:
    """Work there, as `app` and as `owner`; gives the place before, with its connections."""
    before = Place(str(connections.settings["default"]["NAME"]))
    for alias, which in (("default", "app"), ("owner", "owner")):
        before.held[alias] = connections[alias]
        # a dictionary of its own: that of the place before belongs to its connection
        connections.settings[alias] = dict(connections.settings[alias])
        _aim(alias, the_server().url(to.name, which))
        is_kept = alias in to.held
        its = to.held.pop(alias) if is_kept else connections.create_connection(alias)
        connections[alias] = its
    return before


def close(place: Place | None) -> None:
    """End the connections that are kept of a place."""
    for connection in place.held.values() if place else ():
        connection.close()


@contextmanager
def within(name: str) -> Iterator[None]:
    """Work in the database of that name; none of its connections is left."""
    before = move(Place(name))
    try:
        yield
    finally:
        connections.close_all()
        move(before)


@contextmanager
def clone(of: str = TEMPLATE.database, name: str = "") -> Iterator[str]:
    """A database of its own, made from one in which nobody works; gives its name."""
    name = name or f"clone_{uuid4().hex[:12]}"
    with psycopg.connect(the_server().superuser_url, autocommit=True) as connection:
        database = sql.Identifier(name)
        template = sql.Identifier(of)
        # copied as files, it costs half of what it costs to write every page into the log as well
        make = sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY")
        connection.execute(make.format(database, template))
        connection.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(database))
        for which in provisioning.WITH_SIGN_IN:
            role = sql.Identifier(TEMPLATE.role(which))
            connection.execute(
                sql.SQL("GRANT CONNECT, TEMPORARY ON DATABASE {} TO {}").format(database, role)
            )
        try:
            yield name
        finally:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(database))

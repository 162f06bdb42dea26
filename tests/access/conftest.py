"""Fixtures of the trail's proof: a server apart, for places wait for every transaction of a server.

In the run's own server other workers hold transactions open for as long as a test lasts, and no row
that was written meanwhile would have its place.
"""

import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from django.db import connections

import databases
import scenes
from access import auditing
from daicho.site import embedded
from daicho.site.database import provisioning
from daicho.site.postgres import binaries

if TYPE_CHECKING:
    from pytest_django import DjangoDbBlocker

STAGE, SEALED = "stage", "sealed"
Superuser = Callable[[], "psycopg.Connection[Any]"]


def _tool(name: str, *words: str, told: bytes = b"") -> bytes:
    done = subprocess.run(
        [str(binaries.folder() / name), *words], input=told, capture_output=True, check=True
    )
    return done.stdout


@contextmanager
def _server(folder: Path) -> Iterator[databases.TestServer]:
    """A server with the cast on a stage of its own, under the same roles as in the run's."""
    run = databases.the_server()
    stage = _tool("pg_dump", "--dbname", run.url(scenes.untouched("cast"), "superuser"))
    server = embedded.start(folder, durable=False, settings={"max_connections": "30"})
    try:
        apart = databases.TestServer(server.url())
        template = apart.url(databases.TEMPLATE.database, "superuser")
        provisioning.provision(server.url(), template, databases.TEMPLATE, databases.PASSWORDS)
        with psycopg.connect(server.url(), autocommit=True) as connection:
            connection.execute(
                f"CREATE DATABASE {STAGE} TEMPLATE template0 ENCODING 'UTF8'"
                " LOCALE_PROVIDER libc LOCALE 'C.UTF-8'"
            )
        words = ("--no-psqlrc", "--quiet", "--set", "ON_ERROR_STOP=1")
        _tool("psql", *words, apart.url(STAGE, "superuser"), told=stage)
        yield apart
    finally:
        embedded.stop(server)


@contextmanager
def _within(server: databases.TestServer, of: str) -> Iterator[str]:
    """Work there, in a database made of that one."""
    with ExitStack() as ending:
        patch = ending.enter_context(pytest.MonkeyPatch.context())
        patch.setattr(databases, "the_server", lambda: server)
        made = ending.enter_context(databases.clone(of))
        before = databases.move(databases.Place(made))
        try:
            yield made
        finally:
            connections.close_all()
            patch.undo()
            databases.move(before)


@pytest.fixture(scope="session")
def apart(
    django_db_setup: None,
    django_db_blocker: "DjangoDbBlocker",
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[databases.TestServer]:
    """The server apart."""
    with django_db_blocker.unblock(), _server(tmp_path_factory.mktemp("apart")) as server:
        yield server


@pytest.fixture(scope="session")
def handed_before(
    apart: databases.TestServer,
    django_db_blocker: "DjangoDbBlocker",
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Path]:
    """A trail under several heads stands in `SEALED`; gives what an auditor took home after the
    second one."""
    from daicho.access.proof import heads, sequencing

    with ExitStack() as ending:
        ending.enter_context(django_db_blocker.unblock())
        with _within(apart, STAGE) as name:
            for count in (300, 20):
                auditing.write(count)
                assert sequencing.catch_up() >= count
                assert heads.make() is not None
            taken = auditing.handed_over(tmp_path_factory.mktemp("before") / "older")
            auditing.write(5)
            assert sequencing.catch_up() == 6, "these, and the look of the auditor"
            assert heads.make() is not None
            connections.close_all()
            with psycopg.connect(apart.superuser_url, autocommit=True) as connection:
                connection.execute(f"CREATE DATABASE {SEALED} TEMPLATE {name}")
        yield taken


@pytest.fixture
def stage(apart: databases.TestServer, django_db_blocker: "DjangoDbBlocker") -> Iterator[str]:
    """A database there of this test's own, with the cast and no place given yet."""
    with django_db_blocker.unblock(), _within(apart, STAGE) as name:
        yield name


@dataclass(frozen=True)
class Sealed:
    """A trail under heads, in a database of this test's own, and what an auditor took home."""

    database: str
    older: Path

    @property
    def older_heads(self) -> str:
        return str(self.older / "heads.json")


@pytest.fixture
def sealed(
    apart: databases.TestServer, handed_before: Path, django_db_blocker: "DjangoDbBlocker"
) -> Iterator[Sealed]:
    with django_db_blocker.unblock(), _within(apart, SEALED) as name:
        yield Sealed(name, handed_before)


@pytest.fixture
def superuser(apart: databases.TestServer) -> Iterator[Superuser]:
    """Who may do everything: triggers do not stop him."""
    with ExitStack() as ending:

        def signed_in() -> "psycopg.Connection[Any]":
            name = str(connections.settings["default"]["NAME"])
            url = apart.url(name, "superuser")
            it = ending.enter_context(psycopg.connect(url, autocommit=True))
            it.execute("SET session_replication_role = replica")
            return it

        yield signed_in

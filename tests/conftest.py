"""Fixtures of the suite: its databases, its cast, its live counter."""

# Imports of models stand inside the fixtures: tests of the pure rings run without Django.
import gc
import os
import socket
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from pytest_django.plugin import blocking_manager_key

import databases
import scenes
from daicho.site.cli import OBJECTS_UNTIL_GARBAGE

if TYPE_CHECKING:
    from pytest_django import DjangoDbBlocker

    from people import Cast

SUITE = Path(__file__).parent
gc.set_threshold(OBJECTS_UNTIL_GARBAGE)  # of seven thousand tests much is loaded that stays


@pytest.hookimpl(wrapper=True)
def pytest_sessionstart(session: pytest.Session) -> Iterator[None]:
    """The controller of parallel workers starts the server that they share, while they collect."""
    config = session.config
    is_shared = getattr(config.option, "numprocesses", None) and not hasattr(config, "workerinput")
    if is_shared:
        databases.announce()
    yield
    if is_shared:
        with config.stash[blocking_manager_key].unblock():
            databases.start()


# Few tests that start processes of their own take long: first, so that no worker is left alone with
# them. The journeys last: a browser leaves an event loop running in its worker. Of them the short
# files come at the end.
_ORDER = {"site": 0, "roles": 0, "journeys": 2}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The files in an order in which workers end together."""
    items.sort(key=lambda item: _turn(item.path))


@cache
def _turn(file: Path) -> tuple[int, int]:
    turn = _ORDER.get(file.parent.name, 1)
    return turn, -file.stat().st_size if turn == max(_ORDER.values()) else 0


def pytest_collection_finish() -> None:
    """What is loaded now stays: nobody looks through it for garbage again and again."""
    gc.collect()
    gc.freeze()


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Each test works where the scene that it asks for stands."""
    if isinstance(item, pytest.Function):
        with item.config.stash[blocking_manager_key].unblock():
            scenes.turn_to(scenes.of(item.fixturenames))


@pytest.fixture(scope="session")
def vault_keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A key file of the run."""
    from daicho.vault import keys

    file = tmp_path_factory.mktemp("vault") / "keys.json"
    keys.create(file)
    return file


@pytest.fixture(scope="session")
def own_keys(vault_keys: Path, tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, str]:
    """The settings that name the keys of the run: of the vault, and of a demo's signer."""
    from daicho.access.proof import head_key
    from daicho.certificates import keys

    key, chain = keys.demo_files(tmp_path_factory.mktemp("signing"))
    # older than the days of November 2026 to which tests turn the clock, whenever they are run
    keys.ensure_demo(key, chain, "072036", "架空市", datetime(2026, 11, 1, tzinfo=UTC))
    trail_key = tmp_path_factory.mktemp("trail") / "key.pem"
    head_key.create(trail_key)
    return {
        "DAICHO_VAULT_KEY_FILE": str(vault_keys),
        "DAICHO_TRAIL_KEY_FILE": str(trail_key),
        "DAICHO_SIGNING_KEY": str(key),
        "DAICHO_SIGNING_CERT": str(chain),
    }


@pytest.fixture(scope="session")
def django_db_setup(
    django_db_blocker: "DjangoDbBlocker", own_keys: Mapping[str, str]
) -> Iterator[None]:
    """The databases of this worker, used as `app`."""
    from django.conf import settings

    settings.VAULT_KEY_FILE = own_keys["DAICHO_VAULT_KEY_FILE"]
    settings.TRAIL_KEY_FILE = own_keys["DAICHO_TRAIL_KEY_FILE"]
    settings.SIGNING_KEY_FILE = own_keys["DAICHO_SIGNING_KEY"]
    settings.SIGNING_CHAIN_FILE = own_keys["DAICHO_SIGNING_CERT"]
    with django_db_blocker.unblock(), scenes.opened():
        yield


@pytest.fixture
def cast(db: None) -> "Cast":
    """The cast, on stage; what a test changes of it is rolled back."""
    import beginnings

    return beginnings.cast_again() if scenes.is_set("cast") else beginnings.cast()


@pytest.fixture
def two_live_here(cast: "Cast") -> None:
    """花子 and her grown 太郎 are in the register."""
    assert scenes.is_set("two_live_here")


@pytest.fixture
def three_live_here(cast: "Cast") -> None:
    """花子, her grown 太郎 and the small 次郎 are in the register."""
    assert scenes.is_set("three_live_here")


@pytest.fixture
def few_live_here(cast: "Cast") -> None:
    """The few of `town.few` are in the register."""
    assert scenes.is_set("few_live_here")


@pytest.fixture
def durable(django_db_setup: None, django_db_blocker: "DjangoDbBlocker") -> Iterator[str]:
    """A database of this test's own, with real commits; gives its name."""
    with django_db_blocker.unblock(), databases.clone() as name, databases.within(name):
        yield name


@dataclass(frozen=True)
class Live:
    """A counter that answers at `url`, with the cast in its database."""

    url: str
    cast: "Cast"
    database: str
    log: Path


@dataclass(frozen=True)
class WebServer:
    """Where a web server answers, and the name of the database that it works in."""

    url: str
    database: str
    log: Path


@pytest.fixture(scope="session")
def web_server(
    django_db_setup: None,
    django_db_blocker: "DjangoDbBlocker",
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Callable[[Mapping[str, str]], WebServer]]:
    """Gives the product's own web server with these settings, as a process of its own.

    It remembers nothing that stands in its database, so it stays, and each test puts another
    database of the same name in the place of the one before.
    """
    from daicho.site import serving

    def started(settings: Mapping[str, str]) -> WebServer:
        name, log = f"live_{os.getpid()}_{len(servers)}", tmp_path_factory.mktemp("web") / "web.log"
        environment = {
            **os.environ,
            "DATABASE_URL": databases.the_server().url(name, "app"),
            "DAICHO_ROLE": "municipality",
            **settings,
            "DJANGO_SETTINGS_MODULE": "settings_for_counters",
            "PYTHONPATH": os.pathsep.join(filter(None, [str(SUITE), os.environ.get("PYTHONPATH")])),
        }
        listener = running.enter_context(socket.create_server(("127.0.0.1", 0)))
        with django_db_blocker.unblock(), databases.clone(name=name):  # which it looks at, at first
            running.enter_context(serving.web(listener, environment, log, workers=1))
        return WebServer(f"http://127.0.0.1:{listener.getsockname()[1]}", name, log)

    def found(settings: Mapping[str, str]) -> WebServer:
        key = tuple(sorted(settings.items()))
        if key not in servers:
            servers[key] = started(settings)
        return servers[key]

    servers: dict[tuple[tuple[str, str], ...], WebServer] = {}
    with ExitStack() as running:
        yield found


@pytest.fixture
def live(
    web_server: Callable[[Mapping[str, str]], WebServer],
    own_keys: Mapping[str, str],
    django_db_blocker: "DjangoDbBlocker",
) -> Iterator[Live]:
    """A counter with a database of this test's own, and the cast in it; a module that has other
    `own_keys` has another counter."""
    import beginnings

    server = web_server(own_keys)
    with (
        django_db_blocker.unblock(),
        databases.clone(scenes.untouched("cast"), server.database),
        databases.within(server.database),
    ):
        yield Live(server.url, beginnings.cast_again(), server.database, server.log)

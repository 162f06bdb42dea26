"""Fixtures of the suite: its database, its cast, its live counter."""

# Imports of models stand inside the fixtures: tests of the pure rings run without Django.
import os
import socket
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from pytest_django.plugin import blocking_manager_key

import databases

if TYPE_CHECKING:
    from pytest_django import DjangoDbBlocker

    from people import Cast


@pytest.hookimpl(trylast=True)
def pytest_configure(config: pytest.Config) -> None:
    # The controller of parallel workers starts the server, so that they share it.
    if getattr(config.option, "numprocesses", None) and not hasattr(config, "workerinput"):
        with config.stash[blocking_manager_key].unblock():
            databases.the_server()


# Few tests that start processes of their own take long: first, so that no worker is left alone with
# them. The journeys last: a browser leaves an event loop running in its worker.
_ORDER = {"site": 0, "roles": 0, "journeys": 2}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The files in an order in which workers end together."""
    items.sort(key=lambda item: _ORDER.get(item.path.parent.name, 1))


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
    from daicho.access import clock
    from daicho.certificates import keys

    key, chain = keys.demo_files(tmp_path_factory.mktemp("signing"))
    keys.ensure_demo(key, chain, "072036", "架空市", clock.now())
    return {
        "DAICHO_VAULT_KEY_FILE": str(vault_keys),
        "DAICHO_SIGNING_KEY": str(key),
        "DAICHO_SIGNING_CERT": str(chain),
    }


@pytest.fixture(scope="session")
def django_db_setup(
    django_db_blocker: "DjangoDbBlocker", own_keys: Mapping[str, str]
) -> Iterator[None]:
    """One clone of the template for this worker, used as `app`."""
    from django.conf import settings

    settings.VAULT_KEY_FILE = own_keys["DAICHO_VAULT_KEY_FILE"]
    settings.SIGNING_KEY_FILE = own_keys["DAICHO_SIGNING_KEY"]
    settings.SIGNING_CHAIN_FILE = own_keys["DAICHO_SIGNING_CERT"]
    with django_db_blocker.unblock(), databases.clone() as name:
        databases.use(name)
        yield


@pytest.fixture
def cast(db: None) -> "Cast":
    """The cast, on stage in a transaction that rolls back."""
    from people import cast_of

    return cast_of()


@pytest.fixture
def durable(django_db_setup: None, django_db_blocker: "DjangoDbBlocker") -> Iterator[str]:
    """A database of this test's own, with real commits; gives its name."""
    with django_db_blocker.unblock(), databases.clone() as name:
        before = databases.use(name)
        yield name
        databases.use(before)


@dataclass(frozen=True)
class Live:
    """A counter that answers at `url`, with the cast in its database."""

    url: str
    cast: "Cast"
    database: str
    log: Path


@pytest.fixture
def live(durable: str, own_keys: Mapping[str, str], tmp_path: Path) -> Iterator[Live]:
    """The product's own web server, as a process of its own, on a database of its own."""
    from daicho.site import serving
    from people import cast_of

    stage = cast_of()
    environment = {
        **os.environ,
        "DATABASE_URL": databases.the_server().url(durable, "app"),
        "DAICHO_ROLE": "municipality",
        **own_keys,
        "DJANGO_SETTINGS_MODULE": "daicho.site.settings",
    }
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        with serving.web(listener, environment, tmp_path / "web.log", workers=1):
            yield Live(url, stage, durable, tmp_path / "web.log")

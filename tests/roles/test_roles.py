"""Each real role starts from nothing, in a process of its own, and has what is its own."""

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import sql

import databases
from daicho.site import roles
from daicho.site.database import provisioning
from processes import environment

TELLING = Path(__file__).with_name("telling.py")
REAL = sorted(set(roles.NAMES) - {"test"})
Told = Mapping[str, Any]


@contextmanager
def _database(name: str) -> Iterator[Mapping[str, str]]:
    """A database made from nothing, with roles of its own; gives the addresses."""
    names = provisioning.Names(name)
    server = databases.the_server()
    provisioning.provision(
        server.superuser_url, server.url(name, "superuser"), names, databases.PASSWORDS
    )
    parts: dict[str, Any] = psycopg.conninfo.conninfo_to_dict(server.superuser_url)
    addresses = {
        which: psycopg.conninfo.make_conninfo(
            **{**parts, "dbname": name, "user": names.role(which), "password": password}
        )
        for which, password in databases.PASSWORDS.items()
    }
    try:
        yield addresses
    finally:
        with psycopg.connect(server.superuser_url, autocommit=True) as connection:
            ours = names.identifiers()
            connection.execute(sql.SQL("DROP DATABASE {name} WITH (FORCE)").format(**ours))
            for which in provisioning.ROLES:
                connection.execute(sql.SQL("DROP ROLE {}").format(ours[which]))


@pytest.fixture(scope="module", params=REAL)
def told(
    request: pytest.FixtureRequest, django_db_setup: None, own_keys: Mapping[str, str]
) -> Iterator[Told]:
    """What a process in the role `request.param` tells of itself."""
    role = request.param
    with _database(f"role_{role.replace('-', '_')}") as addresses:
        done = subprocess.run(
            [sys.executable, TELLING],
            env={
                **environment(),
                "DAICHO_ROLE": role,
                "DAICHO_MUNICIPALITY": "072036",
                "DAICHO_SECRET_KEY": "tests-only-" + "0" * 40,
                **own_keys,
                "DATABASE_URL": addresses["app"],
                "DATABASE_OWNER_URL": addresses["owner"],
                "DJANGO_SETTINGS_MODULE": "daicho.site.settings",
            },
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        assert done.returncode == 0, done.stderr[-3000:]
        yield json.loads(done.stdout)


def test_the_role_starts_and_every_check_passes(told: Told) -> None:
    assert told["role"] in REAL
    assert "daicho.E" not in told["checked"]


def test_its_addresses_are_those_of_its_page(told: Told) -> None:
    page = roles.load(told["role"])
    assert told["urls"] == [module for _, module in page.urls]
    assert {"/healthz", "/readyz", "/sign-in", told["home"]} <= set(told["resolved"])
    spaces = {name.partition(":")[0] for name in told["resolved"].values()}
    wanted = {module.split(".")[-2] for _, module in page.urls}
    assert spaces == wanted, "a screen of another role is in reach"


def test_its_templates_are_those_of_its_apps(told: Told) -> None:
    folders = {name.partition("/")[0] for name in told["templates"]}
    assert {"web", "entry", "console"} <= folders
    assert ("counter" in folders) == (told["role"] == "municipality")


def test_its_tables_are_those_of_its_apps(told: Told) -> None:
    labels = {table.partition("_")[0] for table in told["tables"]}
    assert {"access", "django"} <= labels
    has_register = any(table.startswith("register_") for table in told["tables"])
    assert has_register == (told["role"] == "municipality"), told["tables"]


def test_only_a_municipality_can_import_the_register(told: Told) -> None:
    if told["role"] == "municipality":
        assert told["register"] == ""
    else:
        assert told["register"] == "RuntimeError"
        loaded = [name for name in told["modules"] if name.startswith("daicho.web.counter")]
        assert not loaded, "the counter's screens are loaded where there is no counter"


def test_every_role_lets_go_what_it_keeps(told: Told) -> None:
    everywhere = {"trail", "outbox", "inbox"}
    of_residents = {"reception", "issue", "closed_record", "closed_five_years"}
    kinds, is_town = set(told["lets_go"]), told["role"] == "municipality"
    assert everywhere <= kinds
    assert kinds & of_residents == (of_residents if is_town else set())
    assert "/console/disposals/" in told["resolved"]

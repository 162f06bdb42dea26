"""Who waits at the counter is told in time; what a command does takes as long as it takes."""

import os
import subprocess
import sys
from collections.abc import Mapping

import psycopg
import pytest

import databases
from conftest import Live
from processes import Visitor, environment

SHOW = """
import sys
import django
if sys.argv[1] == "web":
    import daicho.site.wsgi
django.setup()
from django.db import connection
with connection.cursor() as cursor:
    for name in ("statement_timeout", "lock_timeout"):
        cursor.execute("SHOW " + name)
        print(*cursor.fetchone())
"""


@pytest.mark.durable
@pytest.mark.parametrize(
    ("who", "options", "shown", "because"),
    [
        ("web", "", ["15s", "5s"], "people wait for it"),
        ("command", "", ["0", "0"], "an import is not cut off"),
        ("web", " options='-c statement_timeout=40s'", ["40s", "5s"], "the address counts"),
    ],
)
def test_the_processes_that_serve_people_alone_have_time_limits(
    durable: str,
    own_keys: Mapping[str, str],
    who: str,
    options: str,
    shown: list[str],
    because: str,
) -> None:
    run = subprocess.run(
        [sys.executable, "-P", "-c", SHOW, who],
        env={
            **os.environ,
            **environment(),
            **own_keys,
            "DATABASE_URL": databases.the_server().url(durable, "app") + options,
            "DAICHO_ROLE": "municipality",
            "DJANGO_SETTINGS_MODULE": "daicho.site.settings",
        },
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert run.stdout.split() == shown, (because, run.stderr)


@pytest.mark.durable
def test_who_waits_too_long_for_a_lock_is_asked_to_send_again(live: Live) -> None:
    login = live.cast.clerk.login
    with psycopg.connect(databases.the_server().url(live.database, "owner")) as other:
        other.execute("LOCK TABLE access_operator IN ACCESS EXCLUSIVE MODE")
        _, page = Visitor(live.url).send("/sign-in", login=login, password="wrong")
    assert "もう一度送信してください" in page
    assert "記録されていません" in page

"""The web workers start wherever the command stands, also where its data are told relatively."""

import os
import socket
from collections.abc import Mapping
from pathlib import Path
from urllib.request import urlopen

import psycopg
import pytest

import databases
from daicho.site import serving


def test_a_log_told_relatively_is_found_by_the_workers(
    durable: str, own_keys: Mapping[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    environment = {
        **os.environ,
        "DATABASE_URL": databases.the_server().url(durable, "app"),
        "DAICHO_ROLE": "municipality",
        **own_keys,
        "DJANGO_SETTINGS_MODULE": "daicho.site.settings",
    }
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        with (
            serving.web(listener, environment, Path("log/web.log"), workers=1),
            urlopen(f"http://127.0.0.1:{port}/healthz") as answer,
        ):
            assert answer.status == 200
    assert list((tmp_path / "log" / "counters").iterdir()) != []
    with psycopg.connect(environment["DATABASE_URL"]) as connection:
        rows = connection.execute("SELECT event FROM access_trail WHERE door = 'serving'")
        assert sorted(rows) == [("serving_started",), ("serving_stopped",)]

"""守り: what a server behind HTTPS sends to every browser, and what no address of it does."""

import re
from collections.abc import Callable, Iterator
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest
from django.conf import settings
from django.core import checks
from django.test import Client, override_settings
from django.urls import reverse

import daicho
from daicho.web import asking
from daicho.web.entry import terminal
from people import Cast
from web.test_answers import POST_ONLY, ROUTES

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("by_the_pages")]

ComeIn = Callable[..., Client]
SETTINGS = Path(daicho.__file__).parent / "site" / "settings.py"
MACHINES = ("entry:healthz", "entry:readyz", "entry:metrics")


@pytest.fixture
def by_https(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[str]:
    """The product's settings of a server behind HTTPS are in force; gives their cookies' prefix."""
    leaked = tmp_path / "leaked.txt"
    leaked.write_text(f"{'0' * 40}:1\n", "ascii")
    monkeypatch.setenv("DAICHO_LEAKED_PASSWORDS", str(leaked))
    monkeypatch.setenv("DAICHO_HTTPS", "true")
    spec = spec_from_file_location("settings_behind_https", SETTINGS)
    assert spec is not None
    assert spec.loader is not None
    read = module_from_spec(spec)
    spec.loader.exec_module(read)
    cookies = ("COOKIE_", "SESSION_COOKIE_", "CSRF_COOKIE_")
    ours = (*cookies, "SECURE_", "X_FRAME_", "SILENCED_", "LEAKED_")
    said = {name: value for name, value in vars(read).items() if name.startswith(ours)}
    with override_settings(**said):
        yield str(read.COOKIE_PREFIX)


def test_djangos_checks_before_going_public_find_nothing(by_https: str) -> None:
    found = checks.run_checks(tags=[checks.Tags.security], include_deployment_checks=True)
    assert [one.id for one in found if not one.is_silenced()] == []
    assert settings.SILENCED_SYSTEM_CHECKS == ["security.W021"], "preloading alone: docs say why"


def test_the_checks_would_find_what_is_missing() -> None:
    found = checks.run_checks(tags=[checks.Tags.security], include_deployment_checks=True)
    missing = {"security.W004", "security.W008", "security.W012", "security.W016"}
    missing.add("daicho.W022")
    assert {str(one.id) for one in found} == missing, "without HTTPS and a list of what leaked"


def test_every_cookie_is_of_this_host_alone(cast: Cast, by_https: str) -> None:
    client = Client()
    client.get(reverse("entry:sign_in"), secure=True)
    typed = {"login": cast.clerk.login, "password": cast.clerk.password}
    assert client.post(reverse("entry:sign_in"), typed, secure=True).status_code == 302
    assert {settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME} == set(client.cookies)
    for name, cookie in client.cookies.items():
        assert name.startswith("__Host-"), name
        assert cookie["secure"], name
        assert cookie["httponly"], name
        assert (cookie["samesite"], cookie["path"], cookie["domain"]) == ("Strict", "/", ""), name
        assert len(name) + len(cookie.value) < 4096


def test_the_cookies_of_a_terminal_have_the_same_prefix(by_https: str) -> None:
    """They are named when the program starts."""
    assert by_https == "__Host-"
    source = (SETTINGS.parents[1] / "web" / "asking.py").read_text("utf-8")
    key = 'f"{settings.COOKIE_PREFIX}daicho_terminal_key{settings.COOKIE_SUFFIX}"'
    assert f"BROWSER_KEY = {key}" in source
    assert asking.BROWSER_KEY == "daicho_terminal_key", "the suite itself runs without HTTPS"
    assert terminal.REMEMBERED == "daicho_terminal"


def test_people_come_by_https_alone_and_machines_are_not_led_there(by_https: str) -> None:
    plain = Client().get(reverse("entry:sign_in"))
    assert plain.status_code == 301
    assert plain["Location"].startswith("https://")
    answer = Client().get(reverse("entry:sign_in"), secure=True)
    assert answer["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"
    for name in MACHINES:
        assert Client().get(reverse(name)).status_code == 200, name


def test_every_answer_says_what_it_is_and_is_for_our_own_pages(cast: Cast, come_in: ComeIn) -> None:
    client = come_in(cast.system_operator)
    for address in [*ROUTES.values(), "/nowhere", "/static/daicho/daicho.css", "/static/nothing"]:
        answer = client.get(address)
        assert re.match(r'text/.*charset="?utf-8|application/json', answer["Content-Type"]), address
        assert answer["Referrer-Policy"] == "same-origin", address
        assert answer["Cross-Origin-Opener-Policy"] == "same-origin", address
        assert "frame-ancestors 'none'" in answer["Content-Security-Policy"], address
        assert "object-src 'none'" in answer["Content-Security-Policy"], address
        assert "Access-Control-Allow-Origin" not in answer, address
        answer.close()


@pytest.mark.parametrize("method", ["TRACE", "DELETE"])
def test_no_address_knows_another_method(client: Client, method: str) -> None:
    for name, address in ROUTES.items():
        answer = client.generic(method, address)
        assert answer.status_code == 405, name
        assert method not in answer["Allow"], name
    assert client.generic(method, "/static/daicho/daicho.css").status_code == 405


def test_what_changes_something_is_no_link(cast: Cast, come_in: ComeIn) -> None:
    client = come_in(cast.system_operator)
    for name in POST_ONLY:
        assert client.get(ROUTES[name]).status_code == 405, name


@pytest.mark.parametrize(
    "address",
    [
        "/static/",
        "/static/daicho/",
        "/static/daicho/../../site/settings.py",
        "/.git/config",
        "/daicho",
    ],
)
def test_no_folder_and_no_source_is_served(client: Client, address: str) -> None:
    assert client.get(address).status_code == 404


@pytest.mark.parametrize(
    ("host", "options", "is_told", "because"),
    [
        ("", {}, False, "a socket where libpq looks for it"),
        ("/run/postgresql", {}, False, "a socket"),
        ("127.0.0.1", {}, False, "on no wire"),
        ("db.example", {}, True, "libpq would take a connection without TLS"),
        ("db.example", {"sslmode": "require"}, True, "encrypted, but with whom?"),
        ("db.example", {"sslmode": "verify-full"}, False, "encrypted with whom was named"),
        ("/run/postgresql,db.example", {}, True, "one of the two is far"),
    ],
)
def test_a_database_over_a_network_proves_itself(
    monkeypatch: pytest.MonkeyPatch, host: str, options: dict[str, str], is_told: bool, because: str
) -> None:
    named = {"default": {**settings.DATABASES["default"], "HOST": host, "OPTIONS": options}}
    monkeypatch.setattr(settings, "DATABASES", named)
    told = {one.id for one in checks.run_checks(tags=[checks.Tags.security])}
    assert ("daicho.W020" in told) is is_told, because

"""A browser without a screen: the HTTP client, and the steps by which a player comes in."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any, Protocol, cast
from uuid import UUID

import pytest
from django.http import HttpResponse
from django.test import Client, override_settings
from django.urls import reverse

import plans
from daicho.access import clock
from people import Cast, Player
from web import coming_in, directories
from web.desk import Desk, Opened, received


class SignIn(Protocol):
    def __call__(self, login: str, password: str, client: Client | None = None) -> HttpResponse: ...


@pytest.fixture
def browser() -> Client:
    """A client that, like a browser, gets an error page where the program fails."""
    return Client(raise_request_exception=False)


@pytest.fixture(autouse=True)
def found_by_an_index(request: pytest.FixtureRequest) -> Iterator[None]:
    """No page reads a table through that grows with the town."""
    if request.node.get_closest_marker("durable"):
        yield  # its connections are many, and none of them is in a transaction
        return
    request.getfixturevalue("db")
    with plans.watched():
        yield


@pytest.fixture
def try_sign_in(browser: Client) -> SignIn:
    """Type a login and a password and send them."""

    def sign_in(login: str, password: str, client: Client | None = None) -> HttpResponse:
        typed = {"login": login, "password": password}
        response = (client or browser).post(reverse("entry:sign_in"), typed)
        return cast(HttpResponse, response)

    return sign_in


@pytest.fixture
def by_the_pages() -> None:
    """Who asks for it comes in by the pages, for they are what is tested."""


@pytest.fixture
def come_in(browser: Client, request: pytest.FixtureRequest) -> Callable[..., Client]:
    """Sign a player in and sit them at their terminal."""
    is_page_by_page = "by_the_pages" in request.fixturenames

    def come(player: Player, client: Client | None = None) -> Client:
        client = client or browser
        if is_page_by_page or not coming_in.at_once(player, client):
            coming_in.by_the_pages(player, client)
        return client

    return come


@pytest.fixture
def in_november() -> Iterator[None]:
    """A day to which the days that are typed belong."""
    with clock.fixed(datetime(2026, 11, 22, 3, tzinfo=UTC)):
        yield


@pytest.fixture
def family(in_november: None, two_live_here: None) -> None:
    """花子 and her grown 太郎 live here."""


@pytest.fixture
def desk(family: None, cast: Cast, come_in: Callable[..., Client]) -> Opened:
    """A desk of the clerk: opened for a work, from a person's page or blank."""
    client = come_in(cast.clerk)

    def opened(work: str, record_id: UUID | None = None, basis: str = "notification") -> Desk:
        reception_id = received(cast.clerk, work, basis)
        more = [record_id] if record_id else []
        return Desk(client, reverse("counter:change", args=[reception_id, *more]))

    return opened


@pytest.fixture
def provider() -> Iterator[directories.Provider]:
    """The city's own directory, as the settings name it."""
    made = directories.Provider()
    with directories.serving(made) as made.url:
        app: dict[str, Any] = {
            "provider_id": "directory",
            "name": "職員認証",
            "client_id": directories.CLIENT,
            "secret": directories.SECRET,
            "settings": {"server_url": made.url, "scope": ["openid", "profile"]},
        }
        made.configured = app
        providers = {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": [app]}}
        with override_settings(
            OIDC_SERVER=made.url, OIDC_NAME="職員認証", SOCIALACCOUNT_PROVIDERS=providers
        ):
            yield made

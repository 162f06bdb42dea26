"""A browser without a screen: the HTTP client, and the steps by which a player comes in."""

from collections.abc import Callable
from typing import Protocol, cast

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from people import Player


class SignIn(Protocol):
    def __call__(self, login: str, password: str, client: Client | None = None) -> HttpResponse: ...


@pytest.fixture
def browser() -> Client:
    """A client that, like a browser, gets an error page where the program fails."""
    return Client(raise_request_exception=False)


@pytest.fixture
def try_sign_in(browser: Client) -> SignIn:
    """Type a login and a password and send them."""

    def sign_in(login: str, password: str, client: Client | None = None) -> HttpResponse:
        typed = {"login": login, "password": password}
        response = (client or browser).post(reverse("entry:sign_in"), typed)
        return cast(HttpResponse, response)

    return sign_in


@pytest.fixture
def come_in(browser: Client, try_sign_in: SignIn) -> Callable[..., Client]:
    """Sign a player in and sit them at their terminal."""

    def come(player: Player, client: Client | None = None) -> Client:
        client = client or browser
        assert try_sign_in(player.login, player.password, client).status_code == 302
        chosen = client.post(reverse("entry:terminal"), {"terminal": player.terminal})
        assert chosen.status_code == 302
        return client

    return come

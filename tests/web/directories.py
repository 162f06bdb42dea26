"""A directory of a city on this machine (OpenID Connect), and the way there and back."""

import json
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any, cast
from urllib.parse import parse_qs, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from daicho.access import clock
from daicho.access.models import Trail

CLIENT, SECRET = "daicho", "made-up"


@dataclass
class Provider:
    """A directory on this machine: vouches for `said`, whoever asks."""

    url: str = ""
    algorithm: str = "RS256"
    said: dict[str, Any] = field(default_factory=dict)
    header: dict[str, Any] = field(default_factory=dict)
    is_rude: bool = False
    sends_on: str = ""  # the path from which it sends on to where the same would be answered
    issuer: str = ""  # whose directory it says it is, where that is not its own address
    asked: list[dict[str, str]] = field(default_factory=list)
    keys: dict[str, Any] = field(
        default_factory=lambda: {
            "RS256": rsa.generate_private_key(65_537, 2_048),
            "ES256": ec.generate_private_key(ec.SECP256R1()),
        }
    )
    signs_with: Any = None
    configured: dict[str, Any] = field(default_factory=dict)  # how our side knows it

    def configuration(self) -> dict[str, Any]:
        return {
            "issuer": self.issuer or self.url,
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token",
            "jwks_uri": f"{self.url}/keys",
            "userinfo_endpoint": f"{self.url}/nobody-asks",
            "token_endpoint_auth_methods_supported": ["client_secret_post"],
        }

    def key_set(self) -> dict[str, Any]:
        found = []
        for name, key in self.keys.items():
            algorithm = jwt.get_algorithm_by_name(name)
            jwk = cast("dict[str, Any]", json.loads(algorithm.to_jwk(key.public_key())))
            found.append({**jwk, "kid": name, "alg": name, "use": "sig"})
        return {"keys": found}

    def token(self) -> dict[str, Any]:
        now = int(clock.now().timestamp())
        claims = {"iss": self.url, "aud": CLIENT, "sub": "1", "iat": now, "exp": now + 60}
        key = self.signs_with or self.keys[self.algorithm]
        header = {"kid": self.algorithm, **self.header}
        signed = jwt.encode({**claims, **self.said}, key, self.algorithm, header)
        return {"access_token": "x", "token_type": "Bearer", "id_token": signed}


def _handler(provider: Provider) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def _answer(self, said: Any) -> None:
            body = json.dumps(said).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def _send_on(self) -> None:
            self.send_response(307)
            self.send_header("Location", f"{self.path}?again")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def do_GET(self) -> None:
            if self.path == provider.sends_on:
                self._send_on()
                return
            if provider.is_rude:
                self._answer([])
                return
            is_keys = self.path.startswith("/keys")
            self._answer(provider.key_set() if is_keys else provider.configuration())

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            if self.path == provider.sends_on:
                self._send_on()
                return
            provider.asked.append({name: one[0] for name, one in parse_qs(body).items()})
            self._answer(provider.token())

        def log_message(self, *_: object) -> None:
            """Nothing: a test tells what it saw."""

    return Handler


@contextmanager
def serving(provider: Provider, context: ssl.SSLContext | None = None) -> Iterator[str]:
    """The directory at an address of its own, over TLS where a context is given."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _handler(provider)) as server:
        if context is not None:
            server.socket = context.wrap_socket(server.socket, server_side=True)
        thread = Thread(target=server.serve_forever, args=[0.02])
        thread.start()
        scheme = "http" if context is None else "https"
        yield f"{scheme}://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join()


def leaves_for(client: Client, next_: str = "") -> dict[str, str]:
    """What the browser carries to the directory."""
    response = client.get(reverse("entry:directory"), {"next": next_} if next_ else {})
    assert response.status_code == 302, response.content.decode()
    return {name: one[0] for name, one in parse_qs(urlsplit(response["Location"]).query).items()}


def comes_back(client: Client, state: str) -> HttpResponse:
    typed = {"code": "c", "state": state, "_redir": ""}
    return cast(HttpResponse, client.get(reverse("entry:directory_back"), typed))


def vouched(client: Client, provider: Provider, login: str, **said: Any) -> HttpResponse:
    """Go there and come back; the directory says `login`, and what else is `said`."""
    carried = leaves_for(client)
    provider.said = {"preferred_username": login, "nonce": carried["nonce"], **said}
    return comes_back(client, carried["state"])


def assert_refused(response: HttpResponse, client: Client) -> None:
    assert response.status_code == 422
    assert "操作者IDかパスワードが違うか" in response.content.decode()
    assert client.get(reverse("entry:terminal")).status_code == 302
    assert Trail.objects.latest("id").event == "sign_in_failed"

"""What a person does with a second factor, through the HTTP client; and the rules of a test."""

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from html import unescape
from typing import Any, cast
from uuid import uuid4

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.http import HttpResponse
from django.test import Client, override_settings
from django.urls import reverse

from daicho.access import clock
from daicho.access.entering import leaves
from daicho.access.models import Trail
from daicho.law import packs
from people import Player
from web.authenticators import Key

PERIOD_SECONDS = 30
_OPTIONS = re.compile(r'data-options="([^"]+)"')
_SECRET = re.compile(r'<code class="secret">([A-Z2-7 ]+)</code>')
_CODE = re.compile(r"<li><code>(\d{8})</code></li>")


@contextmanager
def holding(**changed: Any) -> Iterator[None]:
    """The trial's rules of sign-in, but for what a test changes of them."""
    trial = packs.PACKS[packs.TRIAL]
    known = cast("dict[str, packs.Pack]", packs.PACKS)
    code = f"tested {uuid4()}"
    known[code] = replace(trial, code=code, sign_in=replace(trial.sign_in, **changed))
    try:
        with override_settings(POLICY_PACK=code):
            yield
    finally:
        del known[code]


def code_of(secret: str, steps: int = 0) -> str:
    """What a device with that secret shows, so many steps of time from now."""
    step = int(clock.now().timestamp()) // PERIOD_SECONDS + steps
    return str(format_hotp_value(hotp_value(secret, step)))


def at_localhost() -> Client:
    """A browser at the name for which authenticators are registered."""
    return Client(headers={"host": "localhost"}, raise_request_exception=False)


def page_of(response: HttpResponse) -> str:
    return response.content.decode()


def options_of(response: HttpResponse) -> Mapping[str, Any]:
    """What a page asks the authenticator."""
    found = _OPTIONS.search(page_of(response))
    assert found, page_of(response)
    return cast("Mapping[str, Any]", json.loads(unescape(found[1])))


def events(player: Player) -> list[str]:
    own = Trail.objects.filter(operator=player.operator).order_by("id")
    return list(own.values_list("event", flat=True))


@dataclass
class Person:
    """A player with a browser, and what they hold beside their password."""

    player: Player
    client: Client = field(default_factory=at_localhost)
    secret: str = ""
    codes: tuple[str, ...] = ()

    def post(self, name: str, typed: Mapping[str, str], *args: object) -> HttpResponse:
        return cast(HttpResponse, self.client.post(reverse(name, args=args), typed))

    def get(self, name: str, *args: object) -> HttpResponse:
        return cast(HttpResponse, self.client.get(reverse(name, args=args)))

    def types_password(self, password: str = "") -> HttpResponse:
        typed = {"login": self.player.login, "password": password or self.player.password}
        return self.post("entry:sign_in", typed)

    def types_code(self, code: str) -> HttpResponse:
        return self.post("entry:second_factor", {"code": code})

    def shows(self, key: Key, **said: Any) -> HttpResponse:
        """Ask the page what it wants, have the key answer, send that."""
        asked = options_of(self.get("entry:second_factor"))
        return self.post("entry:second_factor", {"answer": key.answers(asked, **said)})

    def sits_down(self) -> None:
        response = self.post("entry:terminal", {"terminal": self.player.terminal})
        assert response.status_code == 302

    def confirms(self) -> None:
        """By a recovery code, where there is a factor; the password alone is not enough then."""
        shown = {"code": self.codes[-1]} if self.codes else {"password": self.player.password}
        self.codes = self.codes[:-1]
        response = self.post("entry:confirm", shown)
        assert response.status_code == 302, page_of(response)

    def comes_in(self) -> "Person":
        """Sign in by password alone, sit down, and be asked once more."""
        assert self.types_password().status_code == 302
        self.sits_down()
        self.confirms()
        return self

    def is_in(self) -> bool:
        """Does a page of the counter open, or at least the choice of a terminal?"""
        response = self.get("entry:terminal")
        return response.status_code == 200

    def secret_on_page(self, where: str) -> str:
        found = _SECRET.search(page_of(self.get(f"entry:{where}_totp")))
        assert found
        return found[1].replace(" ", "")

    def registers_device(self, where: str = "factors") -> HttpResponse:
        self.secret = self.secret_on_page(where)
        response = self.post(f"entry:{where}_totp", {"code": code_of(self.secret, -1)})
        self.reads_codes(where)
        return response

    def reads_codes(self, where: str = "factors") -> None:
        response = self.get(f"entry:{where}_codes")
        if response.status_code == 200:
            self.codes = tuple(_CODE.findall(page_of(response)))

    def registers_key(self, key: Key, where: str = "factors", **said: Any) -> HttpResponse:
        asked = options_of(self.get(f"entry:{where}_key"))
        answer = key.registers(asked, **said)
        return self.post(f"entry:{where}_key", {"answer": answer, "name": "鍵"})

    def goes(self) -> None:
        self.post("entry:sign_out", {})


def with_device(player: Player) -> Person:
    """Somebody who has registered a device, and is outside."""
    person = Person(player).comes_in()
    assert person.registers_device().status_code == 302
    person.goes()
    return person


def with_key(player: Player, key: Key) -> Person:
    """Somebody who has registered an authenticator, and is outside."""
    person = Person(player).comes_in()
    assert person.registers_key(key).status_code == 302
    person.reads_codes()
    person.goes()
    return person


def give_leave(player: Player) -> None:
    leaves.give(None, player.operator, uuid4())


def stored(player: Player) -> str:
    """Everything that the library's table holds of a player, as text."""
    rows = Authenticator.objects.filter(user_id=player.operator.pk)
    return json.dumps([row.data for row in rows])

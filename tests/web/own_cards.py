"""試験用カードの持ち主: what the page's script does with a card file, done here."""

import json
import re
from base64 import b64decode, b64encode
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from typing import cast as cast_to
from uuid import UUID, uuid4

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.pbkdf2 import PBKDF2HMAC
from cryptography.hazmat.primitives.serialization import load_der_private_key
from django.conf import LazySettings
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from daicho.access import clock, trail
from daicho.access.models import OwnLogQuestion, Trail
from daicho.access.own_log import questions
from daicho.access.permits import permit, system_permit
from daicho.register import queries as register
from daicho.site.demo import cards
from people import Player
from web.desk import HANAKO, who

PIN = "4649"
SIGN_IN = "/my/sign-in"


@dataclass(frozen=True)
class Card:
    """A card file, opened with its PIN."""

    told: dict[str, Any]
    key: ec.EllipticCurvePrivateKey

    @property
    def serial(self) -> str:
        return str(self.told["serial"])

    def answers(self, page: HttpResponse, **other: str) -> dict[str, str]:
        """What a browser sends back to a page that asks."""
        text = page.content.decode()
        return {
            "challenge": _of(text, r'name="challenge" value="([^"]+)"'),
            "certificate": str(self.told["certificate"]),
            "signature": self.signs(b64decode(_of(text, r'data-message="([^"]+)"'))),
            **other,
        }

    def signs(self, message: bytes) -> str:
        r, s = decode_dss_signature(self.key.sign(message, ec.ECDSA(hashes.SHA256())))
        return b64encode(r.to_bytes(32) + s.to_bytes(32)).decode()


def switched_on(settings: LazySettings, data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The extension is on, and believes the authority of this folder."""
    monkeypatch.setattr(cards, "ITERATIONS", 1_000)  # so many are for whoever guesses
    settings.EXTENSIONS = "my-data-my-log"
    settings.RESIDENT_CA_FILE = str(data / "published" / "resident_ca.pem")


def made(data: Path, record_id: UUID, **more: int) -> Card:
    """A card of that resident, as the command makes it."""
    file = cards.make(data, record_id, PIN, **more)
    told = json.loads(file.read_text("ascii"))
    kdf = PBKDF2HMAC(hashes.SHA256(), 32, b64decode(told["salt"]), told["iterations"])
    locked = AESGCM(kdf.derive(PIN.encode()))
    key = load_der_private_key(
        locked.decrypt(b64decode(told["iv"]), b64decode(told["key"]), None), None
    )
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    return Card({**told, "serial": file.stem}, key)


def asked(client: Client) -> HttpResponse:
    """The page on which a card is shown."""
    page = cast_to(HttpResponse, client.get(SIGN_IN))
    assert page.status_code == 200
    return page


def shown(client: Client, card: Card, **other: str) -> HttpResponse:
    """The card is shown, and what the page answers."""
    typed = card.answers(asked(client), **other)
    return cast_to(HttpResponse, client.post(SIGN_IN, typed))


def come_in(card: Card, client: Client | None = None) -> Client:
    """Its holder is in."""
    client = client or Client()
    assert shown(client, card)["Location"] == reverse("resident:home")
    return client


def asked_why(player: Player, record_id: UUID) -> OwnLogQuestion:
    """A question about a look of that player, as it stands once it was asked."""
    row = looks_at(player, record_id)
    asking = system_permit("own_log", clock.today(), uuid4())
    questions.ask(asking, record_id, row, "なぜ見たのですか。")
    return OwnLogQuestion.objects.latest("id")


def speak(client: Client, language: str) -> None:
    client.post("/my/language", {"language": language, "from": "home"})


def _of(text: str, pattern: str) -> str:
    found = re.search(pattern, text)
    assert found, pattern
    return found[1]


def looks_at(player: Player, record_id: UUID, purpose: str = "inquiry.change") -> int:
    """The player opens a record; gives the row of the trail."""
    register.person(permit(player.acting(), purpose, clock.today()), record_id)
    return Trail.objects.filter(event="look").latest("id").pk


def trailed(player: Player, event: str, purpose: str, **more: object) -> int:
    """A use as the trail has it, of 花子."""
    with transaction.atomic():
        return trail.write(
            event,
            request_id=uuid4(),
            actor=player.acting(),
            purpose=purpose,
            record_ids=[who(HANAKO)],
            **more,  # type: ignore[arg-type]  # of trail.write
        )


def page(client: Client, address: str = "/my/") -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()

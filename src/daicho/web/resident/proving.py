"""本人の確認: what proves a person here. The one place that a reader of real cards takes over.

Today it is a test card: a file that the page opens with a PIN, in the browser, to sign a question.
The kiosk's card reader answers the same question with the same certificate profile.
"""

import secrets
from base64 import b64decode, b64encode
from dataclasses import dataclass
from uuid import UUID

from daicho.access.own_log import cards, certificates
from daicho.access.own_log.cards import Answer, Proved
from daicho.web.asking import Request
from daicho.web.resident import present

_TOKEN = "resident_asked"  # noqa: S105  the name of what is kept in the session
_CHARS_MAX = 12_000  # of a certificate in base 64


@dataclass(frozen=True)
class Asked:
    """問い: as the page holds it: its number, and what is to be signed, in base 64."""

    challenge_id: UUID
    message: str


def ask(request: Request) -> Asked:
    """問う: this session, anew each time the page is opened."""
    token = secrets.token_urlsafe(32)
    request.session[_TOKEN] = token
    asked = cards.ask(token)
    return Asked(asked.challenge_id, b64encode(certificates.CONTEXT + asked.nonce).decode())


def person(request: Request) -> Proved:
    """本人: whose record, by which card, as the page sent it. Raises Refused, telling nothing."""
    token = str(request.session.pop(_TOKEN, ""))
    return cards.prove(present.permit(request), token, _answer(request))


def _answer(request: Request) -> Answer:
    return Answer(
        _number(request.POST.get("challenge", "")),
        _bytes(request.POST.get("certificate", "")),
        _bytes(request.POST.get("signature", "")),
    )


def _number(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        return UUID(int=0)


def _bytes(text: str) -> bytes:
    try:
        return b64decode(text, validate=True) if len(text) <= _CHARS_MAX else b""
    except ValueError:
        return b""

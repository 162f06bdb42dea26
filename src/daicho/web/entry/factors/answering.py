"""回答: what a person answers with a second factor, at sign-in and when asked again."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase

from daicho.access import clock
from daicho.access.entering import Operator, codes, factors, keys, tries
from daicho.law.rule import Finding
from daicho.law.safety import factors as findings
from daicho.web.asking import Request

KEPT_SECONDS = 15 * 60
"""How long the session keeps a challenge that nobody has answered."""
ANSWER, REGISTRATION = "key_answer", "key_registration"


@dataclass(frozen=True)
class Answered:
    """回答の結果: the kind of what was shown, and why it is refused, or None."""

    kind: str
    finding: Finding | None


def pending(request: Request, what: str) -> Mapping[str, Any] | None:
    """待っている問い: what the session keeps of a challenge, unless it is too old."""
    kept = request.session.get(what)
    if not isinstance(kept, dict) or clock.now().timestamp() - kept["at"] > KEPT_SECONDS:
        return None
    return kept


def keep(request: Request, what: str, asked: keys.Asked) -> str:
    """問いを残す: keeps the challenge until it is answered; gives the browser's part as JSON."""
    at = (pending(request, what) or {}).get("at", clock.now().timestamp())
    request.session[what] = {**asked.state, "at": at}
    return json.dumps(asked.options)


def typed_answer(request: Request) -> Any:
    """What the browser's script sent of an authenticator; None where it is not readable."""
    try:
        return json.loads(request.POST.get("answer", ""))
    except ValueError:
        return None


def answered(request: Request, operator: Operator, *, failed: str, terminal: str) -> Answered:
    """回答を確かめる: of a key or a code, whichever was sent; counted and trailed where wrong."""
    kind = factors.WEBAUTHN if "answer" in request.POST else ""

    def check(kept: Operator) -> Finding | None:
        nonlocal kind
        if kind:
            state = _still_pending(request)
            found = keys.check(
                kept,
                state,
                typed_answer(request),
                terminal=terminal,
                request_id=request.request_id,
            )
            if found is None:
                _consume(request)
            return found
        kind = codes.which(kept, request.POST.get("code", ""))
        return None if kind else findings.WRONG()

    found = tries.attempt(
        operator, check, failed=failed, terminal=terminal, request_id=request.request_id
    )
    if found is None:
        request.session.pop(ANSWER, None)  # an answer is good once
    return Answered(kind, found)


def _still_pending(request: Request) -> Mapping[str, Any] | None:
    """What waits for an answer, read anew: of two answers at once the second finds nothing.

    The tries of one operator come one after the other, so it is read when its turn has come.
    """
    stored = _stored(request).get(ANSWER)
    if not stored or stored != request.session.get(ANSWER):
        request.session.pop(ANSWER, None)
        return None
    return pending(request, ANSWER)


def _consume(request: Request) -> None:
    """An answer is good once: it is forgotten together with what it has done."""
    stored = _stored(request)
    stored.pop(ANSWER, None)
    stored.save()


def _stored(request: Request) -> SessionBase:
    return type(request.session)(request.session.session_key)


def context(request: Request, operator: Operator) -> dict[str, Any]:
    """What the part of a page needs that asks for a second factor."""
    kinds = factors.kinds_of(operator)
    asked: dict[str, Any] = {
        "has_code": not kinds.isdisjoint({factors.TOTP, factors.RECOVERY_CODES}),
        "has_totp": factors.TOTP in kinds,
        "has_recovery": factors.RECOVERY_CODES in kinds,
        "elsewhere": "",
        "options": "",
    }
    if factors.WEBAUTHN in kinds:
        asked["elsewhere"] = elsewhere(request)
        if not asked["elsewhere"]:
            question = keys.ask_answer(operator, pending(request, ANSWER))
            asked["options"] = keep(request, ANSWER, question)
    return asked


def elsewhere(request: Request) -> str:
    """別の宛先: where the browser must go to use an authenticator; blank where it is there.

    An authenticator knows the name of a host, never its address in figures.
    """
    host, name = request.get_host(), settings.WEBAUTHN_RP_ID
    bare, _, port = host.rpartition(":") if ":" in host else (host, "", "")
    if bare == name or bare.endswith(f".{name}"):
        return ""
    return f"{request.scheme}://{name}{f':{port}' if port else ''}"

"""登録端末: how a browser becomes that of a registered terminal, and is known as such afterwards.

A code, given for a quarter of an hour and typed by hand, gives the browser a random key. Of either
only a digest is kept. One key a terminal: a new one puts an end to the one before.
"""

import hashlib
import re
import secrets
import unicodedata
from datetime import timedelta
from uuid import UUID, uuid4

from django.db import transaction
from django.utils.crypto import salted_hmac

from daicho.access import clock, policy, trail
from daicho.access.acting import Actor
from daicho.access.models import Terminal
from daicho.access.permits import look, system_permit

CODE_MINUTES = 15
KEY_BYTES = 32
# No letter that is taken for a figure or for another letter, whoever reads it out.
_LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
_CODE_CHARS = 8


class NoSuchTerminal(LookupError):
    """端末がない: no terminal in use has this code."""


def digest(key: str) -> bytes:
    """SHA-256 of a key that nobody can guess: of a browser, or of a session."""
    return hashlib.sha256(key.encode()).digest()


def _code_digest(code: str) -> bytes:
    # A code is short: who reads the table must not find it by trying them all.
    return salted_hmac("daicho.access.terminals", code, algorithm="sha256").digest()


def issue_code(giver: Actor | None, terminal: str) -> str:
    """登録番号の発行: a code that makes the browser into which it is typed that of `terminal`.

    `terminal` is the code of a terminal in use; else NoSuchTerminal. `giver` is None at the
    server's own terminal. The code is shown once, and takes the place of one given before.
    """
    code = "".join(secrets.choice(_LETTERS) for _ in range(_CODE_CHARS))
    with transaction.atomic():
        kept = _in_use(terminal)
        kept.code_digest = _code_digest(code)
        kept.code_until = clock.now() + timedelta(minutes=CODE_MINUTES)
        kept.save(update_fields=["code_digest", "code_until"])
        _trail("terminal_code_issued", kept.code, giver)
    return f"{code[:4]}-{code[4:]}"


def register(code: str, request_id: UUID) -> tuple[Terminal, str] | None:
    """端末の登録: the terminal of a code that was typed, and the key that its browser is to keep.

    None for a code that is wrong, used or too old: nothing tells which. Each code works once.
    """
    typed = re.sub(r"[\s\-‐−ー]", "", unicodedata.normalize("NFKC", code)).upper()
    with transaction.atomic():
        found = Terminal.objects.select_for_update().filter(
            code_digest=_code_digest(typed), code_until__gt=clock.now(), retired_on=None
        )
        terminal = found.first()
        if terminal is None:
            trail.write("terminal_not_registered", request_id=request_id)
            return None
        key = secrets.token_urlsafe(KEY_BYTES)
        terminal.key_digest, terminal.keyed_at = digest(key), clock.now()
        terminal.code_digest, terminal.code_until = None, None
        terminal.save(update_fields=["key_digest", "keyed_at", "code_digest", "code_until"])
        said = {"terminal": terminal.code}
        trail.write("terminal_registered", request_id=request_id, detail=said)
    return terminal, key


def of_browser(key: str) -> Terminal | None:
    """ブラウザの端末: the terminal in use whose key the browser holds.

    It is looked up by the digest, so that how long it takes tells nothing of the keys there are.
    """
    if not key:
        return None
    return Terminal.objects.filter(key_digest=digest(key), retired_on=None).first()


def may_sign_in_at(key: str) -> bool:
    """サインインできる端末か: by the policy any browser, or only that of a registered terminal."""
    return not policy.sign_in().registered_terminals_only or of_browser(key) is not None


def refuse(request_id: UUID) -> None:
    """登録のない端末: trail that a browser which is no registered terminal's tried to come in."""
    with transaction.atomic():
        trail.write("terminal_refused", request_id=request_id)


def forget(giver: Actor | None, terminal: str) -> None:
    """登録の取消し: the browser's key and an open code of a terminal in use are void at once."""
    with transaction.atomic():
        kept = _in_use(terminal)
        kept.key_digest, kept.keyed_at, kept.code_digest, kept.code_until = None, None, None, None
        kept.save(update_fields=["key_digest", "keyed_at", "code_digest", "code_until"])
        _trail("terminal_forgotten", kept.code, giver)


def _in_use(code: str) -> Terminal:
    kept = Terminal.objects.select_for_update().filter(code=code, retired_on=None).first()
    if kept is None:
        raise NoSuchTerminal(code)
    return kept


def _trail(event: str, terminal: str, giver: Actor | None) -> None:
    said = {"terminal": terminal}
    if giver is not None:
        trail.write(event, request_id=giver.request_id, actor=giver, detail=said)
        return
    # Done at the server's own terminal, by whoever may start the program there.
    look(system_permit("operators", clock.today(), uuid4()), event, "terminals", detail=said)

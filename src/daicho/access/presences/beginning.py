"""始め: one session a person, and the terminal at which it sits."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction

from daicho.access import clock, policy, terminals
from daicho.access.acting import terminal_of
from daicho.access.models import Operator, Presence, Terminal
from daicho.access.presences.rows import own, tell
from daicho.access.terminals import digest


def begin(operator: Operator, session_key: str, factors: Sequence[str], request_id: UUID) -> None:
    """在席の始め: the one session of the operator from now on; one that was open before is over."""
    now = clock.now()
    with transaction.atomic():
        # Two sign-ins at once come one after the other: the row of the operator is always there.
        Operator.objects.select_for_update(of=("self",)).get(pk=operator.pk)
        before = Presence.objects.filter(operator=operator).select_related("terminal").first()
        if before is not None and _was_open(before, session_key, now):
            terminal = before.terminal.code if before.terminal else ""
            tell("session_replaced", operator.pk, "", request_id, terminal=terminal)
        Presence.objects.update_or_create(
            operator=operator,
            defaults={
                "session_digest": digest(session_key),
                "terminal": None,
                "factors": ",".join(factors),
                "began_at": now,
                "seen_at": now,
                "locked_at": None,
                "failures": 0,
            },
        )


def _was_open(before: Presence, session_key: str, now: datetime) -> bool:
    is_another = bytes(before.session_digest) != digest(session_key)
    return is_another and now - before.began_at < timedelta(seconds=settings.SESSION_COOKIE_AGE)


def follow(operator_id: int, before: str, after: str) -> None:
    """鍵の交換: the session's key was changed by ourselves, and the presence goes along."""
    own(operator_id, before).update(session_digest=digest(after))


def keep_at(operator_id: int, session_key: str, browser_key: str, request_id: UUID) -> None:
    """端末に留める: where terminals are registered, a presence begins at that of its browser.

    So no other browser takes the session, not even before the operator is led to the terminal.
    """
    if not policy.sign_in().registered_terminals_only:
        return
    terminal = terminals.of_browser(browser_key)
    if terminal is None:
        return
    with transaction.atomic():
        kept = own(operator_id, session_key).filter(terminal=None).update(terminal=terminal)
        if kept and terminal_of(Operator.objects.get(pk=operator_id), terminal.code) is not None:
            tell("terminal_chosen", operator_id, terminal.code, request_id)


def sit(operator: Operator, session_key: str, terminal: Terminal) -> None:
    """着席: the terminal of the presence."""
    own(operator.pk, session_key).update(terminal=terminal)


def choose(operator: Operator, session_key: str, code: str, request_id: UUID) -> Terminal | None:
    """端末の選択: sit at the terminal with that code, where the operator has a right; else None."""
    terminal = Terminal.objects.filter(code=code, retired_on=None).first()
    return _sit_at(operator, session_key, terminal, request_id)


def take(
    operator: Operator, session_key: str, browser_key: str, request_id: UUID
) -> Terminal | None:
    """登録端末への着席: sit at the terminal of this browser, where the operator has a right."""
    return _sit_at(operator, session_key, terminals.of_browser(browser_key), request_id)


def _sit_at(
    operator: Operator, session_key: str, terminal: Terminal | None, request_id: UUID
) -> Terminal | None:
    if terminal is None:
        return None
    with transaction.atomic():
        found = terminal_of(operator, terminal.code)
        if found is None:
            tell("terminal_refused", operator.pk, "", request_id, terminal=terminal.code)
            return None
        sit(operator, session_key, found)
        tell("terminal_chosen", operator.pk, found.code, request_id)
    return found

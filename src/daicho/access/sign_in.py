"""サインイン: the operator's password, and the lock after repeated failures."""

from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import connection, transaction
from django.http import HttpRequest

from daicho.access import clock, trail
from daicho.access.acting import Actor, actor, terminal_of
from daicho.access.models import Operator, Terminal, Trail

TRIES = 5_211_207  # names our locks apart from those of others


class Backend:
    """Django's way in: right password, active, not locked; every try leaves a trail row.

    A name that is not registered, a wrong password and a locked operator look alike from outside.
    Tries of one name come one after the other, whether the name is registered or not: many at once
    are counted one by one, and how long they wait for each other tells nothing.
    """

    def authenticate(
        self, request: HttpRequest | None, username: str = "", password: str = ""
    ) -> Operator | None:
        request_id = getattr(request, "request_id", None) or uuid4()
        with transaction.atomic(durable=True):
            _one_by_one(username)
            found = Operator.objects.select_for_update(of=("self",)).select_related("office")
            operator = found.filter(login=username).first()
            if operator is None:
                make_password(password)  # costs as much time as a check
                trail.write("sign_in_failed", request_id=request_id)
                return None
            who = actor(operator, terminal="", request_id=request_id)
            if not _try(operator, password, who):
                return None
            trail.write("sign_in", request_id=request_id, actor=who)
            return operator

    def get_user(self, operator_id: int) -> Operator | None:
        found = Operator.objects.select_related("office").filter(pk=operator_id, is_active=True)
        return found.first()


def _one_by_one(login: str) -> None:
    """Wait for the tries of this name that came before, until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, %s))", [login, TRIES])


def _try(operator: Operator, password: str, who: Actor) -> bool:
    """Try a password on a locked row of the operator; a failure is counted and trailed."""
    right = operator.check_password(password)
    now = clock.now()
    locked = operator.locked_until is not None and operator.locked_until > now
    if right and operator.is_active and not locked:
        operator.failures, operator.locked_until = 0, None
        operator.save(update_fields=["failures", "locked_until"])
        return True
    event = "sign_in_failed"
    if not locked:  # a try during the lock neither counts nor prolongs it
        event = _count_failure(operator, now)
        operator.save(update_fields=["failures", "locked_until"])
    detail = {"failures": operator.failures}
    trail.write(event, request_id=who.request_id, actor=who, detail=detail)
    return False


def _count_failure(operator: Operator, now: datetime) -> str:
    operator.failures, operator.locked_until = operator.failures + 1, None
    if operator.failures < settings.SIGN_IN_FAILURES_MAX:
        return "sign_in_failed"
    operator.failures = 0
    operator.locked_until = now + timedelta(minutes=settings.SIGN_IN_LOCK_MINUTES)
    return "sign_in_locked"


def change_password(operator: Operator, password: str, *, terminal: str, request_id: UUID) -> None:
    """Set a new password (already validated) and end every other session of the operator."""
    with transaction.atomic():
        operator.set_password(password)
        operator.password_changed_at = clock.now()
        operator.save(update_fields=["password", "password_changed_at"])
        who = actor(operator, terminal=terminal, request_id=request_id)
        trail.write("password_changed", request_id=request_id, actor=who)


def confirm(operator: Operator, password: str, *, terminal: str, request_id: UUID) -> bool:
    """Does the person at an open screen know the operator's password? Counts like a sign-in, so
    that an unattended screen is no place to guess."""
    with transaction.atomic(durable=True):
        _one_by_one(operator.login)
        rows = Operator.objects.select_for_update(of=("self",)).select_related("office")
        kept = rows.get(pk=operator.pk)
        return _try(kept, password, actor(kept, terminal=terminal, request_id=request_id))


def has_changed_password(operator: Operator, request_id: UUID) -> bool:
    """Did this very request, sent before, already change the operator's password?"""
    own = Trail.objects.filter(operator=operator, event="password_changed")
    return own.filter(request_id=request_id).exists()


def choose_terminal(operator: Operator, code: str, request_id: UUID) -> Terminal | None:
    """端末の選択: the terminal of the operator's own office with that code, trailed; else None."""
    with transaction.atomic():
        terminal = terminal_of(operator, code)
        if terminal is not None:
            who = actor(operator, terminal=terminal.code, request_id=request_id)
            trail.write("terminal_chosen", request_id=request_id, actor=who)
    return terminal


def sign_out(operator: Operator, *, terminal: str, request_id: UUID) -> None:
    """サインアウト: trail that the operator left; ending the session is the screen's part."""
    with transaction.atomic():
        who = actor(operator, terminal=terminal, request_id=request_id)
        trail.write("sign_out", request_id=request_id, actor=who)

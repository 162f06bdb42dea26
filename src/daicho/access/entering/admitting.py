"""入れる: the last gate of a sign-in, behind which the operator is present."""

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction

from daicho.access import clock, presences, trail
from daicho.access.acting import actor
from daicho.access.entering import tries
from daicho.access.hindering import may_enter
from daicho.access.models import Operator
from daicho.law.rule import Finding
from daicho.law.safety import factors


def admit(
    operator: Operator, shown: Sequence[str], session_key: str, request_id: UUID
) -> Finding | None:
    """サインイン: trail it, forget the failures, and begin the presence of that session.

    `shown` are the factors. Gives what hinders where that changed during the sign-in; trailed too.
    A command at the server has no session (blank), and leaves the person's presence as it is.
    """
    with transaction.atomic():
        tries.one_by_one(operator.login)
        rows = Operator.objects.select_for_update(of=("self",)).select_related("office")
        kept = rows.get(pk=operator.pk)
        who = actor(kept, terminal="", request_id=request_id)
        found = may_enter(kept, clock.today())
        if found is None and tries.is_locked(kept):
            found = factors.WRONG()
        if found is not None:
            trail.write("sign_in_failed", request_id=request_id, actor=who, finding=found.code)
            return found
        tries.forget(kept)
        detail = {"factors": ",".join(shown)}
        trail.write("sign_in", request_id=request_id, actor=who, detail=detail)
        if session_key:
            presences.begin(kept, session_key, shown, request_id)
    return None


def accept(operator_login: str, request_id: UUID) -> Operator | None:
    """団体の認証基盤: the operator whom the city's own directory vouches for; trailed either way.

    Nobody guesses here, so nothing is counted; the lock and what hinders hold all the same.
    """
    with transaction.atomic(durable=True):
        tries.one_by_one(operator_login)
        operator = Operator.objects.filter(login=operator_login).select_related("office").first()
        if operator is None:
            trail.write("sign_in_failed", request_id=request_id)
            return None
        who = actor(operator, terminal="", request_id=request_id)
        found = may_enter(operator, clock.today())
        if found is not None or tries.is_locked(operator):
            code = found.code if found else ""
            trail.write("sign_in_failed", request_id=request_id, actor=who, finding=code)
            return None
        trail.write("directory_accepted", request_id=request_id, actor=who)
        return operator


def leave(operator: Operator, *, terminal: str, request_id: UUID) -> None:
    """サインアウト: trail that the operator left, and end the presence."""
    with transaction.atomic():
        who = actor(operator, terminal=terminal, request_id=request_id)
        trail.write("sign_out", request_id=request_id, actor=who)
        presences.end(operator.pk, "signed_out", request_id)


def turn_away(operator: Operator, event: str, request_id: UUID) -> None:
    """途中で断る: trail that a sign-in does not go on, for what changed since it began."""
    with transaction.atomic():
        who = actor(operator, terminal="", request_id=request_id)
        found = may_enter(operator, clock.today())
        code = found.code if found else ""
        trail.write(event, request_id=request_id, actor=who, finding=code)


def refuse_unknown(request_id: UUID) -> None:
    """知らない者: trail that somebody came from the directory whom nothing vouches for."""
    with transaction.atomic():
        trail.write("sign_in_failed", request_id=request_id)

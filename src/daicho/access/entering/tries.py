"""試行: answers that may be guessed are counted, and too many wrong ones lock the operator.

Passwords, codes and keys count alike. Tries of one name come one after the other, whether the name
is registered or not: many at once are counted one by one, and how long they wait tells nothing.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection, transaction

from daicho.access import clock, policy, trail
from daicho.access.acting import Actor, actor
from daicho.access.models import Operator
from daicho.law.rule import Finding
from daicho.law.safety import factors

TRIES = 5_211_207  # names our locks apart from those of others

Check = Callable[[Operator], Finding | None]


def one_by_one(login: str) -> None:
    """Wait for the tries of this name that came before, until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, %s))", [login, TRIES])


def is_locked(operator: Operator) -> bool:
    """停止中: is the operator locked at this moment?"""
    return operator.locked_until is not None and operator.locked_until > clock.now()


def judge(operator: Operator, found: Finding | None, who: Actor, failed: str) -> Finding | None:
    """判定: None where nothing was found and the operator is open; else why not, trailed.

    The operator's row is locked by the caller. A try during the lock neither counts nor prolongs.
    """
    was_locked = is_locked(operator)
    if found is None and not was_locked:
        return None
    event = failed
    if not was_locked and _counted(operator, clock.now()):
        event = "sign_in_locked"
    code = found.code if found and found.code != factors.WRONG.code else ""
    detail = {"failures": operator.failures}
    trail.write(event, request_id=who.request_id, actor=who, finding=code, detail=detail)
    return found or factors.WRONG()


def attempt(
    operator: Operator, check: Check, *, failed: str, terminal: str, request_id: UUID
) -> Finding | None:
    """試す: ask `check` of the operator's locked row, count its answer; None where it is right.

    What `check` writes stays written, whatever it finds. A locked operator is not asked at all.
    """
    with transaction.atomic(durable=True):
        one_by_one(operator.login)
        rows = Operator.objects.select_for_update(of=("self",)).select_related("office")
        kept = rows.get(pk=operator.pk)
        who = actor(kept, terminal=terminal, request_id=request_id)
        return judge(kept, None if is_locked(kept) else check(kept), who, failed)


def forget(operator: Operator) -> None:
    """失敗を忘れる: the person has come in, or has shown the whole of what is asked."""
    if operator.failures or operator.locked_until:
        operator.failures, operator.locked_until = 0, None
        operator.save(update_fields=["failures", "locked_until"])


def _counted(operator: Operator, now: datetime) -> bool:
    """Count one failure; tells whether it was the one that locks."""
    rules = policy.sign_in()
    operator.failures, operator.locked_until = operator.failures + 1, None
    is_last = operator.failures >= rules.failures_max
    if is_last:
        operator.failures = 0
        operator.locked_until = now + timedelta(minutes=rules.lock_minutes)
    operator.save(update_fields=["failures", "locked_until"])
    return is_last

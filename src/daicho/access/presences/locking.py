"""画面ロック: locking a presence, undoing it, counting the wrong answers."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from daicho.access import clock, policy
from daicho.access.presences.ending import end
from daicho.access.presences.present import Present
from daicho.access.presences.rows import own, tell


def lock(operator_id: int, session_key: str, how: str, request_id: UUID) -> datetime:
    """画面ロック: nothing opens in this session until it is undone; gives the moment.

    `how` is "by_hand", or "idle" where nobody was there.
    """
    now = clock.now()
    with transaction.atomic():
        rows = own(operator_id, session_key).select_for_update(of=("self",))
        found = rows.filter(locked_at=None).select_related("terminal").first()
        if found is not None:
            found.locked_at, found.failures = now, 0
            found.save(update_fields=["locked_at", "failures"])
            terminal = found.terminal.code if found.terminal else ""
            tell("screen_locked", operator_id, terminal, request_id, how=how)
    return now


def unlock(present: Present, session_key: str, request_id: UUID) -> bool:
    """画面ロックの解除: after the right answer; tells whether the presence is still there."""
    now = clock.now()
    with transaction.atomic():
        undone = own(present.operator.pk, session_key).update(
            locked_at=None, failures=0, seen_at=now
        )
        if undone and present.locked_at is not None:
            tell("screen_unlocked", present.operator.pk, present.terminal, request_id)
    return bool(undone)


def refuse_unlock(present: Present, session_key: str, request_id: UUID) -> bool:
    """誤った答え: counted at the locked screen; the last one that is borne ends the presence.

    Tells whether the presence is still there.
    """
    with transaction.atomic():
        found = own(present.operator.pk, session_key).select_for_update().first()
        if found is None:
            return False
        found.failures += 1
        found.save(update_fields=["failures"])
        if found.failures < policy.sign_in().failures_max:
            return True
        end(present.operator.pk, "locked_out", request_id, session_key)
    return False

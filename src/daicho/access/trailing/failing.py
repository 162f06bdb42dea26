"""誤りと起動の記録: rows that nobody's work writes: what failed, and when the program ran.

Such a row stands in a transaction of its own, after whatever failed was rolled back. It holds codes
alone, never what an exception says; and where it cannot be written the log says so, and nothing
else happens: what tells of an error must not make a second one.
"""

from uuid import UUID, uuid4

import structlog
from django.conf import settings
from django.db import transaction

from daicho.access import trail
from daicho.access.acting import Actor

DOOR_CHARS = 60

log = structlog.stdlib.get_logger("daicho.trail")


def failed(
    door: str,
    failure: BaseException,
    request_id: UUID,
    *,
    actor: Actor | None = None,
    job: str = "",
) -> None:
    """エラーの記録: that a screen or a job met what nobody expected; by its kind alone."""
    _tell("error", door, request_id, {"code": code_of(failure)}, actor=actor, job=job)


def not_reached(peer: str, door: str, request_id: UUID) -> None:
    """通信の失敗の記録: that another system gave no answer that could be used."""
    _tell("connection_failed", door, request_id, {"peer": peer})


def serving(event: str) -> None:
    """起動と停止の記録: that the program began to serve people, or ended it in order."""
    _tell(event, "serving", uuid4(), {"version": settings.VERSION})


def code_of(failure: BaseException) -> str:
    """誤りの符号: the class of what failed, and the database's code where it has one."""
    cause = failure.__cause__
    sqlstate = getattr(failure, "sqlstate", None) or getattr(cause, "sqlstate", None)
    return type(failure).__name__ + (f" {sqlstate}" if sqlstate else "")


def _tell(
    event: str,
    door: str,
    request_id: UUID,
    detail: dict[str, int | str],
    *,
    actor: Actor | None = None,
    job: str = "",
) -> None:
    try:
        with transaction.atomic(durable=True):
            trail.write(
                event,
                request_id=request_id,
                actor=actor,
                door=door[:DOOR_CHARS],
                job=job,
                detail=detail,
            )
    except Exception:  # whatever it is, who tells of an error goes on
        log.warning("not_trailed", event_code=event, exc_info=True)

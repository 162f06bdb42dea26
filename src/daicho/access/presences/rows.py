"""在席の行: the row of one session, and what is trailed of it."""

from uuid import UUID

from django.db.models import QuerySet

from daicho.access import trail
from daicho.access.acting import actor
from daicho.access.models import Operator, Presence
from daicho.access.terminals import digest


def own(operator_id: int, session_key: str) -> QuerySet[Presence]:
    """自分の行: the presence, as long as it is that of this session."""
    return Presence.objects.filter(operator=operator_id, session_digest=digest(session_key))


def tell(event: str, operator_id: int, at: str, request_id: UUID, **said: str) -> None:
    """記録: trail what became of the presence; `at` is the code of its terminal, or blank."""
    who = actor(Operator(pk=operator_id), at, request_id)
    trail.write(event, request_id=request_id, actor=who, detail=said)

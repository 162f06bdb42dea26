"""送信待ちの照会: what still waits to be sent of one resident; takes a Permit and is trailed."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from daicho.access.permits import Permit, demand, look
from daicho.network.models import Outbox


@dataclass(frozen=True)
class Waiting:
    """送信待ち: one message of a resident; its body is not shown here."""

    kind: str
    v: int
    article: str
    reason: str
    history_no: int
    at: datetime


WAITING_MOST = 20


def waiting(permit: Permit, record_id: UUID, *, withheld: bool) -> tuple[Waiting, ...]:
    """The newest messages that wait for one resident, the newest first.

    `withheld` is what the register's `visible` says of the person: of who is withheld or out of
    reach there are none, for what is sent when tells what happened to them.
    """
    demand(permit, "resident")
    with transaction.atomic():
        rows = () if withheld else _newest(record_id)
        found = tuple(
            Waiting(one.kind, one.v, one.article, one.body["reason"], one.history_no, one.at)
            for one in rows
        )
        said = {"rows": len(found)}
        look(permit, "look", "network.waiting", record_ids=[record_id], detail=said)
    return found


def _newest(record_id: UUID) -> QuerySet[Outbox]:
    return Outbox.objects.filter(record_id=record_id).order_by("-id")[:WAITING_MOST]

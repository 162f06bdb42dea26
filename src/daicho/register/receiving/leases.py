"""編集中の表示: who has which residents open for a change, so that nobody types in vain (10.3).

A lease is a courtesy with an end. The truth is the 履歴番号 that a change expects, which the write
door compares under the lock of the household.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection, transaction

from daicho.access import clock
from daicho.access.permits import Permit, demand_work, look
from daicho.register.models import EditLease
from daicho.register.receiving.receptions import Reception, demand_own, names_of

LASTS = timedelta(minutes=20)
"""編集の期限: as long as a moving-in of a family takes; each step of the form begins it anew."""

# The household is taken whole or not at all: a row that another holds is not written, and fewer
# rows come back than were asked for. In one order, so that two clerks never wait for each other.
_TAKE = """
INSERT INTO register_editlease (record_id, operator_id, office, terminal, reception_id, until_at)
SELECT asked.record_id, %(operator)s, %(office)s, %(terminal)s, %(reception)s, %(until)s
FROM (SELECT unnest(%(record_ids)s::uuid[]) AS record_id ORDER BY 1) AS asked
ON CONFLICT (record_id) DO UPDATE SET operator_id = EXCLUDED.operator_id,
    office = EXCLUDED.office, terminal = EXCLUDED.terminal,
    reception_id = EXCLUDED.reception_id, until_at = EXCLUDED.until_at
WHERE register_editlease.until_at < %(now)s
    OR register_editlease.operator_id = EXCLUDED.operator_id
RETURNING record_id
"""
_RELEASE = "DELETE FROM register_editlease WHERE reception_id = %s AND operator_id = %s"


@dataclass(frozen=True)
class Holder:
    """編集中の者: who has one of the residents open, where, and until when at the latest."""

    operator: str
    office: str
    terminal: str
    until_at: datetime


@dataclass(frozen=True)
class Lease:
    """編集の確保: of these residents until then; or nothing was taken, for `holder` has one."""

    reception_id: UUID
    record_ids: frozenset[UUID]
    until_at: datetime
    holder: Holder | None = None


def take(permit: Permit, its: Reception, record_ids: Iterable[UUID]) -> Lease:
    """編集を始める: of all these residents or of none; taken again by the same operator it goes on.

    Trailed when it begins, not when it goes on.
    """
    demand_work(permit, "form")
    demand_own(permit, its)
    actor, now, wanted = permit.actor, clock.now(), frozenset(record_ids)
    assert actor is not None, "demand_own() has said so"
    until_at, reception_id = now + LASTS, its.reception_id
    if not wanted:
        return Lease(reception_id, wanted, until_at)
    held = EditLease.objects.filter(
        reception_id=reception_id, operator_id=actor.operator_id, until_at__gte=now
    )
    with transaction.atomic():
        goes_on = wanted <= set(held.values_list("record_id", flat=True))
        with connection.cursor() as cursor:
            cursor.execute(
                _TAKE,
                {
                    "record_ids": sorted(wanted),
                    "operator": actor.operator_id,
                    "office": actor.office,
                    "terminal": actor.terminal,
                    "reception": reception_id,
                    "until": until_at,
                    "now": now,
                },
            )
            taken = {record_id for (record_id,) in cursor.fetchall()}
        if taken == wanted:
            if not goes_on:
                rows = {"rows": len(wanted)}
                look(permit, "lease", "register.lease", record_ids=sorted(wanted), detail=rows)
            return Lease(reception_id, wanted, until_at)
        other = EditLease.objects.filter(record_id__in=wanted - taken).order_by("-until_at")[0]
        transaction.set_rollback(True)
    name = names_of([other.operator_id]).get(other.operator_id, "")
    holder = Holder(name, other.office, other.terminal, other.until_at)
    return Lease(reception_id, frozenset(), until_at, holder)


def release(permit: Permit, reception_id: UUID) -> None:
    """編集を終える: what the operator had open under this reception is free again."""
    assert permit.actor is not None, "a job holds no lease"
    with connection.cursor() as cursor:
        cursor.execute(_RELEASE, [reception_id, permit.actor.operator_id])

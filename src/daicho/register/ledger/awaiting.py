"""求めた番号: of whom another 個人番号 is asked for and has not been assigned yet.

The ledger says it, which a backup brings back with the register: of two rows of these kinds the
later one counts. What became of the message on its way, the network says. A request that nobody
answered for so long has been given up, and may be made again.
"""

from collections.abc import Collection
from datetime import date, datetime
from uuid import UUID

from django.db import connection

from daicho.access import clock
from daicho.access.permits import Permit, demand
from daicho.law.changes.kinds.number_change_requested import still_awaited
from daicho.terms.changes import NumberAssigned, NumberChangeRequested

_AWAITING = """
SELECT DISTINCT ON (named.record_id) named.record_id, c.kind, c.at
FROM unnest(%s::uuid[]) AS named (record_id)
JOIN register_recordedchange c ON c.record_ids @> ARRAY[named.record_id] AND c.kind = ANY (%s)
ORDER BY named.record_id, c.id DESC
"""


def awaiting(record_ids: Collection[UUID]) -> frozenset[UUID]:
    """変更を求めている者: those of these persons."""
    kinds, today = [NumberChangeRequested.kind, NumberAssigned.kind], clock.today()
    with connection.cursor() as cursor:
        cursor.execute(_AWAITING, [list(record_ids), kinds])
        return frozenset(
            one
            for one, kind, at in cursor.fetchall()
            if kind == NumberChangeRequested.kind and still_awaited(_days(at, today), on=today)
        )


def _days(at: datetime, today: date) -> int:
    return (today - at.astimezone(clock.TOKYO).date()).days


def awaits_number(permit: Permit, record_id: UUID) -> bool:
    """変更を求めているか: of a person who is being looked at; that look is trailed."""
    demand(permit, "resident")
    return bool(awaiting([record_id]))

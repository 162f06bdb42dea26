"""現在の記載: how residents stand in the register now, as the change that brought it would tell it.

For who tells of everybody at once, a few at a time: whoever is being changed at that moment is
passed over, so that nobody at a counter waits for it.
"""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.db import connection

from daicho.register import locks
from daicho.register.ledger.reading import record_of
from daicho.register.models import RECORD_COLUMNS
from daicho.terms.changes import Effect
from daicho.terms.changes.effects import What, When
from daicho.terms.changes.recorded import Recorded, Touched

FIRST = UUID(int=0)
"""初めの前: before the record id of anybody."""
_LIVING = """
SELECT record_id, history_no FROM register_current
WHERE state = 'living' AND record_id > %s ORDER BY record_id LIMIT %s
"""
# What a change of the person brings up to date waits until then, and no other row.
_HELD = """
SELECT record_id FROM register_current WHERE state = 'living' AND record_id = ANY (%s::uuid[])
ORDER BY record_id FOR SHARE SKIP LOCKED
"""
_COLUMNS = ", ".join(f"v.{item.column}" for item in RECORD_COLUMNS)
# In a statement of its own after the lock: the one that waits for it would see what stood before.
_PRESENT = f"""
SELECT v.record_id, c.history_no, v.reason, l.id AS change_id, l.kind, l.ward AS change_ward,
    l.request_id, l.received_on, l.processed_on, l.body ->> 'occurred_on' AS occurred_on, {_COLUMNS}
FROM register_current c JOIN register_recordversion v USING (record_id, history_no)
    JOIN register_recordedchange l ON l.id = v.change_id
WHERE c.record_id = ANY (%s::uuid[]) ORDER BY v.record_id
"""  # noqa: S608  our own columns


def living_after(last: UUID, count: int) -> dict[UUID, int]:
    """次の住民: so many residents after a record id, in the order of record ids, with the present
    履歴番号; nothing is locked."""
    with connection.cursor() as cursor:
        cursor.execute(_LIVING, [last, count])
        return dict(cursor.fetchall())


def hold_present(record_ids: Collection[UUID]) -> list[Recorded]:
    """現在の記載: of those of these who live here and whom nobody is changing, each as if the
    change that brought the present version had opened the record; they stay so until the running
    transaction ends."""
    locks.share_register()
    with connection.cursor() as cursor:
        cursor.execute(_HELD, [list(record_ids)])
        held = [one for (one,) in cursor.fetchall()]
        cursor.execute(_PRESENT, [held])
        names = [column.name for column in cursor.description]
        rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    return [_opening(row) for row in rows]


def _opening(row: dict[str, Any]) -> Recorded:
    effect = Effect(row["record_id"], What.OPENS, row["reason"], {})
    when = When(row["occurred_on"] or "", row["received_on"], row["processed_on"])
    return Recorded(
        row["change_id"],
        row["kind"],
        when,
        row["change_ward"],
        row["request_id"],
        (Touched(effect, None, record_of(row), row["history_no"]),),
    )

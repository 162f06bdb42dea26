"""期日の到来: residents whose planned day of moving out has come (standard 1.1.5)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import connection, transaction

from daicho.access.permits import Permit, demand, look

# A planned day is a cell of 年月日; only one that is a day of the calendar closes by itself.
# Where a closing of that day was cancelled, a clerk has said that it was wrong: nothing closes by
# itself again until the person says anew that they move out, or the day becomes another.
_DUE = """
SELECT v.household_number, v.closing_event_on, c.record_id, c.history_no
FROM register_current c JOIN register_recordversion v USING (record_id, history_no)
WHERE c.state = 'living' AND v.closing_reason IN ('moved_out', 'moved_out_abroad')
    AND v.closing_event_on ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}$' AND v.closing_event_on <= %s
    AND NOT EXISTS (
        SELECT FROM register_recordedchange undoing
        JOIN register_recordedchange closing ON closing.id = undoing.corrects_id
        WHERE undoing.kind = 'cancelled' AND undoing.record_ids @> ARRAY[c.record_id]
            AND undoing.body->'said'->'record_ids' ? c.record_id::text
            AND closing.kind = 'moved_out_closed'
            AND closing.occurred_on::text = v.closing_event_on
            AND NOT EXISTS (
                SELECT FROM register_recordedchange plan
                WHERE plan.kind = 'moved_out' AND plan.record_ids @> ARRAY[c.record_id]
                    AND plan.id > undoing.id))
ORDER BY v.closing_event_on, v.household_number, c.record_id
"""


@dataclass(frozen=True)
class Due:
    """期日の到来した者: of one household and one planned day, each with the present 履歴番号."""

    household_number: str
    planned_on: date
    expected: Mapping[UUID, int]


def moving_out(permit: Permit, on: date) -> tuple[Due, ...]:
    """Who moves out by `on` and is still a resident, the earliest day first."""
    demand(permit, "resident")
    found: dict[tuple[str, str], dict[UUID, int]] = {}
    with transaction.atomic(), connection.cursor() as cursor:
        # nobody waits for it: the time limit of the processes that serve people is not its own
        cursor.execute("SET LOCAL statement_timeout = 0")
        cursor.execute(_DUE, [on.isoformat()])
        for number, planned, record_id, history_no in cursor.fetchall():
            found.setdefault((planned, number), {})[record_id] = history_no
        seen = [record_id for expected in found.values() for record_id in expected]
        if seen:  # asked every hour: a row for nobody would only hide the others
            look(permit, "look", "register.due", record_ids=seen, detail={"rows": len(seen)})
    return tuple(
        Due(number, date.fromisoformat(planned), expected)
        for (planned, number), expected in found.items()
    )

"""利用の上限: how much one operator saw in the last minute and hour, as the trail has it.

The newest rows of the operator are found by the index of the operators, a part at a time, back to
one that is an hour old or until the looks are enough. Who left few has few read, and no look hides
behind other rows.
"""

from datetime import date

from django.db import connection

from daicho.law.rule import Finding
from daicho.law.safety.watching import ceilings

SEEING = ("look", "search")
"""見る利用: the events that are counted."""
_PART = 200

_COUNTS = """
WITH RECURSIVE part AS (
    SELECT 9223372036854775807 AS first, clock_timestamp() AS oldest, 0::bigint AS minute,
        0::bigint AS hour
    UNION ALL
    SELECT older.first, older.oldest, part.minute + older.minute, part.hour + older.hour
    FROM part CROSS JOIN LATERAL (
        SELECT min(id) AS first, min(at) AS oldest,
            count(*) FILTER (WHERE is_look AND at > clock_timestamp() - interval '1 minute')
                AS minute,
            count(*) FILTER (WHERE is_look AND at > clock_timestamp() - interval '1 hour') AS hour
        FROM (
            SELECT id, at, event = ANY(%(seeing)s) AS is_look FROM access_trail
            WHERE operator_id = %(who)s AND id < part.first
            ORDER BY id DESC LIMIT %(part)s
        ) AS own
    ) AS older
    WHERE part.oldest > clock_timestamp() - interval '1 hour' AND part.hour < %(enough)s
)
SELECT max(minute), max(hour) FROM part
"""


def counted(operator_id: int, on: date) -> tuple[int, int]:
    """見た回数: looks and searches of the last minute and of the last hour."""
    said: dict[str, int | list[str]] = {
        "who": operator_id,
        "part": _PART,
        "enough": ceilings.ceilings(on).looks_hour,
        "seeing": list(SEEING),
    }
    with connection.cursor() as cursor:
        cursor.execute(_COUNTS, said)
        minute, hour = cursor.fetchone()
    return int(minute), int(hour)


def reached(operator_id: int, is_granted: bool, on: date) -> Finding | None:
    """上限に達したか: what stops the operator at this moment, or None."""
    if is_granted:
        return None
    return ceilings.may_go_on(*counted(operator_id, on), is_granted, on=on)

"""今も同じか: do these persons stand as somebody has read them, or as they stood at a moment?"""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import connection

# The households first, as whoever enters a change does; a 除票 may have none.
_HOUSEHOLDS = """
SELECT FROM register_household WHERE number IN (
    SELECT household_number FROM register_current WHERE record_id = ANY (%s::uuid[]))
ORDER BY number FOR SHARE
"""
_PRESENT = """
SELECT record_id, history_no FROM register_current WHERE record_id = ANY (%s::uuid[])
ORDER BY record_id FOR SHARE
"""

# The present row for who has none of the versions since; what was entered later counts, whatever
# day it is of: until then nobody knew. What stood at that moment is one of them: a closing may be
# written before a card and be seen after it.
_CLOSED = """
SELECT FROM register_current k WHERE k.record_id = %s AND k.state IN ('', 'living')
    AND NOT EXISTS (SELECT FROM register_recordversion v
        WHERE v.record_id = k.record_id AND v.state NOT IN ('', 'living')
            AND NOT EXISTS (SELECT FROM register_recordversion n
                WHERE n.record_id = v.record_id AND n.history_no > v.history_no AND n.at <= %s))
"""


def still(seen: Mapping[UUID, int]) -> bool:
    """今も同じか: is the present 履歴番号 of each what was seen? A change of them waits until then.

    Asked inside the transaction that relies on it: what is being recorded is waited for.
    """
    with connection.cursor() as cursor:
        cursor.execute(_HOUSEHOLDS, [list(seen)])
        cursor.execute(_PRESENT, [list(seen)])
        return dict(cursor.fetchall()) == dict(seen)


def closed_since(record_id: UUID, moment: datetime) -> bool:
    """消除されたか: is this record closed, or was it entered as closed at a moment or at any time
    since? Whoever is not in the register is answered the same. It tells nothing else."""
    with connection.cursor() as cursor:
        cursor.execute(_CLOSED, [record_id, moment])
        return cursor.fetchone() is None

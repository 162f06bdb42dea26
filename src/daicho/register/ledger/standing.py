"""今も同じか: do these persons stand as somebody has read them, for the rest of a transaction?"""

from collections.abc import Mapping
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


def still(seen: Mapping[UUID, int]) -> bool:
    """今も同じか: is the present 履歴番号 of each what was seen? A change of them waits until then.

    Asked inside the transaction that relies on it: what is being recorded is waited for.
    """
    with connection.cursor() as cursor:
        cursor.execute(_HOUSEHOLDS, [list(seen)])
        cursor.execute(_PRESENT, [list(seen)])
        return dict(cursor.fetchall()) == dict(seen)

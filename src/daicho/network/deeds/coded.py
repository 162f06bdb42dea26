"""住民票コードの職権記載の後 (標準仕様書 4.3.2): what waited for a code goes by itself.

A code is entered in a change of its own; the rows of before have none. They are told with it, in
their order, for above there is no record without a code.
"""

from collections.abc import Iterable
from uuid import UUID

from django.db import connection

from daicho.network.models import Outbox

CODE = "resident_record_code"

# Asked at each composing, under its lock: no change that is recorded meanwhile is passed over.
_LET_GO = """
DELETE FROM network_hold h
WHERE h.reason = 'no_code' AND h.operator_id IS NULL AND EXISTS (
    SELECT FROM network_outbox o WHERE o.record_id = h.record_id
        AND o.body -> 'after' ->> 'resident_record_code' <> '')
"""
_ENTERED = """
SELECT DISTINCT ON (record_id) record_id, body -> 'after' ->> 'resident_record_code'
FROM network_outbox WHERE record_id = ANY (%s)
    AND body -> 'after' ->> 'resident_record_code' <> ''
ORDER BY record_id, id
"""


def let_go() -> None:
    """保留の終わり: the program's own hold of whoever has a code by now."""
    with connection.cursor() as cursor:
        cursor.execute(_LET_GO)


def with_codes(rows: Iterable[Outbox]) -> list[Outbox]:
    """コードの補い: rows of before a code was entered, in memory with it; nothing is written."""
    found = list(rows)
    lacking = [row for row in found if not row.body["after"].get(CODE)]
    if lacking:
        entered = _entered([row.record_id for row in lacking])
        for row in lacking:
            if code := entered.get(row.record_id):
                row.body["after"][CODE] = code
    return found


def _entered(record_ids: list[UUID]) -> dict[UUID, str]:
    with connection.cursor() as cursor:
        cursor.execute(_ENTERED, [record_ids])
        return dict(cursor.fetchall())

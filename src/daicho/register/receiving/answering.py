"""受付への応答: what the write door asks of the 受付 under which a change is recorded."""

from dataclasses import dataclass
from uuid import UUID

from django.db import connection

from daicho.law.receptions.of_changes import Standing
from daicho.register import locks

# One statement, for each takes as long to go there and back as to be done. What was cancelled and
# the cancellation itself do not count.
_ASKED = """
SELECT EXISTS (SELECT FROM register_recordedchange WHERE request_id = %(request)s
        AND NOT kind = 'imported') AS is_repeated,
    r.office, r.work, r.basis, r.received_on, r.taken_on,
    EXISTS (SELECT FROM register_receptionending e WHERE e.reception_id = r.reception_id
        AND e.how IN ('withdrawn', 'declined')) AS has_ended,
    EXISTS (SELECT FROM register_draft d WHERE d.reception_id = r.reception_id) AS has_draft,
    (SELECT count(*) FROM register_recordedchange c WHERE c.reception_id = r.reception_id
        AND c.corrects_id IS NULL AND NOT EXISTS (SELECT FROM register_recordedchange cancelling
            WHERE cancelling.record_ids && c.record_ids AND cancelling.corrects_id = c.id))
FROM (SELECT 1) AS always LEFT JOIN register_reception r ON r.reception_id = %(reception)s
"""


@dataclass(frozen=True)
class Answered:
    """入口への応答: was something recorded by this request already, and how the 受付 stands."""

    is_repeated: bool
    standing: Standing | None


def take(reception_id: UUID) -> None:
    """Wait until nobody else answers this 受付; the lock ends with the transaction."""
    locks.take_numbers([_lock_of(reception_id)])


def take_beside_others(reception_id: UUID | None) -> None:
    """Wait for an import to end, then as `take`: the write door's, in one statement."""
    locks.share_register(None if reception_id is None else _lock_of(reception_id))


def ask(request_id: UUID, reception_id: UUID | None) -> Answered:
    """What the door must know of the request and of its 受付; asked under their locks."""
    with connection.cursor() as cursor:
        cursor.execute(_ASKED, {"request": request_id, "reception": reception_id})
        is_repeated, *said = cursor.fetchone()
    return Answered(is_repeated, None if said[0] is None else Standing(*said))


def _lock_of(reception_id: UUID) -> bytes:
    return f"reception:{reception_id}".encode()

"""一歩: each act is done once, in a transaction of its own and trailed; or refused and trailed."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from uuid import UUID

from django.db import connection, transaction

from daicho.access.people.registering import alone, told_before
from daicho.access.permits import Permit, trail_refusal
from daicho.access.refusals import Refused
from daicho.network.lines import composing
from daicho.network.messages.outcomes import Outcomes
from daicho.network.messages.record_codes import RecordCodes
from daicho.network.messages.record_codes_request import RecordCodesRequest
from daicho.network.models import Sent

_ALONE = "SELECT pg_advisory_xact_lock(%s)"
_OF_NOBODY = frozenset({Outcomes.KIND, RecordCodesRequest.KIND, RecordCodes.KIND})


@contextmanager
def step(permit: Permit, event: str, door: str, of: Sequence[UUID] = ()) -> Iterator[bool]:
    """One act; gives False where this very request has done it already.

    What is refused inside is rolled back, trailed as `message_refused`, and raised on.
    """
    try:
        with transaction.atomic():
            alone(str(permit.request_id))  # of two of one request the second sees the first
            yield not told_before(permit, event)
    except Refused as no:
        trail_refusal(permit, no.findings, event="message_refused", door=door, record_ids=of)
        raise


def alone_at_composing() -> None:
    """電文を作らせない: until the transaction ends nobody else makes a message."""
    with connection.cursor() as cursor:
        cursor.execute(_ALONE, [composing.LOCK])


def of_resident(row: Sent) -> tuple[UUID, ...]:
    """対象者: of what is told about a resident; nobody where parties tell of messages
    or of codes that nobody has yet."""
    return () if row.kind in _OF_NOBODY else (row.resident,)

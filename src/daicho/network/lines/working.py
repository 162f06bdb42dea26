"""処理: messages whose turn has come are carried out, each once, in the order of their resident.

A batch is one transaction. Where it fails, its streams are tried one by one: what cannot be carried
out for a reason of ours (no fault of the message) is tried again later, and holds nobody else up.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

import structlog
from django.db import connection, transaction

from daicho.access import clock
from daicho.law.network.faults import CANNOT_OPEN, MALFORMED, NO_DUTY, UNTRUSTED
from daicho.network import duties
from daicho.network.deeds import holding, numbering, outcomes, register_notices
from daicho.network.deeds.deed import Deed, Desk
from daicho.network.keys.signing import CannotOpen
from daicho.network.lines import keyring, own
from daicho.network.lines.arrays import columns
from daicho.network.messages.outcomes import Outcomes
from daicho.network.models import Carried, Origin, Stream
from daicho.network.protocol import order
from daicho.network.protocol.intake import KeyNotKnownYet, Untrusted
from daicho.network.protocol.message import Malformed, Message, Turn, read
from daicho.network.protocol.parties import Party

log = structlog.stdlib.get_logger("daicho.network")

STREAMS_AT_ONCE = 200
KEY_AGAIN = timedelta(seconds=30)
PATIENCE = tuple(timedelta(seconds=one) for one in (5, 30, 300, 1_800))

DEEDS: Mapping[str, Deed] = {
    "hold_and_forward": holding.hold_and_forward,
    "hold_forwarded": holding.hold_forwarded,
    "make_number": numbering.make_number,
    "designate_codes": numbering.designate_codes,
    "hand_to_register": register_notices.hand_to_register,
    "note_outcomes": outcomes.note_outcomes,
    "pass_outcomes": outcomes.pass_outcomes,
}
"""務め: by the names of `daicho.network.duties`."""
# One at a time works: what is held of a person is read, compared and written.
_LOCK = 5_211_253
_ALONE = "SELECT pg_try_advisory_xact_lock(%s)"
_STREAMS = """
SELECT origin, resident, done_epoch, done_ordinal FROM network_stream
WHERE due_at <= %s {narrowed} ORDER BY due_at LIMIT %s FOR UPDATE SKIP LOCKED
"""
_ANY = _STREAMS.format(narrowed="")
_ONE = _STREAMS.format(narrowed="AND origin = %s AND resident = %s")
_WAITING = """
SELECT a.origin, a.resident, a.epoch, a.ordinal, a.message_id, a.signed
FROM network_arrived a
JOIN unnest(%s::text[], %s::uuid[]) AS due(origin, resident) USING (origin, resident)
WHERE a.waits
"""
_WORKED = """
UPDATE network_arrived a SET waits = false, signed = ''
FROM unnest(%s::text[], %s::uuid[], %s::bigint[], %s::bigint[])
    AS worked(origin, resident, epoch, ordinal)
WHERE a.origin = worked.origin AND a."to" = %s AND a.resident = worked.resident
    AND a.epoch = worked.epoch AND a.ordinal = worked.ordinal
"""
_DONE = """
UPDATE network_stream s
SET done_epoch = done.epoch, done_ordinal = done.ordinal, due_at = done.again_at, failures = 0
FROM unnest(%s::text[], %s::uuid[], %s::bigint[], %s::bigint[], %s::timestamptz[])
    AS done(origin, resident, epoch, ordinal, again_at)
WHERE s.origin = done.origin AND s.resident = done.resident
"""

Place = tuple[Party, UUID]
"""順序の名: of a stream to this party."""


@dataclass
class _Batch:
    """一回の処理: what waits of the streams, and what became of it."""

    done: dict[Place, Turn]
    waiting: dict[Place, dict[Turn, tuple[UUID, str]]] = field(default_factory=dict)
    newest: dict[Party, int] = field(default_factory=dict)
    carried: set[tuple[str, UUID]] = field(default_factory=set)
    told: dict[Party, dict[str, str]] = field(default_factory=dict)
    desk: Desk = field(default_factory=Desk)
    outcomes: list[Carried] = field(default_factory=list)
    worked: list[tuple[Party, UUID, int, int]] = field(default_factory=list)
    keys_missing: set[Place] = field(default_factory=set)


def work() -> int:
    """処理する: a batch of what is due; gives how many messages."""
    try:
        with transaction.atomic():
            return _work(_ANY, [clock.now(), STREAMS_AT_ONCE])
    except Exception:  # one of them: which one, is seen one by one
        log.exception("network_batch_failed")
    return _one_by_one()


def _one_by_one() -> int:
    now, count = clock.now(), 0
    for one in Stream.objects.filter(due_at__lte=now).order_by("due_at")[:STREAMS_AT_ONCE]:
        try:
            with transaction.atomic():
                count += _work(_ONE, [now, one.origin, one.resident, 1])
        except Exception:  # a defect of ours or of the database must not stop the others
            log.exception("network_message_failed", origin=one.origin, failures=one.failures + 1)
            later = now + PATIENCE[min(one.failures, len(PATIENCE) - 1)]
            rows = Stream.objects.filter(origin=one.origin, resident=one.resident)
            rows.update(failures=one.failures + 1, due_at=later)
    return count


def _work(statement: str, asked: Sequence[Any]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(_ALONE, [_LOCK])
        if cursor.fetchone() != (True,) or own.shared().is_catching_up:
            return 0
        cursor.execute(statement, asked)
        streams = cursor.fetchall()
    batch = _Batch({(Party(one[0]), one[1]): Turn(*one[2:]) for one in streams})
    if streams:
        _read_waiting(batch)
        for place in batch.done:
            _work_stream(batch, place)
        _keep(batch)
    return len(batch.worked)


def _read_waiting(batch: _Batch) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_WAITING, columns(batch.done, 2))
        for origin, resident, epoch, ordinal, message_id, signed in cursor.fetchall():
            waiting = batch.waiting.setdefault((Party(origin), resident), {})
            waiting[Turn(epoch, ordinal)] = message_id, signed
    origins = {origin for origin, _ in batch.waiting}
    rows = Origin.objects.filter(party__in=origins)
    batch.newest = {Party(one.party): one.newest_epoch for one in rows}
    ids = [one for waiting in batch.waiting.values() for one, _ in waiting.values()]
    known = Carried.objects.filter(origin__in=origins, message_id__in=ids)
    batch.carried = set(known.values_list("origin", "message_id"))


def _work_stream(batch: _Batch, place: Place) -> None:
    origin, resident = place
    waiting, done = batch.waiting.get(place, {}), batch.done[place]
    for turn in list(order.due(done, waiting, batch.newest.get(origin, 0))):
        message_id, signed = waiting[turn]
        if (origin, message_id) not in batch.carried:
            try:
                _carry_out(batch, origin, message_id, signed)
            except KeyNotKnownYet:  # of what it holds: it waits until the key is heard of
                batch.keys_missing.add(place)
                break
        batch.done[place] = max(turn, batch.done[place])
        batch.worked.append((origin, resident, *turn))


def _carry_out(batch: _Batch, origin: Party, message_id: UUID, signed: str) -> None:
    message = read(keyring.text_of(signed))
    outcome = _outcome(batch, message, signed)
    batch.outcomes.append(
        Carried(origin=origin, message_id=message_id, kind=message.kind, outcome=outcome)
    )
    batch.carried.add((origin, message_id))
    if message.kind != Outcomes.KIND:
        batch.told.setdefault(origin, {})[message.id] = outcome


def _outcome(batch: _Batch, message: Message, signed: str) -> str:
    duty = duties.DUTIES.get((duties.tier(own.this()), message.kind))
    carry_out = DEEDS.get(duty.does) if duty else None
    if carry_out is None:
        return NO_DUTY.code
    if isinstance(message.body, str) != (message.kind in duties.SEALED):
        return MALFORMED.code
    try:
        return carry_out(keyring.opened(message), signed, batch.desk)
    except CannotOpen:
        return CANNOT_OPEN.code
    except Malformed:
        return MALFORMED.code
    except Untrusted:
        return UNTRUSTED.code


def _keep(batch: _Batch) -> None:
    """What became of the batch, in one statement for each table."""
    again_at = clock.now() + KEY_AGAIN
    for origin, of in batch.told.items():
        batch.desk.tell_outcomes(origin, of)
    batch.desk.write()
    Carried.objects.bulk_create(batch.outcomes)
    done = [
        (*place, *turn, again_at if place in batch.keys_missing else None)
        for place, turn in batch.done.items()
    ]
    with connection.cursor() as cursor:
        cursor.execute(_WORKED, [*columns(batch.worked, 4), own.this()])
        cursor.execute(_DONE, columns(done, 5))

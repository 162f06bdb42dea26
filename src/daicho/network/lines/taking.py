"""小包を受ける: everything new of it is kept in one transaction before its receipt is given."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from uuid import UUID

from django.db import connection, transaction

from daicho.access import clock
from daicho.law.network.faults import FAR_AHEAD, TURN_TAKEN
from daicho.network import duties
from daicho.network.lines import keyring, logs, own
from daicho.network.lines.arrays import columns
from daicho.network.lines.logs import Entry
from daicho.network.models import ReceivingLine, Taken
from daicho.network.protocol import intake, links, order
from daicho.network.protocol.intake import Arrival, Item, KeyNotKnownYet, Untrusted
from daicho.network.protocol.links import Fit, Parcel, Receipt, Received, Refusal
from daicho.network.protocol.message import Malformed, Message, Stream, Turn, read
from daicho.network.protocol.parties import Party, next_hop

_SEEN = """
SELECT a.origin, a."to", a.resident::text, a.epoch, a.ordinal, a.message_id::text, a.made_at_ms
FROM network_arrived a
JOIN unnest(%s::text[], %s::text[], %s::uuid[], %s::bigint[], %s::bigint[])
    AS asked(origin, "to", resident, epoch, ordinal)
    USING (origin, "to", resident, epoch, ordinal)
"""
_DONE = """
SELECT s.origin, s.resident::text, s.done_epoch, s.done_ordinal FROM network_stream s
JOIN unnest(%s::text[], %s::uuid[]) AS asked(origin, resident) USING (origin, resident)
"""
_TAKE = """
INSERT INTO network_taken (neighbour, place, digest, fault)
SELECT %s, * FROM unnest(%s::bigint[], %s::text[], %s::text[])
ON CONFLICT (neighbour, place) DO UPDATE SET digest = EXCLUDED.digest, fault = EXCLUDED.fault
"""
_ARRIVE = """
INSERT INTO network_arrived
    (origin, "to", resident, epoch, ordinal, message_id, made_at_ms, signed, waits, arrived_at)
SELECT *, clock_timestamp() FROM unnest(%s::text[], %s::text[], %s::uuid[], %s::bigint[],
    %s::bigint[], %s::uuid[], %s::bigint[], %s::text[], %s::boolean[])
ON CONFLICT (origin, "to", resident, epoch, ordinal) DO UPDATE
SET message_id = EXCLUDED.message_id, made_at_ms = EXCLUDED.made_at_ms, signed = EXCLUDED.signed,
    waits = EXCLUDED.waits
"""
_NEWEST = """
INSERT INTO network_origin AS o (party, newest_epoch) SELECT * FROM unnest(%s::text[], %s::bigint[])
ON CONFLICT (party) DO UPDATE SET newest_epoch = EXCLUDED.newest_epoch
WHERE o.newest_epoch < EXCLUDED.newest_epoch
RETURNING party
"""
_DUE = """
INSERT INTO network_stream AS s (origin, resident, done_epoch, done_ordinal, due_at, failures)
SELECT DISTINCT origin, resident, 0, 0, %s::timestamptz, 0
FROM unnest(%s::text[], %s::uuid[]) AS came(origin, resident)
ON CONFLICT (origin, resident) DO UPDATE SET due_at = least(s.due_at, EXCLUDED.due_at)
"""
# Of a sender that began a new epoch nothing earlier is waited for any longer.
_ALL_DUE = """
UPDATE network_stream s SET due_at = least(s.due_at, %s) WHERE s.origin = ANY(%s) AND EXISTS (
    SELECT FROM network_arrived a
    WHERE a.waits AND a.origin = s.origin AND a.resident = s.resident)
"""


def take(parcel: Parcel) -> Receipt | None:
    """小包を受ける: gives the receipt; None where the parcel is not for us, or of no neighbour."""
    sender = parcel.sender
    if parcel.receiver != own.this() or sender not in own.neighbours():
        return None
    opened = _Opened()
    messages = list(opened.each(parcel.signed))  # outside of any lock
    with transaction.atomic():
        line = _line(sender)
        known = _known(messages)
        arrival = _arrived(parcel, line, opened, known)
        if arrival.fit is Fit.FOLLOWS:
            _keep(parcel, line, arrival, known)
        end = Received(line.epoch, line.upto)
        refusals = _refusals(sender, parcel.first, end.upto)
        return arrival.receipt(parcel, line.digest, refusals)


class _Opened:
    """署名を確かめた電文: each is checked once, before the line is locked."""

    def __init__(self) -> None:
        self._checker = keyring.checker()
        self._found: dict[str, tuple[Party, bytes] | Exception] = {}

    def each(self, signed: Iterable[str]) -> Iterable[Message]:
        """The messages that can be read, of as many as a parcel has."""
        for text in islice(signed, links.PARCEL_MESSAGES_MAX):
            if len(text) > intake.MESSAGE_BYTES_MAX:
                continue
            try:
                found = self._found[text] = self._checker.opened(text)
                yield read(found[1])
            except (Untrusted, KeyNotKnownYet) as why:
                self._found[text] = why
            except Malformed:
                continue

    def opened(self, signed: str) -> tuple[Party, bytes]:
        """As `intake.Checker` says."""
        found = self._found[signed]
        if isinstance(found, Exception):
            raise found
        return found


@dataclass
class _Known:
    """既に知る順番: by turn which message came and when it was made; by stream what is done."""

    seen: dict[tuple[Stream, Turn], tuple[str, int]] = field(default_factory=dict)
    done: dict[Stream, Turn] = field(default_factory=dict)


def _line(neighbour: Party) -> ReceivingLine:
    ReceivingLine.objects.get_or_create(neighbour=neighbour)
    return ReceivingLine.objects.select_for_update().get(neighbour=neighbour)


def _known(messages: Collection[Message]) -> _Known:
    known, this = _Known(), own.this()
    named = {(one.stream, one.turn) for one in messages}
    with connection.cursor() as cursor:
        cursor.execute(_SEEN, columns([(*stream, *turn) for stream, turn in named], 5))
        for origin, to, resident, epoch, ordinal, message_id, at in cursor.fetchall():
            stream = Stream(Party(origin), Party(to), resident)
            known.seen[stream, Turn(epoch, ordinal)] = message_id, at
        to_us = {(one.origin, one.resident) for one, _ in named if one.to == this}
        cursor.execute(_DONE, columns(list(to_us), 2))
        for origin, resident, epoch, ordinal in cursor.fetchall():
            known.done[Stream(Party(origin), this, resident)] = Turn(epoch, ordinal)
    return known


def _arrived(parcel: Parcel, line: ReceivingLine, opened: _Opened, known: _Known) -> Arrival:
    now = own.now_ms()
    waited = now - line.stopped_since if line.stopped_place == parcel.first else 0
    return intake.arrive(
        parcel,
        Received(line.epoch, line.upto),
        _digest_before(parcel),
        now,
        opened,
        partial(_judge, parcel.sender, known, now),
        waited_ms=waited,
    )


def _digest_before(parcel: Parcel) -> str | None:
    if parcel.first == 1:
        return links.NO_LOG
    rows = Taken.objects.filter(neighbour=parcel.sender, place=parcel.first - 1)
    return rows.values_list("digest", flat=True).first()


def _judge(neighbour: Party, known: _Known, now: int, message: Message) -> str:
    this, stream, turn = own.this(), message.stream, message.turn
    seen, _ = known.seen.get((stream, turn), (message.id, 0))
    done = known.done.get(stream, order.NOTHING_DONE)
    is_here = stream.to == this  # who passes it on does not know what is done
    return (
        intake.wrong_way(stream, this, neighbour)
        or intake.no_such_party(stream, this, own.neighbours())
        or intake.from_the_future(message, now)
        or duties.fault_at(this, message)
        or (TURN_TAKEN.code if seen != message.id else "")
        or (FAR_AHEAD.code if is_here and order.is_far_ahead(done, turn) else "")
    )


def _keep(parcel: Parcel, line: ReceivingLine, arrival: Arrival, known: _Known) -> None:
    if parcel.epoch > line.epoch:  # what the sender forgot is forgotten here
        Taken.objects.filter(neighbour=parcel.sender, place__gte=parcel.first).delete()
    if arrival.items:
        kept = zip(arrival.items, arrival.digests, strict=True)
        rows = [(item.place, digest, item.fault) for item, digest in kept]
        with connection.cursor() as cursor:
            cursor.execute(_TAKE, [parcel.sender, *columns(rows, 3)])
        _keep_messages(arrival.items, known)
        line.stopped_place = line.stopped_since = 0
    elif line.stopped_place != parcel.first:
        line.stopped_place, line.stopped_since = parcel.first, own.now_ms()
    line.epoch, line.upto = arrival.end
    line.digest = arrival.digests[-1] if arrival.digests else parcel.before
    line.taken_at = clock.now()
    line.save()


def _keep_messages(items: Iterable[Item], known: _Known) -> None:
    """Those that are new; one that was sent again in its turn takes the place of the first."""
    this = own.this()
    new: dict[tuple[Stream, Turn], tuple[Message, str]] = {}
    for item in items:
        message = item.message
        if message is None or item.fault:
            continue
        turn = message.stream, message.turn
        if known.seen.get(turn, ("", 0))[1] != message.at:
            known.seen[turn] = message.id, message.at
            new[turn] = message, item.signed
    if not new:
        return
    # the stream before its messages, as the worker locks them
    _wait([message for message, _ in new.values() if message.stream.to == this])
    with connection.cursor() as cursor:
        rows = [_row(message, signed, this) for message, signed in new.values()]
        cursor.execute(_ARRIVE, columns(rows, 9))
    _pass_on([one for one in new.values() if one[0].stream.to != this])


def _row(message: Message, signed: str, this: Party) -> tuple[object, ...]:
    is_ours = message.stream.to == this
    text = signed if is_ours else ""
    return (*message.stream, *message.turn, message.id, message.at, text, is_ours)


def _pass_on(messages: Collection[tuple[Message, str]]) -> None:
    if not messages:
        return
    ways: dict[Party, list[Entry]] = {}
    for message, signed in messages:
        entry = Entry(message.stream.origin, UUID(message.id), signed)
        ways.setdefault(next_hop(own.this(), message.stream.to), []).append(entry)
    for to, line in own.sending_lines(ways.keys()).items():
        logs.hand_over(line, ways[to])


def _wait(messages: Collection[Message]) -> None:
    """They wait for their turn; the worker is told which streams to look at."""
    if not messages:
        return
    epochs: dict[Party, int] = {}
    now = clock.now()
    for one in messages:
        origin = one.stream.origin
        epochs[origin] = max(epochs.get(origin, 0), one.turn.epoch)
    with connection.cursor() as cursor:
        cursor.execute(_NEWEST, columns(sorted(epochs.items()), 2))
        begun = [party for (party,) in cursor.fetchall()]
        streams = [(one.stream.origin, one.stream.resident) for one in messages]
        cursor.execute(_DUE, [now, *columns(streams, 2)])
        if begun:
            cursor.execute(_ALL_DUE, [now, begun])


def _refusals(neighbour: Party, first: int, upto: int) -> Iterable[Refusal]:
    rows = Taken.objects.filter(neighbour=neighbour, place__range=(first, upto)).exclude(fault="")
    return [Refusal(place, fault) for place, fault in rows.values_list("place", "fault")]

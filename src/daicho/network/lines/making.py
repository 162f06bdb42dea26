"""電文を作る: what is to be told gets its turn, its signature and its place on the line.

By the relay alone, one at a time, never in the transaction of a change: after an old backup came
back a neighbour must say first which epoch was the last.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from django.db import connection

from daicho.network.lines import keyring, logs, own
from daicho.network.lines.arrays import columns
from daicho.network.lines.logs import Entry
from daicho.network.models import SendingLine, Sent
from daicho.network.protocol import order
from daicho.network.protocol.message import Body, Message, Stream, Turn, written
from daicho.network.protocol.parties import Party, next_hop

_LAST = """
SELECT t."to", t.resident::text, t.epoch, t.ordinal FROM network_giventurn t
JOIN unnest(%s::text[], %s::uuid[]) AS asked("to", resident) USING ("to", resident)
"""
_GIVE = """
INSERT INTO network_giventurn ("to", resident, epoch, ordinal)
SELECT * FROM unnest(%s::text[], %s::uuid[], %s::bigint[], %s::bigint[])
ON CONFLICT ("to", resident) DO UPDATE SET epoch = EXCLUDED.epoch, ordinal = EXCLUDED.ordinal
"""


@dataclass(frozen=True, slots=True)
class Letter:
    """送るもの: what is told to whom, about which resident; `outbox_id` is what caused it."""

    message_id: UUID
    to: Party
    resident: UUID
    kind: str
    v: int
    article: str
    body: Body
    outbox_id: int | None = None


def send(letters: Sequence[Letter], lines: dict[Party, SendingLine], epoch: int) -> None:
    """電文にする: in the running transaction, under the locks of `lines`, in this order."""
    this, at = own.this(), own.now_ms()
    turns = given([Stream(this, one.to, str(one.resident)) for one in letters], epoch)
    messages = [
        Message(
            id=str(one.message_id),
            kind=one.kind,
            v=one.v,
            stream=Stream(this, one.to, str(one.resident)),
            turn=turn,
            at=at,
            article=one.article,
            body=one.body,
        )
        for one, turn in zip(letters, turns, strict=True)
    ]
    places = placed(messages, lines)
    Sent.objects.bulk_create(
        Sent(
            message_id=letter.message_id,
            outbox_id=letter.outbox_id,
            kind=letter.kind,
            to=letter.to,
            resident=letter.resident,
            epoch=message.turn.epoch,
            ordinal=message.turn.ordinal,
            made_at=moment(at),
            neighbour=next_hop(this, letter.to),
            place=place,
        )
        for letter, message, place in zip(letters, messages, places, strict=True)
    )


def given(streams: Sequence[Stream], epoch: int) -> list[Turn]:
    """順番を与える: the next turns of these streams, in this order; who calls is alone at it."""
    wanted = sorted({(one.to, one.resident) for one in streams})
    asked = columns(wanted, 2)
    with connection.cursor() as cursor:
        cursor.execute(_LAST, asked)
        last = {(to, of): Turn(epoch_, ordinal) for to, of, epoch_, ordinal in cursor.fetchall()}
        turns = []
        for one in streams:
            before = last.get((one.to, one.resident), order.NOTHING_DONE)
            turns.append(order.next_turn(before, epoch))
            last[one.to, one.resident] = turns[-1]
        cursor.execute(_GIVE, [*asked, *columns([last[one] for one in wanted], 2)])
    return turns


def placed(messages: Iterable[Message], lines: dict[Party, SendingLine]) -> list[int]:
    """署名し、回線の記録に加える: gives the place of each."""
    signer, this = keyring.signer(), own.this()
    of_lines: dict[Party, list[Entry]] = {}
    at: list[tuple[Party, int]] = []
    for one in messages:
        entries = of_lines.setdefault(next_hop(this, one.stream.to), [])
        at.append((next_hop(this, one.stream.to), len(entries)))
        entries.append(Entry(this, UUID(one.id), signer.signed(written(one))))
    firsts = {to: logs.hand_over(lines[to], entries) for to, entries in of_lines.items()}
    return [firsts[to] + behind for to, behind in at]


def moment(ms: int) -> datetime:
    """時点: of milliseconds since 1970."""
    return datetime.fromtimestamp(ms / 1000, UTC)

"""送信待ちから電文へ: what changes have put into the outbox, and what duties have to tell.

No more is given a place than a neighbour may leave without a receipt: what is beyond waits where it
is, and the age of the oldest is told on the console.
"""

from collections.abc import Iterator, Sequence
from uuid import UUID

from django.db import connection, transaction

from daicho.access import clock
from daicho.network.deeds import coded, composers
from daicho.network.deeds.composers import NotYet
from daicho.network.lines import keyring, making, own
from daicho.network.lines.making import Letter
from daicho.network.models import Due, Hold, Outbox, SendingLine, Unsent
from daicho.network.protocol.parties import Party, above

BATCH = 200
WINDOW = 2_000
"""未受領の限度: so many may have a place on a line and no receipt."""
LOCK = 5_211_254  # one at a time gives turns
_ANY = """
SELECT EXISTS (SELECT FROM network_unsent)
    OR EXISTS (SELECT FROM network_due WHERE kind = ANY(%s))
"""
_DUE = """
SELECT d.outbox_id FROM network_due d
WHERE d.kind = ANY(%s) AND NOT EXISTS (
    SELECT FROM network_hold h WHERE h.record_id = d.record_id)
ORDER BY d.outbox_id LIMIT %s
"""


def compose() -> int:
    """電文にする: a batch of what waits; gives how many, 0 while another is at it."""
    with transaction.atomic():
        if not (_something_waits() and _alone()):
            return 0
        this = own.shared()
        lines = own.sending_lines(own.neighbours())
        letters = [*_of_duties(lines), *_of_changes(lines)]
        if letters:
            making.send(letters, lines, this.epoch)
    return len(letters)


def _something_waits() -> bool:
    """Asked several times a second: no lock is taken for nothing."""
    with connection.cursor() as cursor:
        cursor.execute(_ANY, [sorted(composers.COMPOSERS)])
        (found,) = cursor.fetchone()
    return bool(found)


def _alone() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
        (mine,) = cursor.fetchone()
    return bool(mine)


def _room(line: SendingLine) -> int:
    if line.is_unasked:
        return 0
    return max(0, WINDOW - (line.handed - line.receipted))


def _of_duties(lines: dict[Party, SendingLine]) -> list[Letter]:
    """What a duty has to tell: never held back by a window, for it empties that of others."""
    asked = [to for to, line in lines.items() if not line.is_unasked]
    rows = list(Unsent.objects.filter(neighbour__in=asked).order_by("id")[:BATCH])
    Unsent.objects.filter(pk__in=[one.pk for one in rows]).delete()
    return [
        Letter(one.message_id, Party(one.to), one.resident, one.kind, one.v, one.article, one.body)
        for one in rows
    ]


def _of_changes(lines: dict[Party, SendingLine]) -> list[Letter]:
    prefecture = above(own.this())
    if prefecture is None or prefecture not in lines:
        return []
    most = min(BATCH, _room(lines[prefecture]))
    kinds = sorted(composers.COMPOSERS)
    coded.let_go()
    with connection.cursor() as cursor:
        cursor.execute(_DUE, [kinds, most])
        ids = [one for (one,) in cursor.fetchall()]
    rows = coded.with_codes(Outbox.objects.filter(pk__in=ids).order_by("id"))
    letters = list(_letters(rows))
    Due.objects.filter(pk__in=[one.outbox_id for one in letters]).delete()
    return letters


def _letters(rows: Sequence[Outbox]) -> Iterator[Letter]:
    """Of one resident nothing goes before what waits; that the rest may go, it is held by name."""
    held: set[UUID] = set()
    numbers = composers.numbers_of(rows)
    for row in rows:
        if row.record_id in held:
            continue
        try:
            to, said = composers.COMPOSERS[row.kind](row, own.this(), numbers)
        except NotYet as why:
            held.add(row.record_id)
            Hold.objects.get_or_create(
                record_id=row.record_id,
                defaults={"reason": why.reason, "operator_id": None, "held_at": clock.now()},
            )
            continue
        yield Letter(
            message_id=own.new_id(),
            to=to,
            resident=row.record_id,
            kind=said.KIND,
            v=said.V,
            article=said.ARTICLE,
            body=keyring.body_of(said, to),
            outbox_id=row.pk,
        )

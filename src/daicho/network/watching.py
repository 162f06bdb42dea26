"""回線の監視: how the lines to the neighbours are, in counts; it concerns no person."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import Count, Sum

from daicho.access import clock
from daicho.access.permits import Permit, demand_work
from daicho.law.network import mending
from daicho.law.network.faults import FAULTS, Fault
from daicho.law.rule import COUNT_MAX, Finding
from daicho.network.deeds.composers import COMPOSERS
from daicho.network.lines import own
from daicho.network.models import (
    DoorCount,
    Due,
    Hold,
    Own,
    ReceivingLine,
    SendingLine,
    Taken,
    Unsent,
)
from daicho.network.protocol.parties import Party

DOOR_DAYS = 7
"""門前の拒否を数える日数: with today."""
_OLDEST_DUE = """
SELECT d.due_at FROM network_due d
WHERE d.kind = %s AND NOT EXISTS (SELECT FROM network_hold h WHERE h.record_id = d.record_id)
ORDER BY d.outbox_id LIMIT 1
"""
# Of each line the moment at which the first that has no receipt was handed over.
_HANDED = """
SELECT s.neighbour, l.at FROM network_sendingline s
    JOIN network_logged l ON l.neighbour = s.neighbour AND l.place = s.receipted + 1
"""
_STREAMS = """
SELECT count(*), count(*) FILTER (WHERE failures > 0) FROM network_stream WHERE due_at IS NOT NULL
"""


@dataclass(frozen=True)
class Refused:
    """拒んだ電文: of a neighbour, for one fault; `fault` is None where this version knows none."""

    code: str
    fault: Fault | None
    count: int


@dataclass(frozen=True)
class Line:
    """一つの回線: to and from one neighbour. Moments are None where it never happened.

    `trouble` is the code of why it did not answer, blank where it did; `is_unasked`: since an old
    backup came back it has not said how far it is; `stops_for_key`: what came waits for a key.
    """

    neighbour: Party
    tried_at: datetime | None = None
    answered_at: datetime | None = None
    trouble: str = ""
    is_unasked: bool = False
    unreceipted_count: int = 0
    oldest_at: datetime | None = None
    received_count: int = 0
    received_at: datetime | None = None
    stops_for_key: bool = False
    refused: tuple[Refused, ...] = ()


@dataclass(frozen=True)
class Overview:
    """回線の状況: the lines, what waits before them and behind them, and what is to be told of it.

    `due_count` are notices that are no messages yet, `worked_count` the residents of whom something
    waits to be carried out here, `failing_count` those of them where it failed.
    """

    lines: tuple[Line, ...]
    due_count: int
    held_count: int
    worked_count: int
    failing_count: int
    oldest_at: datetime | None
    is_catching_up: bool
    doors: tuple[tuple[str, Refused], ...]  # of which peer, blank where nobody knows
    finding: Finding | None


def overview(permit: Permit) -> Overview:
    """回線の状況: at this moment."""
    demand_work(permit, "lines")
    now = clock.now()
    lines = tuple(_lines())
    worked, failing = _streams()
    oldest = min(filter(None, [_oldest_due(), *(one.oldest_at for one in lines)]), default=None)
    return Overview(
        lines=lines,
        due_count=_due_count([one.neighbour for one in lines]),
        held_count=Hold.objects.count(),
        worked_count=worked,
        failing_count=failing,
        oldest_at=oldest,
        is_catching_up=Own.objects.filter(is_catching_up=True).exists(),
        doors=_doors(now),
        finding=_late(permit, oldest, now),
    )


def late(permit: Permit) -> Finding | None:
    """遅れ: what is to be told on the first screen; None while everything is receipted in time."""
    demand_work(permit, "lines")
    oldest = min(filter(None, [_oldest_due(), *_handed().values()]), default=None)
    return _late(permit, oldest, clock.now())


def is_catching_up(permit: Permit) -> bool:
    """控えから戻した後か: what comes is taken, and not carried out yet."""
    demand_work(permit, "lines")
    return Own.objects.filter(is_catching_up=True).exists()


def _late(permit: Permit, oldest: datetime | None, now: datetime) -> Finding | None:
    if oldest is None:
        return None
    return mending.waited(min((now - oldest) // timedelta(minutes=1), COUNT_MAX), on=permit.on)


def _lines() -> list[Line]:
    sending = {one.neighbour: one for one in SendingLine.objects.all()}
    receiving = {one.neighbour: one for one in ReceivingLine.objects.all()}
    names = sorted({*own.neighbours(), *map(Party, sending), *map(Party, receiving)})
    refused, handed = _refused(names), _handed()
    return [
        _line(one, sending.get(one), receiving.get(one), refused.get(one, ()), handed.get(one))
        for one in names
    ]


def _line(
    name: Party,
    to: SendingLine | None,
    back: ReceivingLine | None,
    refused: tuple[Refused, ...],
    oldest_at: datetime | None,
) -> Line:
    to = to or SendingLine(neighbour=name)
    back = back or ReceivingLine(neighbour=name)
    return Line(
        neighbour=name,
        tried_at=to.tried_at,
        answered_at=to.answered_at,
        trouble=to.trouble,
        is_unasked=to.is_unasked,
        unreceipted_count=to.handed - to.receipted,
        oldest_at=oldest_at,
        received_count=back.upto,
        received_at=back.taken_at,
        stops_for_key=bool(back.stopped_place),
        refused=refused,
    )


def _handed() -> Mapping[str, datetime]:
    with connection.cursor() as cursor:
        cursor.execute(_HANDED)
        return dict(cursor.fetchall())


def _refused(names: list[Party]) -> Mapping[str, tuple[Refused, ...]]:
    rows = Taken.objects.filter(neighbour__in=names).exclude(fault="").values("neighbour", "fault")
    counted = rows.annotate(count=Count("*")).order_by("neighbour", "fault")
    found: dict[str, list[Refused]] = {}
    for name, code, count in counted.values_list("neighbour", "fault", "count"):
        found.setdefault(name, []).append(Refused(code, FAULTS.get(code), count))
    return {name: tuple(those) for name, those in found.items()}


def _doors(now: datetime) -> tuple[tuple[str, Refused], ...]:
    since = now.astimezone(clock.TOKYO).date() - timedelta(days=DOOR_DAYS - 1)
    rows = DoorCount.objects.filter(on__gte=since).values("peer", "fault")
    counted = rows.annotate(sum=Sum("count")).order_by("peer", "fault")
    return tuple(
        (peer, Refused(code, FAULTS.get(code), count))
        for peer, code, count in counted.values_list("peer", "fault", "sum")
    )


def _due_count(names: list[Party]) -> int:
    """What changes and duties have to tell, and what is no message yet."""
    due = Due.objects.filter(kind__in=sorted(COMPOSERS))
    return due.count() + Unsent.objects.filter(neighbour__in=names).count()


def _oldest_due() -> datetime | None:
    found: list[datetime] = []
    with connection.cursor() as cursor:
        for kind in sorted(COMPOSERS):
            cursor.execute(_OLDEST_DUE, [kind])
            found += [at for (at,) in cursor.fetchall()]
    return min(found, default=None)


def _streams() -> tuple[int, int]:
    with connection.cursor() as cursor:
        cursor.execute(_STREAMS)
        worked, failing = cursor.fetchone()
    return int(worked), int(failing)

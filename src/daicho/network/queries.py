"""送信の状況の照会: how far what is told of one resident has come; trailed."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.db import transaction

from daicho.access.permits import Permit, demand, look
from daicho.law.network.faults import Fault
from daicho.network.deeds.composers import COMPOSERS
from daicho.network.mending.faulted import fault_of
from daicho.network.mending.holds import OnHold, held_of
from daicho.network.messages.outcomes import DONE, LATE
from daicho.network.models import Hold, Outbox, Sent

NEWEST_MOST = 20
UNSENT, WAITS, HELD = "unsent", "waits", "held"
SENT, RECEIPTED, AT_CENTRE, WRONG = "sent", "receipted", "at_centre", "wrong"


@dataclass(frozen=True)
class Progress:
    """送信の状況: of one notice: one of the states of this module, and when each step was reached.

    `hold` is the reason of a hold in words. `fault` is why it was not taken or not carried out;
    None with the state WRONG where this version does not know its code.
    """

    kind: str
    article: str
    reason: str
    history_no: int
    at: datetime
    state: str
    sent_at: datetime | None = None
    receipted_at: datetime | None = None
    centre_at: datetime | None = None
    wrong_at: datetime | None = None
    hold: str = ""
    fault: Fault | None = None


def progress(permit: Permit, record_id: UUID, *, withheld: bool) -> tuple[Progress, ...]:
    """The newest notices about one resident, the newest first.

    `withheld` is what the register's `visible` says of the person: of who is withheld or out of
    reach there are none, for what is sent when tells what happened to them.
    """
    demand(permit, "resident")
    with transaction.atomic():
        found = () if withheld else _newest(record_id)
        said = {"rows": len(found)}
        look(permit, "look", "network.progress", record_ids=[record_id], detail=said)
    return found


def held(permit: Permit, record_id: UUID) -> OnHold | None:
    """保留: of one resident, for whose work it is; the page that asks has trailed its look."""
    demand(permit, "resident")
    row = Hold.objects.filter(pk=record_id).first()
    return None if row is None else held_of(row)


def _newest(record_id: UUID) -> tuple[Progress, ...]:
    hold = Hold.objects.filter(pk=record_id).first()
    rows = list(Outbox.objects.filter(record_id=record_id).order_by("-id")[:NEWEST_MOST])
    messages = Sent.objects.filter(outbox_id__in=[row.pk for row in rows])
    sent = {one.outbox_id: one for one in messages}
    return tuple(_progress(row, sent.get(row.pk), hold) for row in rows)


def _progress(row: Outbox, sent: Sent | None, hold: Hold | None) -> Progress:
    notice = Progress(row.kind, row.article, row.body["reason"], row.history_no, row.at, WAITS)
    if sent is not None:
        return _of_message(notice, sent)
    if row.kind not in COMPOSERS:
        return replace(notice, state=UNSENT)
    if hold is None:
        return notice
    return replace(notice, state=HELD, hold=held_of(hold).reason)


def _of_message(notice: Progress, sent: Sent) -> Progress:
    wrong = fault_of(sent)
    is_at_centre = sent.above in {DONE, LATE}
    state = RECEIPTED if sent.receipted_at else SENT
    if is_at_centre:
        state = AT_CENTRE
    return replace(
        notice,
        state=WRONG if wrong else state,
        sent_at=sent.made_at,
        receipted_at=sent.receipted_at,
        centre_at=sent.above_at if is_at_centre else None,
        wrong_at=wrong.told_at if wrong else None,
        fault=wrong.fault if wrong else None,
    )

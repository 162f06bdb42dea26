"""送信の状況の照会: how far what is told of one resident has come; trailed."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.db import transaction

from daicho.access.permits import Permit, demand, look
from daicho.law.network.faults import Fault
from daicho.network.deeds.composers import COMPOSERS
from daicho.network.mending import arrived
from daicho.network.mending.arrived import Said, Standing
from daicho.network.mending.faulted import fault_of
from daicho.network.mending.holds import OnHold, held_of
from daicho.network.messages.individual_number import IndividualNumber
from daicho.network.messages.individual_number_request import IndividualNumberRequest
from daicho.network.messages.outcomes import DONE, LATE
from daicho.network.models import Hold, Outbox, Sent

NEWEST_MOST = 20
UNSENT, WAITS, HELD = "unsent", "waits", "held"
SENT, RECEIPTED, AT_CENTRE, WRONG = "sent", "receipted", "at_centre", "wrong"
ANSWER_STANDS = "answer_stands"
_DONE = frozenset({DONE, LATE})


@dataclass(frozen=True)
class Progress:
    """送信の状況: of one notice: one of the states of this module, and when each step was reached.

    `hold` is the reason of a hold in words. `fault` is why it was not taken or not carried out;
    None with the state WRONG where this version does not know its code. `only_passes`: the
    prefecture passes it on and takes nothing. `against` is what the law says against the answer
    that stands still here; none where failures of ours alone stand in its way.
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
    only_passes: bool = False
    against: tuple[Said, ...] = ()


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
    found = [_progress(row, sent.get(row.pk), hold) for row in rows]
    return tuple(_with_answers(found, record_id))


def _with_answers(found: list[Progress], record_id: UUID) -> list[Progress]:
    """回答の記載: an answer that stands still is told at the newest request before it."""
    asked = [it for it, one in enumerate(found) if _is_asked(one)]
    stands = arrived.unanswered(record_id, IndividualNumber.KIND) if asked else ()
    for answer in stands:
        place = next((it for it in asked if _came_after(answer, found[it])), None)
        if place is not None:
            found[place] = replace(found[place], state=ANSWER_STANDS, against=answer.said)
            asked.remove(place)
    return found


def _is_asked(one: Progress) -> bool:
    return one.kind == IndividualNumberRequest.KIND and one.sent_at is not None


def _came_after(answer: Standing, request: Progress) -> bool:
    return request.sent_at is not None and request.sent_at <= answer.arrived_at


def _progress(row: Outbox, sent: Sent | None, hold: Hold | None) -> Progress:
    notice = Progress(
        kind=row.kind,
        article=row.article,
        reason=row.body["reason"],
        history_no=row.history_no,
        at=row.at,
        state=WAITS,
        only_passes=row.kind == IndividualNumberRequest.KIND,
    )
    if sent is not None:
        return _of_message(notice, sent)
    if row.kind not in COMPOSERS:
        return replace(notice, state=UNSENT)
    if hold is None:
        return notice
    return replace(notice, state=HELD, hold=held_of(hold).reason)


def _of_message(notice: Progress, sent: Sent) -> Progress:
    wrong = fault_of(sent)
    only_passes = notice.only_passes
    said, said_at = (sent.outcome, sent.outcome_at) if only_passes else (sent.above, sent.above_at)
    receipted_at = None if only_passes else sent.receipted_at
    state = AT_CENTRE if said in _DONE else RECEIPTED if receipted_at else SENT
    return replace(
        notice,
        state=WRONG if wrong else state,
        sent_at=sent.made_at,
        receipted_at=receipted_at,
        centre_at=said_at if said in _DONE else None,
        wrong_at=wrong.told_at if wrong else None,
        fault=wrong.fault if wrong else None,
    )

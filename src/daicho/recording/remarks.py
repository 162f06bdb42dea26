"""備考の記録: the clerk's free remark on one person, through the same door as a change."""

from uuid import UUID

from django.db import transaction

from daicho.access import clock, trail
from daicho.access.permits import Permit, demand, demand_work, look
from daicho.access.refusals import Refused
from daicho.law.changes import door
from daicho.law.rule import Finding
from daicho.recording import judging
from daicho.register import locks, remarks
from daicho.terms.malformed import Malformed
from daicho.terms.names import checked

FUNCTION = "remark"


def remark(permit: Permit, record_id: UUID, text: str, expected_remark_no: int) -> int:
    """Write a remark of a resident or a 除票 and give its number; blank takes the last one away.

    `expected_remark_no` is that of the last remark the clerk saw, 0 where there was none. A repeat
    of the request gives the first result. Raises Refused, with nothing written but its trail row.
    """
    demand(permit, "resident")
    demand_work(permit, FUNCTION)
    with transaction.atomic(durable=True):
        outcome = _write(permit, record_id, text, expected_remark_no)
        if isinstance(outcome, Finding):
            transaction.set_rollback(True)
    if isinstance(outcome, int):
        return outcome
    with transaction.atomic():
        trail.write(
            "refused",
            request_id=permit.request_id,
            actor=permit.actor,
            door="recording",
            purpose=permit.purpose,
            job=permit.job,
            article=permit.article,
            finding=outcome.code,
            record_ids=[record_id],
            detail={"kind": FUNCTION, "findings": outcome.code},
        )
    raise Refused([outcome])


def _write(permit: Permit, record_id: UUID, text: str, seen: int) -> int | Finding:
    on = clock.today()
    if unfit := door.remark_fits(_is_fit(text), on=on):
        return unfit
    if numbered := judging.in_text([text], on):
        return numbered[0]
    locks.share_register()
    written = remarks.written_by(record_id, permit.request_id)
    if written is not None:
        operator_id = permit.actor.operator_id if permit.actor else None
        other = door.same_request(written == (seen + 1, text, operator_id), on=on)
        return other or written[0]
    if gone := door.somebody_there(remarks.is_known(record_id), on=on):
        return gone
    remark_no = remarks.add(permit, record_id, text, seen)
    if changed := door.unchanged_since(remark_no is not None, on=on):
        return changed
    assert remark_no is not None
    look(permit, "change", "recording", record_ids=[record_id], detail={"kind": FUNCTION})
    return remark_no


def _is_fit(text: str) -> bool:
    try:
        checked(text)
    except Malformed:
        return False
    return len(text) <= door.REMARK_CHARS

"""備考の記録: the clerk's free remark on one person, through the same door as a change."""

from collections.abc import Collection
from datetime import date
from uuid import UUID

from django.db import transaction

from daicho.access import clock
from daicho.access.permits import Permit, demand, demand_work, look, trail_refusal
from daicho.access.refusals import Refused
from daicho.law.changes import door
from daicho.law.rule import Finding
from daicho.recording import judging
from daicho.recording.statement import Asked
from daicho.register import locks, remarks, visibility
from daicho.terms.malformed import Malformed
from daicho.terms.names import checked

FUNCTION = "remark"


def remark(
    permit: Permit,
    record_id: UUID,
    text: str,
    expected_remark_no: int,
    accepted: Collection[str] = (),
) -> int:
    """Write a remark of a resident or a 除票 and give its number; blank takes the last one away.

    `expected_remark_no` is that of the last remark the clerk saw, 0 where there was none;
    `accepted` are the codes of the alerts that the clerk has confirmed. A repeat of the request
    gives the first result. Raises Refused or Asked, with nothing written but the trail row of a
    refusal; NotPermitted where the operator is not shown what stands there.
    """
    demand(permit, "resident")
    demand_work(permit, FUNCTION)
    if of := remarks.unseen_in(permit, record_id):
        demand(permit, of)
    with transaction.atomic(durable=True):
        outcome = _write(permit, record_id, text, expected_remark_no, accepted)
        if isinstance(outcome, Finding):
            transaction.set_rollback(True)
    if isinstance(outcome, int):
        return outcome
    if not outcome.refuses:
        raise Asked([outcome])
    trail_refusal(
        permit, [outcome], event="refused", door="recording", record_ids=[record_id], kind=FUNCTION
    )
    raise Refused([outcome])


def _write(
    permit: Permit, record_id: UUID, text: str, seen: int, accepted: Collection[str]
) -> int | Finding:
    on = clock.today()
    numbered = judging.in_text([text], on)
    if unfit := door.remark_fits(_is_fit(text), on=on) or next(iter(numbered), None):
        return unfit
    locks.share_register()
    written = remarks.written_by(record_id, permit.request_id)
    if written is not None:
        operator_id = permit.actor.operator_id if permit.actor else None
        other = door.same_request(written == (seen + 1, text, operator_id), on=on)
        return other or written[0]
    gone = door.somebody_there(remarks.is_known(record_id), on=on)
    held_back = gone or _held_back(record_id, on)
    if held_back is not None and held_back.refuses:
        return held_back
    remark_no = remarks.add(permit, record_id, text, seen)
    if changed := door.unchanged_since(remark_no is not None, on=on):
        return changed
    if held_back is not None and held_back.code not in accepted:
        return held_back  # asked last, when nothing refuses: what was added is rolled back
    assert remark_no is not None
    look(permit, "change", "recording", record_ids=[record_id], detail={"kind": FUNCTION})
    return remark_no


def _held_back(record_id: UUID, on: date) -> Finding | None:
    """照会抑止 and 異動抑止 (3.1): the level error refuses, the level alert of 異動 asks."""
    is_withheld = visibility.suppressed("look", [record_id], on) == "error"
    if withheld := door.remark_seen(is_withheld, on=on):
        return withheld
    return door.not_suppressed(visibility.suppressed("change", [record_id], on), on=on)


def _is_fit(text: str) -> bool:
    try:
        checked(text)
    except Malformed:
        return False
    return len(text) <= door.REMARK_CHARS

"""受け付ける: the one place where a reception and its ending are written."""

from collections.abc import Sequence
from typing import Any, NoReturn
from uuid import UUID, uuid4

from django.db import connection, transaction
from django.db.models import Max

from daicho.access.acting import Actor
from daicho.access.permits import Permit, demand_work, look, refuse, trail_refusal
from daicho.access.refusals import Refused
from daicho.law import purposes, receptions
from daicho.law.receptions import Said, works
from daicho.law.rule import Finding
from daicho.register.models import Draft, ReceptionEnding
from daicho.register.models import Reception as Row
from daicho.register.receiving import answering
from daicho.register.receiving.receptions import Reception, is_undecided, owned, reception

ENDINGS = ("withdrawn", "declined", "issued", "accepted")
"""受付の終わり方: 取下げ, 不受理, 交付済み, 請求の受理; a recorded change needs no row for it."""

# Numbers are given one after the other in each office; the first key is ours alone.
_NUMBERS_OF = "SELECT pg_advisory_xact_lock(%s, hashtext(%s))"
_OUR_KEY = 5_211_220


class Unconfirmed(Exception):
    """確認: nothing refuses, but alerts are not confirmed yet; nothing was written."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        super().__init__(", ".join(one.code for one in findings))
        self.findings = tuple(findings)


def receive(permit: Permit, said: Said) -> Reception:
    """受け付ける: record a reception; a repeat of its request gives the first again.

    The permit is that of the purpose which work and basis have. Raises Refused, trailed, or
    Unconfirmed, with nothing written.
    """
    assert permit.actor is not None, f"the job {permit.job} receives nobody"
    demand_work(permit, "reception")
    findings = receptions.judge(said, permit.on)
    if any(one.refuses for one in findings):
        _refuse(permit, findings)
    if works.basis(said.work, said.basis, permit.on).purpose != permit.purpose:
        refuse(permit.actor, permit.purpose, purposes.not_seen(permit.purpose, permit.on))
    if open_alerts := [one for one in findings if one.code not in said.accepted]:
        raise Unconfirmed(open_alerts)
    content = _content(permit, permit.actor, said)
    with transaction.atomic(durable=True):
        row, other = _written(permit, permit.actor, content)
    if other is not None:
        _refuse(permit, (other,))
    found = reception(permit.actor, row.reception_id)
    assert found is not None, "it was just written"
    return found


def _written(permit: Permit, actor: Actor, content: dict[str, Any]) -> tuple[Row, Finding | None]:
    with connection.cursor() as cursor:
        cursor.execute(_NUMBERS_OF, [_OUR_KEY, actor.office])
    # asked under the lock: of two that bring one request the second waits and gets the first row
    first = Row.objects.filter(request_id=permit.request_id).first()
    if first is not None:
        is_same = all(getattr(first, name) == value for name, value in content.items())
        return first, receptions.same_request(is_same, on=permit.on)
    of_the_day = Row.objects.filter(office=actor.office, taken_on=permit.on)
    highest = of_the_day.aggregate(most=Max("day_no"))["most"] or 0
    row = Row.objects.create(
        reception_id=uuid4(),
        request_id=permit.request_id,
        taken_on=permit.on,
        day_no=highest + 1,
        **content,
    )
    look(permit, "reception", "register.receive", detail={"work": row.work, "basis": row.basis})
    return row, None


def _content(permit: Permit, actor: Actor, said: Said) -> dict[str, Any]:
    """What a reception says, as its row holds it; a repeat must say the same."""
    return {
        "work": said.work,
        "basis": said.basis,
        "received_on": said.received_on or permit.on,
        "capacity": said.capacity,
        "visitor_name": said.visitor_name,
        "visitor_address": said.visitor_address,
        "visitor_phone": said.visitor_phone,
        "principal_name": said.principal_name,
        "identity": list(said.identity),
        "authority": list(said.authority),
        "sender": said.sender,
        "reference": said.reference,
        "reason": said.reason,
        "asked": list(said.asked),
        "copy_count": said.copy_count,
        "post_to_principal": receptions.is_posted(said, permit.on),
        "previous_id": said.previous_id,
        "operator_id": actor.operator_id,
        "office": actor.office,
        "terminal": actor.terminal,
        "ward": actor.ward,
    }


def _refuse(permit: Permit, findings: Sequence[Finding]) -> NoReturn:
    trail_refusal(permit, findings, event="refused", door="register.receive", kind="reception")
    raise Refused(findings)


def end(permit: Permit, reception_id: UUID, how: str, reason: str = "") -> Reception:
    """受付を終える: say that it was withdrawn, declined or answered by a certificate.

    A draft under it is thrown away with it. What has ended, or has led to a change, stays as it is.
    Never inside a transaction: a refusal is trailed in one of its own; `write_end` is for those.
    """
    demand_work(permit, "reception")
    its = owned(permit, reception_id)
    with transaction.atomic():
        write_end(permit, its, how, reason)
    assert permit.actor is not None, "owned() has said so"
    ended = reception(permit.actor, its.reception_id)
    assert ended is not None, "it was there before"
    return ended


def write_end(permit: Permit, its: Reception, how: str, reason: str = "") -> None:
    """受付の終わりを書く: in the running transaction, for a permit that was judged before it.

    `its` is what `receptions.owned` gave that permit.
    """
    assert connection.in_atomic_block, "an ending is written with what it answers"
    assert how in ENDINGS, how
    assert permit.actor is not None, "owned() has said so"
    if its.state not in ("open", "draft"):
        return
    answering.take(its.reception_id)
    if is_undecided(its.reception_id):  # asked again: it may have been recorded since
        ReceptionEnding.objects.create(
            reception_id=its.reception_id,
            how=how,
            reason=reason,
            operator_id=permit.actor.operator_id,
            terminal=permit.actor.terminal,
            request_id=permit.request_id,
        )
        Draft.objects.filter(pk=its.reception_id).delete()
        look(permit, "reception_ended", "register.receive", detail={"how": how})

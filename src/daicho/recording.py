"""異動の入口: the one write door of the register (design §4, §5).

    law           findings on that day -> Refused: nothing is written but a trail row
    ledger        row, versions, projections, under the lock of the households
    consequences  what the change causes, by the table below: outbox rows, same transaction
    trail         who did it, for whom

`CONSEQUENCES` is the table to read first.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from django.db import transaction

from daicho.access import clock, trail
from daicho.access.permits import Permit, demand, look
from daicho.access.refusals import Refused
from daicho.law import changes as law
from daicho.law.rule import Finding, finding
from daicho.network.outbox import (
    tell_family_register_office,
    tell_prefecture,
    tell_previous_municipality,
)
from daicho.register import ledger
from daicho.terms.changes import Change, MovedIn, MovedWithin
from daicho.terms.changes.effects import Effect, What, When
from daicho.terms.changes.recorded import Recorded
from daicho.terms.records import Record

Consequence = Callable[[Recorded], None]

CONSEQUENCES: Mapping[type, tuple[Consequence, ...]] = {
    MovedIn: (tell_prefecture, tell_previous_municipality, tell_family_register_office),
    MovedWithin: (tell_prefecture, tell_family_register_office),
}

_STALE = finding(
    "std10-3.changed_since",
    refuses=True,
    cites=["STD 10.3"],
    what="開いた後に、ほかの操作者がこの住民の記載を変えました。",
    remedy="入力した内容を控え、開き直して、今の記載を確かめてからやり直してください。",
)
_GONE = finding(
    "std11-1.not_there",
    refuses=True,
    cites=["STD 11.1"],
    what="対象の住民がいないか、すでに消除されています。",
    remedy="住民を検索し直してください。除票の者には、転入通知の受理と取消しだけができます。",
)
_HERE = finding(
    "std4-1-1-2.here_already",
    refuses=True,
    cites=["STD 4.1.1.2"],
    what="記載しようとする者は、すでに住民として記載されています。",
    remedy="検索して今の記載を確かめてください。",
)


@dataclass(frozen=True, kw_only=True)
class Statement:
    """異動の申立て: a change with what the 受付 says of it.

    `expected` are the 履歴番号 that the clerk saw of each resident named; `accepted` the codes of
    the alerts the clerk has confirmed.
    """

    change: Change
    occurred_on: str
    received_on: date | None
    basis: str
    expected: Mapping[UUID, int] = field(default_factory=dict)
    accepted: frozenset[str] = frozenset()


class Asked(Exception):
    """確認: nothing refuses, but alerts are not confirmed yet; nothing was written."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        super().__init__(", ".join(one.code for one in findings))
        self.findings = tuple(findings)


def record(permit: Permit, statement: Statement) -> Recorded:
    """Record one change; a repeat of its request gives the first result again.

    Raises Refused or Asked, with nothing written but the trail row of a refusal, and the changes
    of others untouched.
    """
    demand(permit, "resident")
    assert permit.actor is not None, "a change at the counter has an operator"
    with transaction.atomic(durable=True):
        done = ledger.recorded(permit.request_id)
        if done is not None:
            return done
        outcome = _record(permit, statement)
        if not isinstance(outcome, Recorded):
            transaction.set_rollback(True)
    if isinstance(outcome, Recorded):
        return outcome
    if any(one.refuses for one in outcome):
        _trail_refusal(permit, statement, outcome)
        raise Refused(outcome)
    raise Asked(outcome)


def _record(permit: Permit, statement: Statement) -> Recorded | tuple[Finding, ...]:
    change = statement.change
    when = When(statement.occurred_on, statement.received_on, clock.today())
    held = ledger.hold(change, when)
    effects = () if _not_there(statement, held) else change.effects(held.scene)
    if not effects:
        return (_GONE(),)
    if wrong := _stale(statement, effects, held):
        return wrong
    judged = law.judge(
        change, when, statement.basis, ledger.touched_by(effects, held), _after(effects, held)
    )
    open_alerts = [one for one in judged if one.refuses or one.code not in statement.accepted]
    if open_alerts:
        return tuple(open_alerts)
    recorded = ledger.append(change, held, effects, _entered(permit, statement, when))
    for cause in CONSEQUENCES[type(change)]:
        cause(recorded)
    record_ids = [one.effect.record_id for one in recorded.touched]
    said: dict[str, int | str] = {"kind": change.kind, "change": recorded.change_id}
    look(permit, "change", "recording", record_ids=record_ids, detail=said)
    return recorded


def _not_there(statement: Statement, held: ledger.Held) -> bool:
    """Does a change of residents name someone who is not one now?"""
    return any(
        record_id not in held.scene.befores or not held.scene.befores[record_id].is_living
        for record_id in statement.expected
    )


def _stale(
    statement: Statement, effects: Sequence[Effect], held: ledger.Held
) -> tuple[Finding, ...]:
    for one in effects:
        before = held.scene.befores.get(one.record_id)
        if one.what is What.OPENS and before is not None and before.is_living:
            return (_HERE(),)
    seen = statement.expected.items()
    if any(held.history_nos.get(record_id) != history_no for record_id, history_no in seen):
        return (_STALE(),)
    return ()


def _after(effects: Sequence[Effect], held: ledger.Held) -> dict[str, list[Record]]:
    """The living members of each touched household as the change would leave them."""
    people = {one.record_id: one for ms in held.scene.members.values() for one in ms}
    for one in ledger.touched_by(effects, held):
        people[one.effect.record_id] = one.after
    after: dict[str, list[Record]] = {}
    for record in people.values():
        if record.is_living:
            after.setdefault(record.household_number, []).append(record)
    return after


def _entered(permit: Permit, statement: Statement, when: When) -> ledger.Entered:
    actor = permit.actor
    assert actor is not None
    return ledger.Entered(
        when=when,
        basis=statement.basis,
        article=permit.article,
        operator_id=actor.operator_id,
        office=actor.office,
        terminal=actor.terminal,
        ward=actor.ward,
        request_id=permit.request_id,
    )


def _trail_refusal(permit: Permit, statement: Statement, findings: Sequence[Finding]) -> None:
    codes = ",".join(one.code for one in findings if one.refuses)
    with transaction.atomic():
        trail.write(
            "refused",
            request_id=permit.request_id,
            actor=permit.actor,
            door="recording",
            purpose=permit.purpose,
            article=permit.article,
            finding=codes[:40],
            record_ids=statement.change.record_ids,
            detail={"kind": statement.change.kind, "findings": codes},
        )

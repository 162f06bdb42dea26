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
from uuid import UUID, uuid5

from django.db import transaction

from daicho.access import clock, trail
from daicho.access.permits import Permit, demand, demand_work, look, system_permit
from daicho.access.refusals import Refused
from daicho.law import changes as law
from daicho.law.changes import door
from daicho.law.rule import Finding
from daicho.network.outbox import (
    confirm_moving_out,
    tell_family_register_office,
    tell_prefecture,
    tell_previous_municipality,
)
from daicho.register import due, ledger, locks
from daicho.terms.changes import (
    Born,
    Cancelled,
    Change,
    Corrected,
    Died,
    HouseholderChanged,
    MovedIn,
    MovedOut,
    MovedOutClosed,
    MovedWithin,
    MoveInNoticeReceived,
)
from daicho.terms.changes.effects import Effect, What, When
from daicho.terms.changes.recorded import Recorded
from daicho.terms.records import Record

Consequence = Callable[[Recorded], None]

CONSEQUENCES: Mapping[type, tuple[Consequence, ...]] = {
    MovedIn: (tell_prefecture, tell_previous_municipality, tell_family_register_office),
    MovedWithin: (tell_prefecture, tell_family_register_office),
    MovedOut: (),  # until the record closes nothing of 本人確認情報 has changed
    MovedOutClosed: (tell_prefecture, tell_family_register_office),
    MoveInNoticeReceived: (tell_prefecture, confirm_moving_out),
    HouseholderChanged: (),  # 世帯 and 続柄 are no items of 本人確認情報
    Born: (tell_prefecture, tell_family_register_office),
    Died: (tell_prefecture, tell_family_register_office),
    Corrected: (tell_prefecture, tell_family_register_office),
    Cancelled: (tell_prefecture, tell_family_register_office),
}
# What a machine's job may record without an operator; any other kind it is refused.
BY_JOBS: Mapping[str, tuple[type, ...]] = {"daily_closing": (MovedOutClosed,)}
# Kinds that may name who is no resident any more, and those that name who is none yet.
_OF_CLOSED = (MovedIn, MoveInNoticeReceived, Corrected, Cancelled)
_OPENING = (MovedIn, Born)
# The namespace of the request ids of daily closings: one a person, its version and its day.
_CLOSING = UUID("5b3f2f64-8a53-4d0c-9a55-7b0b6a1c0d11")


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
    if permit.actor is not None:  # which jobs may record what is said in BY_JOBS
        demand_work(permit, statement.change.kind)
    with transaction.atomic(durable=True):
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
    of_the_job = type(change) in BY_JOBS.get(permit.job, ())
    if not_by := door.by_operator(permit.actor is not None, of_the_job, on=when.processed_on):
        return (not_by,)
    locks.share_register()
    held = ledger.hold(change, when)
    # asked under the lock: of two that bring one request the second waits and gets the result
    done = ledger.recorded(permit.request_id)
    if done is not None:
        return _repeated(permit, statement, done)
    if gone := door.somebody_there(not _not_there(statement, held), on=when.processed_on):
        return (gone,)
    effects = change.effects(held.scene)
    if wrong := _stale(statement, effects, held):
        return wrong
    judged = _judged(statement, effects, held)
    open_alerts = [one for one in judged if one.refuses or _asks(one, permit, statement)]
    if open_alerts:
        return tuple(open_alerts)
    ward = held.scene.befores[effects[0].record_id].ward if permit.actor is None else ""
    recorded = ledger.append(change, held, effects, _entered(permit, statement, when, ward))
    for cause in CONSEQUENCES[type(change)]:
        cause(recorded)
    record_ids = [one.effect.record_id for one in recorded.touched]
    said: dict[str, int | str] = {"kind": change.kind, "change": recorded.change_id}
    look(permit, "change", "recording", record_ids=record_ids, detail=said)
    return recorded


def _repeated(
    permit: Permit, statement: Statement, done: Recorded
) -> Recorded | tuple[Finding, ...]:
    """The first result again, trailed, for the same operator who sends the same change."""
    same = ledger.was_said(
        permit.request_id, permit.actor.operator_id if permit.actor else None, statement.change
    )
    if other := door.same_request(same, on=done.processed_on):
        return (other,)
    record_ids = [one.effect.record_id for one in done.touched]
    look(permit, "look", "recording", record_ids=record_ids, detail={"rows": len(record_ids)})
    return done


def _judged(
    statement: Statement, effects: Sequence[Effect], held: ledger.Held
) -> tuple[Finding, ...]:
    """What the law says; of a change that would do nothing at least that nobody is there."""
    touched, after = ledger.touched_by(effects, held), _after(effects, held)
    judged = law.judge(statement.change, held.scene, statement.basis, touched, after)
    refusals = tuple(one for one in judged if one.refuses)
    gone = door.somebody_there(bool(effects), on=held.scene.when.processed_on)
    return (refusals or (gone,)) if gone else judged


def _asks(one: Finding, permit: Permit, statement: Statement) -> bool:
    """Is the alert still to be confirmed? Nobody can be asked where there is no operator."""
    return permit.actor is not None and one.code not in statement.accepted


def _not_there(statement: Statement, held: ledger.Held) -> bool:
    """Does a change name someone who is not in the register, or a resident who is none now?"""
    named = set(statement.expected)
    if not isinstance(statement.change, _OPENING):
        named |= set(statement.change.record_ids)
    found = [held.scene.befores.get(record_id) for record_id in named]
    may_be_closed = isinstance(statement.change, _OF_CLOSED)
    return any(one is None or not (one.is_living or may_be_closed) for one in found)


def _stale(
    statement: Statement, effects: Sequence[Effect], held: ledger.Held
) -> tuple[Finding, ...]:
    on = held.scene.when.processed_on
    opened = [one.record_id for one in effects if one.what is What.OPENS]
    befores = [held.scene.befores[one] for one in opened if one in held.scene.befores]
    here = door.not_here_already(any(one.is_living for one in befores), on=on)
    change, seen = statement.change, statement.expected
    is_same = all(held.history_nos.get(one) == number for one, number in seen.items())
    if not isinstance(change, _OPENING):  # who did not say what was seen has not looked
        is_same = is_same and set(change.record_ids) <= set(seen)
    free = door.household_is_free(not _intrudes(change, held), on=on)
    found = here or door.unchanged_since(is_same, on=on) or free
    return (found,) if found else ()


def _intrudes(change: Change, held: ledger.Held) -> bool:
    """Would a household that is said to be new take the number of one that others live in?"""
    if getattr(change, "joins", True):
        return False
    members = (
        one for ms in map(held.scene.members.get, change.household_numbers) for one in ms or ()
    )
    return any(one.record_id not in change.record_ids for one in members)


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


def _entered(permit: Permit, statement: Statement, when: When, ward: str) -> ledger.Entered:
    actor, change = permit.actor, statement.change
    return ledger.Entered(
        when=when,
        basis=statement.basis,
        article=permit.article,
        operator_id=actor.operator_id if actor else None,
        office=actor.office if actor else "",
        terminal=actor.terminal if actor else "",
        ward=actor.ward if actor else ward,
        request_id=permit.request_id,
        corrects=change.cancels if isinstance(change, Cancelled) else None,
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
            job=permit.job,
            article=permit.article,
            finding=codes[:40],
            record_ids=statement.change.record_ids,
            detail={"kind": statement.change.kind, "findings": codes},
        )


@dataclass(frozen=True)
class ClosedDue:
    """日次の消除の結果: persons closed, and the codes of what refused a household's closing."""

    person_count: int
    refused: tuple[tuple[Finding, ...], ...]


def close_due(permit: Permit, on: date) -> ClosedDue:
    """転出予定日の到来による消除: all whose day has come by `on`, also of days that were missed.

    A household is closed in a transaction of its own, on the day that was planned; one that is
    refused stays as it is and is named in the result. To run it again closes nobody twice.
    """
    person_count = 0
    refused: dict[tuple[str, date], tuple[Finding, ...]] = {}
    while True:
        done: set[str] = set()
        for one in due.moving_out(permit, on):
            # who closes first makes a new row for who stays: the rest of a household comes next
            if one.household_number in done or (one.household_number, one.planned_on) in refused:
                continue
            done.add(one.household_number)
            try:
                recorded = _close(permit, one)
            except Refused as wrong:
                refused[one.household_number, one.planned_on] = wrong.findings
            else:
                person_count += sum(it.effect.what is What.CLOSES for it in recorded.touched)
        if not done:
            return ClosedDue(person_count, tuple(refused.values()))


def _close(permit: Permit, one: due.Due) -> Recorded:
    name = " ".join(f"{record_id}/{no}" for record_id, no in sorted(one.expected.items()))
    statement = Statement(
        change=MovedOutClosed(record_ids=tuple(one.expected)),
        occurred_on=one.planned_on.isoformat(),
        received_on=None,
        basis="ex_officio",
        expected=one.expected,
    )
    request_id = uuid5(_CLOSING, f"{one.planned_on} {name}")
    return record(system_permit(permit.job, permit.on, request_id), statement)

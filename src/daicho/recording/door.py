"""異動の入口: the door itself: judge, append, cause, trail, in one transaction.

`record` and `preview` take one path, `_enter`; a preview only goes on where alerts are still to be
confirmed, and is rolled back. So the confirmation sheet cannot say something else than is recorded.
"""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from django.db import transaction

from daicho.access import clock
from daicho.access.permits import Permit, demand, demand_work, look, trail_refusal
from daicho.law.changes import door
from daicho.law.rule import Finding
from daicho.network import outbox
from daicho.network.queued import kinds_of
from daicho.recording import entering, judging
from daicho.recording.concerned import concerned
from daicho.recording.consequences import BY_JOBS, CONSEQUENCES
from daicho.recording.entering import Entering, Typed
from daicho.recording.statement import Asked, NotRecorded, Preview, Statement
from daicho.register import ledger
from daicho.register.receiving import answering, drafts
from daicho.terms.changes import Cancelled
from daicho.terms.changes.effects import When, noted
from daicho.terms.changes.recorded import Recorded, Touched

NOT_RECORDED = 0
"""台帳にない異動の番号: the `change_id` of what a preview shows although something refuses."""


def record(permit: Permit, statement: Statement) -> Recorded:
    """Record one change; a repeat of its request gives the first result again.

    Raises NotRecorded or Asked, with nothing written but the trail row of a refusal, and the
    changes of others untouched.
    """
    typed = _come_in(permit, statement)
    with transaction.atomic(durable=True):
        found = _enter(permit, statement, typed, trial=False)
        recorded = found.recorded
        if recorded is None or recorded.change_id == NOT_RECORDED:
            recorded = None
            transaction.set_rollback(True)
    if recorded is not None:
        return recorded
    if any(one.refuses for one in found.findings):
        trail_refusal(
            permit,
            found.findings,
            event="refused",
            door="recording",
            record_ids=statement.change.record_ids,
            kind=statement.change.kind,
        )
        raise NotRecorded(found)
    raise Asked(found.findings)


def preview(permit: Permit, statement: Statement) -> Preview:
    """入力確認: what `record` would do with every alert confirmed; leaves a look in the trail."""
    typed = _come_in(permit, statement)
    with transaction.atomic(durable=True):
        found = _enter(permit, statement, typed, trial=True)
        transaction.set_rollback(True)
    matched = [it.record_id for some in found.matches.values() for it in some]
    touched = [one.effect.record_id for one in found.recorded.touched] if found.recorded else []
    members = [it.record_id for one in found.households for it in one.members]
    seen = sorted({*statement.change.record_ids, *touched, *matched, *members})
    with transaction.atomic(durable=True):
        rows = {"rows": len(seen)}
        look(permit, "look", "recording.preview", record_ids=seen, detail=rows)
    refusals = tuple(one for one in found.findings if one.refuses)
    return replace(
        found,
        findings=refusals or found.findings,
        recorded=_without_codes(found.recorded, found.gives_code),
    )


def _come_in(permit: Permit, statement: Statement) -> Typed:
    """May this permit do that work at all? Then the numbers typed are looked up."""
    demand(permit, "resident")
    if permit.actor is not None:  # which jobs may record what is said in BY_JOBS
        demand_work(permit, statement.change.kind)
    return entering.look_up(permit, statement)


def _enter(permit: Permit, statement: Statement, typed: Typed, *, trial: bool) -> Preview:
    """One path for both: what was found and, where it was not stopped, what was recorded.

    What stops it: a refusal, or an alert that is not confirmed unless it is a trial.
    """
    change = statement.change
    when = When(statement.occurred_on, statement.received_on, clock.today())
    of_the_job = type(change) in BY_JOBS.get(permit.job, ())
    not_by = door.by_operator(permit.actor is not None, of_the_job, on=when.processed_on)
    if unfit := not_by or judging.named_twice(change, on=when.processed_on):
        return Preview((unfit,))
    answering.take_beside_others(statement.reception_id)
    held = ledger.hold(change, when)
    # asked under the locks: of two that bring one request the second waits and gets the result
    asked = answering.ask(permit.request_id, statement.reception_id)
    if asked.is_repeated and (done := ledger.recorded(permit.request_id)) is not None:
        return _repeated(permit, statement, done, typed, trial=trial)
    missing = judging.not_there(statement, held)
    if gone := door.somebody_there(not missing, on=when.processed_on):
        return Preview((gone,), concerns={gone: missing})
    effects = noted(change.effects(held.scene), change.record_ids, statement.note)
    if wrong := judging.stale(statement, effects, held):
        shown = _shown(permit, statement, ledger.touched_by(effects, held), when)
        return Preview(tuple(wrong), shown, concerns=wrong)
    found = entering.complete(permit, effects, held, statement)
    found = entering.compare(permit, statement, found, held, typed)
    judged = (
        *judging.received(permit, statement, asked.standing, on=when.processed_on),
        *judging.judged(statement, found.touched, held),
    )
    findings = tuple(dict.fromkeys((*found.findings, *judged)))
    stops = [one for one in findings if one.refuses]
    if not trial:
        findings = tuple(one for one in findings if one.refuses or _asks(one, permit, statement))
        stops = list(findings)
    by_law = [one for one in findings if one not in found.concerns]
    concerns = {**found.concerns, **concerned(by_law, statement, found.touched, held)}
    if stops:
        shown = _shown(permit, statement, found.touched, when)
        return Preview(findings, shown, (), found.matches, found.given, (), concerns)
    recorded = _write(permit, statement, found, held, typed)
    if asked.standing is not None and asked.standing.has_draft and statement.reception_id:
        drafts.write_discarded(permit, statement.reception_id)
    messages = kinds_of(recorded.change_id) if trial else ()
    households = judging.households(change, found.touched, held) if trial else ()
    return Preview(findings, recorded, messages, found.matches, found.given, households, concerns)


def _write(
    permit: Permit, statement: Statement, found: Entering, held: ledger.Held, typed: Typed
) -> Recorded:
    """Ledger, vault, consequences and trail of a change that nothing stops."""
    change, when = statement.change, held.scene.when
    first_id = found.touched[0].effect.record_id
    ward = held.scene.befores[first_id].ward if permit.actor is None else ""
    entered = _entered(permit, statement, when, ward)
    recorded = ledger.append(change, held, found.touched, entered)
    entering.keep(permit, statement, typed)
    outbox.put(recorded, [cause(recorded) for cause in CONSEQUENCES[type(change)]])
    record_ids = [one.effect.record_id for one in recorded.touched]
    said: dict[str, int | str] = {"kind": change.kind, "change": recorded.change_id}
    look(permit, "change", "recording", record_ids=record_ids, detail=said)
    return recorded


def _repeated(
    permit: Permit, statement: Statement, done: Recorded, typed: Typed, *, trial: bool
) -> Preview:
    """The first result again, trailed, for the same operator who sends the same change."""
    operator_id = permit.actor.operator_id if permit.actor else None
    same = ledger.was_said(permit.request_id, operator_id, statement.change)
    same = same and not trial and entering.kept(permit, typed)
    if other := door.same_request(same, on=done.processed_on):
        return Preview((other,))
    record_ids = [one.effect.record_id for one in done.touched]
    look(permit, "look", "recording", record_ids=record_ids, detail={"rows": len(record_ids)})
    return Preview((), done)


def _asks(one: Finding, permit: Permit, statement: Statement) -> bool:
    """Is the alert still to be confirmed? Nobody can be asked where there is no operator."""
    return permit.actor is not None and one.code not in statement.accepted


def _shown(
    permit: Permit, statement: Statement, touched: Sequence[Touched], when: When
) -> Recorded:
    """What a change that is refused would do, as far as it can be reckoned."""
    ward = permit.actor.ward if permit.actor else ""
    kind = statement.change.kind
    return Recorded(NOT_RECORDED, kind, when, ward, permit.request_id, tuple(touched))


def _without_codes(recorded: Recorded | None, given: frozenset[UUID]) -> Recorded | None:
    """Without the codes drawn for a preview: they went back into the stock."""
    if recorded is None or not given:
        return recorded
    touched = (
        replace(
            one,
            after=replace(one.after, resident_record_code=""),
            effect=replace(one.effect, cells={**one.effect.cells, "resident_record_code": ""}),
        )
        if one.effect.record_id in given
        else one
        for one in recorded.touched
    )
    return replace(recorded, touched=tuple(touched))


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
        reception_id=statement.reception_id,
    )

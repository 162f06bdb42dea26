"""入口の審査: what the door itself asks of a change, and what the law says of its effects."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from uuid import UUID

from daicho.access.permits import Permit
from daicho.law import changes as law
from daicho.law.changes import door
from daicho.law.changes.kinds.moved_out import leaves_by
from daicho.law.entries.case import asked
from daicho.law.receptions import of_changes
from daicho.law.receptions.numbers_in_text import holds_number
from daicho.law.rule import Finding
from daicho.recording.consequences import BY_JOBS
from daicho.recording.statement import Household, Statement
from daicho.register import ledger, visibility
from daicho.terms.changes import (
    Born,
    Cancelled,
    Change,
    Corrected,
    Effect,
    MovedIn,
    MovedOut,
    MovedOutClosed,
    MoveInNoticeReceived,
    NumberAssigned,
)
from daicho.terms.changes.effects import What
from daicho.terms.changes.recorded import Touched
from daicho.terms.dates import from_cell
from daicho.terms.households import household_order
from daicho.terms.records import Record

# Kinds that may name who is no resident any more, and those that name who is none yet. Of a number
# that comes for a 除票 the law says more than that nobody is there.
_OF_CLOSED = (MovedIn, MoveInNoticeReceived, Corrected, Cancelled, NumberAssigned)
_OPENING = (MovedIn, Born)
_BY_MACHINES = frozenset(kind for kinds in BY_JOBS.values() for kind in kinds)


def judged(
    statement: Statement, touched: Sequence[Touched], held: ledger.Held
) -> tuple[Finding, ...]:
    """What the law says; of a change that would do nothing at least that nobody is there."""
    found = findings(statement, touched, touched, held)
    refusals = tuple(one for one in found if one.refuses)
    gone = door.somebody_there(bool(touched), on=held.scene.when.processed_on)
    return (refusals or (gone,)) if gone else found


def findings(
    statement: Statement, of: Sequence[Touched], touched: Sequence[Touched], held: ledger.Held
) -> tuple[Finding, ...]:
    """What is found of a change and of those named in `of`, of all whom it has `touched`."""
    after = _after(touched, held)
    return (
        *_held_back(statement, held),
        *in_text(_texts(statement), held.scene.when.processed_on),
        *law.judge(statement.change, held.scene, statement.basis, of, after),
    )


def _held_back(statement: Statement, held: ledger.Held) -> tuple[Finding, ...]:
    """異動抑止 (3.1) of those whom an operator's change names; a machine types nothing."""
    if type(statement.change) in _BY_MACHINES:
        return ()
    on = held.scene.when.processed_on
    one = door.not_suppressed(
        visibility.suppressed("change", statement.change.record_ids, on), on=on
    )
    return (one,) if one else ()


def received(
    permit: Permit, statement: Statement, standing: of_changes.Standing | None, *, on: date
) -> tuple[Finding, ...]:
    """受付の審査: is there one, of this office and work, that says what the statement says of it?

    It must also be what the permit is for. Asked under its lock, whatever a screen has shown.
    """
    kind, actor = statement.change.kind, permit.actor
    if statement.reception_id is None:
        none = of_changes.reception_taken(kind, False, actor is not None, on=on)
        return (none,) if none else ()
    office = actor.office if actor else ""
    day, basis = statement.received_on, statement.basis
    for_what = permit.purpose
    found = of_changes.judge(standing, kind, basis, day, office=office, purpose=for_what, on=on)
    return tuple(found)


def in_text(texts: Iterable[str], on: date) -> tuple[Finding, ...]:
    """個人番号の混入: the finding where one of the texts holds a number."""
    found = asked(door.no_number_in_text, True, on=on) if holds_number(texts) else None
    return (found,) if found else ()


def _texts(statement: Statement) -> Iterator[str]:
    """Every text that the statement would leave in the ledger."""
    yield statement.note
    left: list[object] = [statement.change.to_body()]
    while left:
        one = left.pop()
        if isinstance(one, str):
            yield one
        elif isinstance(one, Mapping):
            left += one.values()
        elif isinstance(one, Sequence):
            left += one


def named_twice(change: Change, *, on: date) -> Finding | None:
    """重複: does the change name one person twice?"""
    return door.named_once(len(set(change.record_ids)) == len(change.record_ids), on=on)


def not_there(statement: Statement, held: ledger.Held) -> tuple[UUID, ...]:
    """Whom a change names who is not in the register, or a resident who is none now."""
    named = dict.fromkeys(statement.expected)
    if not isinstance(statement.change, _OPENING):
        named |= dict.fromkeys(statement.change.record_ids)
    found = {record_id: held.scene.befores.get(record_id) for record_id in named}
    may_be_closed = isinstance(statement.change, _OF_CLOSED)
    return tuple(
        record_id
        for record_id, one in found.items()
        if one is None or not (one.is_living or may_be_closed)
    )


def stale(
    statement: Statement, effects: Sequence[Effect], held: ledger.Held
) -> Mapping[Finding, tuple[UUID, ...]]:
    """Is what the clerk saw still so? What is not, with those whom it concerns.

    Who did not say what was seen has not looked.
    """
    on = held.scene.when.processed_on
    opened = [one.record_id for one in effects if one.what is What.OPENS]
    befores = [held.scene.befores[one] for one in opened if one in held.scene.befores]
    living = tuple(one.record_id for one in befores if one.is_living)
    change, seen = statement.change, statement.expected
    changed = [one for one, number in seen.items() if held.history_nos.get(one) != number]
    looked_at = {one.record_id for one in befores}  # 再転入: the 除票 that is entered again
    if not isinstance(change, _OPENING):
        looked_at |= set(change.record_ids)
    changed += sorted(looked_at - set(seen))
    found = (
        (door.not_here_already(bool(living), on=on), living),
        (door.unchanged_since(not changed, on=on), tuple(changed)),
        (door.household_is_free(not _intrudes(change, held), on=on), ()),
    )
    return next(({one: whom} for one, whom in found if one is not None), {})


def _intrudes(change: Change, held: ledger.Held) -> bool:
    """Would a household that is said to be new take the number of one that others live in?"""
    if getattr(change, "joins", True):
        return False
    members = (
        one for ms in map(held.scene.members.get, change.household_numbers) for one in ms or ()
    )
    return any(one.record_id not in change.record_ids for one in members)


def _after(touched: Sequence[Touched], held: ledger.Held) -> dict[str, list[Record]]:
    """The living members of each touched household as the change would leave them."""
    people = {one.record_id: one for ms in held.scene.members.values() for one in ms}
    for one in touched:
        people[one.effect.record_id] = one.after
    after: dict[str, list[Record]] = {}
    for record in people.values():
        if record.is_living:
            after.setdefault(record.household_number, []).append(record)
    return after


def households(
    change: Change, touched: Sequence[Touched], held: ledger.Held
) -> tuple[Household, ...]:
    """異動後の世帯: of whom the change touches first, then those it joins or leaves; last, as they
    will be once the plans of a moving-out have come true."""
    after = _after(touched, held)
    numbers = dict.fromkeys((*(one.after.household_number for one in touched), *after))
    found = [Household(one, _ordered(after[one])) for one in numbers if one in after]
    if isinstance(change, MovedOut):
        later = _once_closed(change, after, held)
        found += [Household(one, _ordered(members), True) for one, members in later.items()]
    return tuple(found)


def _once_closed(
    change: MovedOut, after: Mapping[str, Sequence[Record]], held: ledger.Held
) -> dict[str, list[Record]]:
    """Those who stay when the movers, and who has said so before for a day by then, are closed."""
    scene = held.scene
    planned_on = from_cell(scene.when.occurred_on).sort_on
    people = {one.record_id: one for members in after.values() for one in members}
    gone = [
        one.record_id
        for one in people.values()
        if one.record_id in change.record_ids or leaves_by(one, planned_on)
    ]
    members = {number: tuple(found) for number, found in after.items()}
    on_that_day = replace(scene, befores=people, members=members)
    closing = MovedOutClosed(record_ids=tuple(gone)).effects(on_that_day)
    people |= {one.record_id: one.on(people[one.record_id]) for one in closing}
    staying: dict[str, list[Record]] = {}
    for one in people.values():
        if one.is_living:
            staying.setdefault(one.household_number, []).append(one)
    return staying


def _ordered(members: Sequence[Record]) -> tuple[Record, ...]:
    by_member = {one.member: one for one in members}
    return tuple(by_member[one] for one in household_order(by_member))

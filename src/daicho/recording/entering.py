"""記載する者: the numbers of those whom a change enters, and whether they were here before.

The 個人番号 is asked for in the vault before the transaction of the change, because that look is
committed before it answers; under the locks only what came in between is asked.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date
from uuid import UUID

from daicho.access.permits import Permit, demand
from daicho.law import record_codes as law_of_codes
from daicho.law.changes import door, reentry
from daicho.law.entries.case import asked
from daicho.law.rule import Finding
from daicho.law.safety import acquiring
from daicho.law.uniqueness import number_of_closed, number_twice
from daicho.recording import assigning, coding, unseen
from daicho.recording.concerned import Concerns, by_finding
from daicho.recording.statement import Statement
from daicho.register import ledger, locks, matching, record_codes
from daicho.register.matching import Match
from daicho.terms import numbers
from daicho.terms.changes import (
    Born,
    Change,
    DeclaredMissing,
    Effect,
    MovedIn,
    NumberAssigned,
)
from daicho.terms.changes.recorded import Touched
from daicho.terms.dates import RegisterDate
from daicho.terms.malformed import Malformed
from daicho.terms.records import Record
from daicho.vault import numbers as vault
from daicho.vault.disposing.rows import destroyed

_BY_CODE_ONLY = (Born,)  # a newborn is on no 除票; only a code typed wrongly could be of another
_ONE_PERSONS = ("resident_record_code", *matching.CARDS)


@dataclass(frozen=True)
class Typed:
    """入力された個人番号: sealed, and which records hold or held it already; `former`: who only
    held it. `wrong`: one is no number."""

    sealed: Mapping[UUID, vault.Sealed] = field(default_factory=dict)
    holders: Mapping[UUID, tuple[UUID, ...]] = field(default_factory=dict)
    wrong: bool = False
    former: Mapping[UUID, tuple[UUID, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class Entering:
    """記載する者: each with the completed effect, who is given a code, what was found of whom."""

    touched: tuple[Touched, ...]
    given: frozenset[UUID]
    findings: tuple[Finding, ...] = ()
    matches: Mapping[UUID, tuple[Match, ...]] = field(default_factory=dict)
    concerns: Concerns = field(default_factory=dict)


def look_up(permit: Permit, statement: Statement) -> Typed:
    """Which records hold the numbers typed; each asked is trailed, outside any transaction."""
    if not statement.numbers:
        return Typed()
    demand(permit, "individual_number")
    try:
        read = {
            one: numbers.parse_individual_number(typed) for one, typed in statement.numbers.items()
        }
    except Malformed:
        return Typed(wrong=True)
    # first, because it learns of keys that were changed: what is sealed then is of the present ones
    whose = {one: vault.whose(permit, number) for one, number in read.items()}
    return Typed(
        {one: vault.seal(one, number) for one, number in read.items()},
        holders={one: found.records for one, found in whose.items()},
        former={one: found.before for one, found in whose.items()},
    )


def complete(
    permit: Permit, effects: Sequence[Effect], held: ledger.Held, statement: Statement
) -> Entering:
    """Add what the door gives to those who enter: the state of the 個人番号, a 住民票コード, and
    what stands in the 除票 that the operator is not shown.

    A code is taken from the stock in the running transaction and goes back with its rollback.
    """
    on, befores = held.scene.when.processed_on, held.scene.befores
    kept = {
        one.record_id: unseen.kept_of_closed(permit, one, befores.get(one.record_id))
        for one in effects
    }
    effects = [replace(one, cells={**one.cells, **kept[one.record_id]}) for one in effects]
    done = [_completed(one, held, statement) for one in effects]
    given = {one.record_id: one.reason for one, is_given in done if is_given}
    coded = all(one.cells.get("resident_record_code") for one, is_given in done if is_given)
    said: list[tuple[Finding | None, UUID]] = [
        *((coding.stated(one, on), one.record_id) for one, is_given in done if not is_given),
        *((it, who) for who, cells in kept.items() for it in unseen.told_of_kept(cells, on)),
    ]
    findings = (
        unseen.number_is_for_others(permit, statement, befores),
        *(one for one, _ in said),
        None if coded else law_of_codes.stock_is_low(0, on=on),
        law_of_codes.never_coded(set(given.values()), on=on) if given else None,
    )
    touched = ledger.touched_by([one for one, _ in done], held)
    coding.put_away(touched)
    return Entering(touched, frozenset(given), _some(findings), concerns=by_finding(said))


def _completed(effect: Effect, held: ledger.Held, statement: Statement) -> tuple[Effect, bool]:
    """The effect with what the door gives, and whether a code belongs to it (were there one)."""
    state = _number_state(effect, held, statement) if ledger.begins(effect) else {}
    cells = {**effect.cells, **state}
    is_given = coding.is_given(effect, held)
    if is_given:
        with suppress(record_codes.NoCodeLeft):
            cells["resident_record_code"] = record_codes.give(effect.record_id)
    return replace(effect, cells=cells), is_given


def _number_state(effect: Effect, held: ledger.Held, statement: Statement) -> dict[str, str]:
    before = held.scene.befores.get(effect.record_id)
    stated = str(effect.cells.get("individual_number_state") or "")
    if effect.record_id in statement.numbers:
        return {"individual_number_state": "held"}
    if before is not None and _holds_number(before):
        return {"individual_number_state": "held"}  # the vault holds the one of before
    return {"individual_number_state": "pending"} if stated in ("", "held") else {}


def compare(
    permit: Permit, statement: Statement, entering: Entering, held: ledger.Held, typed: Typed
) -> Entering:
    """Compare those who enter with the register, under the locks of their numbers."""
    touched = entering.touched
    begun = {one.effect.record_id for one in touched if ledger.begins(one.effect)}
    compared = [
        one
        for one in touched
        if one.effect.record_id in typed.sealed or _has_numbers(one, entering.given)
    ]
    locks.take_numbers(_numbers_of(compared, typed))
    matches = matching.find([_asked(one, statement.change, held, typed) for one in compared])
    on = held.scene.when.processed_on
    said = [
        *_acquired(statement, on),
        *_returned(permit, [one for one in compared if _returns(one, held)], held, typed),
        *((it, one.effect.record_id) for one in compared for it in _found(one, matches, held, on)),
    ]
    findings = [
        *entering.findings,
        None if not typed.wrong else door.number_is_right(False, on=on),
        _whose(statement, begun, on) if typed.sealed else None,
        *assigning.judged(statement, held, typed.holders, typed.former),
        *_came_between(permit, typed, on),
        *(one for one, _ in said),
    ]
    closed = {
        one: tuple(it for it in found if not it.is_living)
        for one, found in matches.items()
        if one in begun and one not in held.history_nos
    }
    closed = {one: found for one, found in closed.items() if found}
    concerns = {**entering.concerns, **by_finding(said)}
    return replace(entering, findings=_some(findings), matches=closed, concerns=concerns)


def keep(permit: Permit, statement: Statement, typed: Typed) -> None:
    """Put the numbers typed into the vault, in the transaction of the change."""
    if typed.sealed:
        vault.put_sealed(permit, list(typed.sealed.values()), statement.acquired)


def kept(permit: Permit, typed: Typed) -> bool:
    """Does the vault hold every number typed? So it must where their change is recorded."""
    indexes = [one.blind_index for one in typed.sealed.values()]
    return not typed.wrong and (not indexes or set(indexes) <= vault.held(permit, indexes))


def _has_numbers(one: Touched, given: frozenset[UUID]) -> bool:
    """Who enters is compared, and whose numbers change; a code just given is nobody else's."""
    changed = any(one.effect.cells.get(column) for column in _ONE_PERSONS)
    return ledger.begins(one.effect) or (changed and one.effect.record_id not in given)


def _asked(one: Touched, change: Change, held: ledger.Held, typed: Typed) -> matching.Asked:
    record_id = one.effect.record_id
    ways = set(matching.NUMBERS)
    if isinstance(change, NumberAssigned):
        ways = {"individual_number"}
    elif ledger.begins(one.effect):
        ways.add("address_number")
        is_new = record_id not in held.history_nos
        if is_new and not isinstance(change, _BY_CODE_ONLY):
            ways.add("three_items")
        elif is_new:
            ways -= {"card_number"}
    return matching.Asked(one.after, frozenset(ways), typed.holders.get(record_id, ()))


def _numbers_of(compared: Iterable[Touched], typed: Typed) -> Iterator[bytes]:
    for sealed in typed.sealed.values():  # under each key in use, while keys are changed
        yield from vault.sealed_as(sealed.blind_index).values()
    for one in compared:
        for column in _ONE_PERSONS:
            if number := getattr(one.after, column):
                yield f"{column}:{number}".encode()


def _whose(statement: Statement, begun: Collection[UUID], on: date) -> Finding | None:
    """Is every number that of one who enters, or to whom it is assigned?"""
    is_of_entered = set(statement.numbers) <= set(begun)
    return door.number_of_entered(is_of_entered, assigning.is_assigned(statement), on=on)


def _acquired(statement: Statement, on: date) -> Iterator[tuple[Finding | None, UUID]]:
    """個人番号の取得: what is said of how each number came (番号法16条, 19条), and of whose."""
    change = statement.change
    has_certificate = isinstance(change, MovedIn) and bool(change.evidence)
    for one in statement.numbers:
        found = acquiring.judge(statement.acquired.get(one), has_certificate, on)
        yield from ((it, one) for it in found)


def _came_between(permit: Permit, typed: Typed, on: date) -> Iterator[Finding | None]:
    """個人番号 that another change has taken since they were asked for, or that two share here."""
    indexes = [one.blind_index for one in typed.sealed.values()]
    if not indexes:
        return
    free = [one.blind_index for one in typed.sealed.values() if not typed.holders[one.record_id]]
    taken = vault.held(permit, free) if free else frozenset()
    others = len(taken) + len(indexes) - len(set(indexes))
    yield number_twice("individual_number", others, on=on)


def _found(
    one: Touched, matches: Mapping[UUID, tuple[Match, ...]], held: ledger.Held, on: date
) -> Iterator[Finding | None]:
    """What the law says of one person's matches."""
    record_id, found = one.effect.record_id, matches[one.effect.record_id]
    for way in (*matching.NUMBERS, "address_number"):
        alike = [it for it in found if way in it.by and (it.is_living or way == "address_number")]
        item = _card_of(one) if way == "card_number" else way
        yield number_twice(item, len(alike), on=on)
    if not ledger.begins(one.effect):
        yield coding.of_closed(one, found, on)
        return
    before = held.scene.befores.get(record_id)
    if before is not None:
        same = before.address_number == one.after.address_number
        yield reentry.address_number_kept(same, on=on)
        return
    closed = [it for it in found if not it.is_living]
    living = [it for it in found if it.is_living and "three_items" in it.by]
    by_number = [it for it in closed if not set(matching.NUMBERS).isdisjoint(it.by)]
    yield reentry.must_reenter(sum(it.forced for it in closed), on=on)
    yield number_of_closed(sum(not it.forced for it in by_number), on=on)
    like = [it for it in closed if "three_items" in it.by and not it.forced]
    yield reentry.like_closed(len(like), on=on)
    yield reentry.like_living(len(living), on=on)


def _returns(one: Touched, held: ledger.Held) -> bool:
    return ledger.begins(one.effect) and one.effect.record_id in held.scene.befores


def _returned(
    permit: Permit, returning: Sequence[Touched], held: ledger.Held, typed: Typed
) -> Iterator[tuple[Finding | None, UUID]]:
    """再転入: is who enters on a 除票 the person of that 除票? What is found of whom."""
    if not returning:
        return
    closed_as = matching.closed_as([one.effect.record_id for one in returning])
    for one in returning:
        missing = closed_as.get(one.effect.record_id) == DeclaredMissing.kind
        found = _same_person(permit, one, missing, held, typed)
        yield from ((it, one.effect.record_id) for it in found)


def _same_person(
    permit: Permit, one: Touched, missing: bool, held: ledger.Held, typed: Typed
) -> Iterator[Finding | None]:
    record_id, after = one.effect.record_id, one.after
    before, on = held.scene.befores[record_id], held.scene.when.processed_on
    yield reentry.may_return(before.state == "died", missing, on=on)
    codes = (before.resident_record_code, after.resident_record_code)
    yield asked(reentry.code_kept, *codes, on=on)
    births = (_certain(before.born_on), _certain(after.born_on))
    yield from reentry.same_person((before.sex, after.sex), births, on=on)
    yield reentry.same_name(matching.same_name(before, after), on=on)
    sealed = typed.sealed.get(record_id)
    if sealed is not None and _holds_number(before):
        index, own = sealed.blind_index, record_id in typed.holders[record_id]
        own = own and record_id not in typed.former[record_id]  # not the one before it was changed
        is_same = own and index in vault.held(permit, [index])
        yield asked(reentry.number_kept, is_same, on=on)


def _holds_number(before: Record) -> bool:
    """A 除票 that states a number has one in the vault, unless it was lawfully destroyed."""
    return before.individual_number_state == "held" and not destroyed([before.record_id])


def _certain(day: RegisterDate | None) -> date | None:
    return day.sort_on if day is not None and day.certain else None


def _card_of(one: Touched) -> str:
    return next((column for column in matching.CARDS if getattr(one.after, column)), "")


def _some(findings: Iterable[Finding | None]) -> tuple[Finding, ...]:
    return tuple(dict.fromkeys(one for one in findings if one is not None))

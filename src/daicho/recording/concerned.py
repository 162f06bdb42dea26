"""判定の対象者: whom each finding concerns, so that a screen may name them.

The law judges a change as a whole, and what it says names nobody. Asked again as if one person
alone were in the change, it says the same of whoever it meant, and not of the others.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from uuid import UUID

from daicho.law import entries
from daicho.law.rule import Finding
from daicho.recording import judging
from daicho.recording.statement import Statement
from daicho.register import ledger
from daicho.terms.changes import (
    Born,
    Cancelled,
    Change,
    Corrected,
    DeclaredMissing,
    Died,
    HouseholderChanged,
    MovedIn,
    MovedOut,
    MovedOutClosed,
    MovedWithin,
    MoveInNoticeReceived,
    NumberAssigned,
    NumberChangeRequested,
    RecordCodeChanged,
)
from daicho.terms.changes.recorded import Touched
from daicho.terms.records import Cell

Row = Mapping[str, Cell]
# Kinds that state their persons as a list and nothing of each of them.
_NAMING = (
    Cancelled,
    DeclaredMissing,
    Died,
    MovedOut,
    MovedOutClosed,
    MoveInNoticeReceived,
    NumberAssigned,
)
_OF_ONE = (NumberChangeRequested, RecordCodeChanged)

Concerns = Mapping[Finding, tuple[UUID, ...]]
"""判定と対象者: a finding that is about no one in particular is not in it."""


def by_finding(said: Iterable[tuple[Finding | None, UUID]]) -> Concerns:
    """The persons of each finding, in the order they come."""
    found: dict[Finding, dict[UUID, None]] = {}
    for finding, record_id in said:
        if finding is not None:
            found.setdefault(finding, {})[record_id] = None
    return {finding: tuple(record_ids) for finding, record_ids in found.items()}


def concerned(
    findings: Sequence[Finding], statement: Statement, touched: Sequence[Touched], held: ledger.Held
) -> Concerns:
    """Whom the law means by these findings on a change; `touched` is all that it would do."""
    on, kind = held.scene.when.processed_on, statement.change.kind
    of_records = by_finding(
        (it, one.effect.record_id)
        for one in touched
        for it in entries.judge(one.after, on=on, before=one.before, kind=kind)
    )
    rest = {one.code: one for one in findings if one not in of_records}
    found = {one: of_records[one] for one in findings if one in of_records}
    return {**found, **_alone(rest, statement, touched, held)}


def _alone(
    findings: Mapping[str, Finding],
    statement: Statement,
    touched: Sequence[Touched],
    held: ledger.Held,
) -> Concerns:
    """Of each person alone the same is asked; by its code, for a count is another one then."""
    named = statement.change.record_ids
    if not findings or len(named) < 2:
        return {}
    said = []
    for one in named:
        alone = replace(statement, change=with_only(statement.change, one))
        of_one = [it for it in touched if it.effect.record_id == one]
        codes = {it.code for it in judging.findings(alone, of_one, touched, held)}
        said += [(finding, one) for code, finding in findings.items() if code in codes]
    # what is said of each of them alone is said of the change: of its day, its household, its basis
    return {one: who for one, who in by_finding(said).items() if len(who) < len(named)}


def with_only(change: Change, record_id: UUID) -> Change:
    """The change as if it named that person and nobody else."""
    if isinstance(change, _NAMING):
        return replace(change, record_ids=(record_id,))
    if isinstance(change, _OF_ONE):
        return replace(change, record_id=record_id)
    if isinstance(change, (HouseholderChanged, MovedWithin)):
        return replace(change, relationships={record_id: change.relationships[record_id]})
    if isinstance(change, Corrected):
        return replace(change, items={record_id: change.items[record_id]})
    if isinstance(change, MovedIn):
        return replace(change, movers=_rows_of(change.movers, record_id))
    assert isinstance(change, Born), f"{change.kind} does not say whom it names"
    return replace(change, children=_rows_of(change.children, record_id))


def _rows_of(rows: Iterable[Row], record_id: UUID) -> tuple[Row, ...]:
    return tuple(one for one in rows if UUID(str(one["record_id"])) == record_id)

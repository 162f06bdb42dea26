"""見えない項目: what becomes of items that the operator who enters somebody is not shown (10.4).

A form shows such an item blank, and blank it comes back: that says nothing of the item.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from uuid import UUID

from daicho.access.permits import Permit, asked_by
from daicho.law import purposes
from daicho.law.changes.individual_numbers import has_no_number
from daicho.law.rule import Finding
from daicho.law.safety import item_classes, permitting, unseen
from daicho.recording.statement import Statement
from daicho.register import ledger
from daicho.terms.changes import Effect, MovedIn
from daicho.terms.records import Cell, Record, to_row

NUMBER = "individual_number"


def kept_of_closed(permit: Permit, effect: Effect, before: Record | None) -> dict[str, Cell]:
    """除票の記載: of who returns, the cells of each unseen class of which nothing was typed.

    Whoever types something of a class has the paper before him and says all of it. One who was
    Japanese and returns as a foreign resident, or the other way, has other items.
    """
    hidden = item_classes.hidden(permit.sees, permit.on)
    if before is None or not hidden or not ledger.begins(effect):
        return {}
    if effect.cells.get("resident_class") != before.resident_class:
        return {}
    of, row = item_classes.classes(permit.on), to_row(before)
    typed = {of[column] for column in hidden if effect.cells.get(column)}
    kept = (column for column in row if column in hidden and of[column] not in typed)
    return {column: row[column] for column in kept if row[column] not in ("", None, False)}


def told_of_kept(kept: Mapping[str, Cell], on: date) -> Iterator[Finding]:
    """What the clerk is asked of these cells: once for each class, without what they hold."""
    for of in unseen.classes_of(tuple(kept), on):
        if found := unseen.kept_of_closed(of, True, on=on):
            yield found


def number_is_for_others(
    permit: Permit, statement: Statement, befores: Mapping[UUID, Record]
) -> Finding | None:
    """個人番号を入力できない者: refuses the entry of a number that the operator may not type.

    His work sees it, and he himself or his terminal does not. The 転出証明書 of who comes from
    another town says the number: to confirm that there is none would be untrue, and nobody would
    enter it later. A colleague records what was kept as a draft.
    """
    change, actor = statement.change, permit.actor
    if not isinstance(change, MovedIn) or change.from_abroad or actor is None:
        return None
    row = purposes.purpose(permit.purpose, on=permit.on)
    if NUMBER in permit.sees or NUMBER not in row.sees:
        return None
    if not any(has_no_number(mover, befores) for mover in change.movers):
        return None
    return permitting.not_seen(asked_by(actor, permit.purpose), NUMBER, on=permit.on)

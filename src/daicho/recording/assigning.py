"""個人番号の指定: what the door itself asks of a number that the 機構 made."""

from collections.abc import Iterator, Mapping
from uuid import UUID

from daicho.law.changes.individual_numbers import (
    assigned_anew,
    assigned_once,
    assigned_with_number,
)
from daicho.law.rule import Finding
from daicho.recording.statement import Statement
from daicho.register import ledger
from daicho.terms.changes import NumberAssigned

Holders = Mapping[UUID, tuple[UUID, ...]]
"""番号の者: of whom a number came, and the records that hold it or held it."""


def is_assigned(statement: Statement) -> bool:
    """指定を受ける者の番号か: are the numbers those of whom an assignment names?"""
    change = statement.change
    named = change.record_ids if isinstance(change, NumberAssigned) else ()
    return set(statement.numbers) <= set(named)


def judged(
    statement: Statement, held: ledger.Held, holders: Holders, former: Holders
) -> Iterator[Finding | None]:
    """Is a number there for each, and one that the person neither has nor had?

    `former` are those of `holders` who only held it. Who holds the number without saying so, as
    after an old backup, is written.
    """
    change, scene = statement.change, held.scene
    if not isinstance(change, NumberAssigned):
        return
    on = scene.when.processed_on
    yield assigned_with_number(set(change.record_ids) <= set(statement.numbers), on=on)
    for one in change.record_ids:
        ended = one in former.get(one, ())
        says_so = scene.befores[one].individual_number_state == "held"
        has_it = one in holders.get(one, ()) and not ended
        yield assigned_anew(ended, on=on)
        yield assigned_once(has_it and says_so, on=on)

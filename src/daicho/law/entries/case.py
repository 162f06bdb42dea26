"""審査の対象: the record that the checks of `entries` look at, and how they ask the rules."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from operator import attrgetter
from typing import Any

from daicho.law.migration import ITEM
from daicho.law.rule import Finding, rules_of
from daicho.terms.records import ITEMS, Item, Record

ACT_IN_FORCE_ON = date(1967, 11, 10)
FOREIGN_RESIDENTS_SINCE_ON = date(2012, 7, 9)

TITLES: Mapping[str, str] = {one.column: one.title for one in ITEMS} | {"address": "住所"}
"""項目名: what the clerk calls the item of a column."""


@dataclass(frozen=True, slots=True)
class Case:
    """審査の対象: a record, the day by whose law it is judged, and what came before, if known.

    `kind` is the stem of the change that made the record ("died"), blank where none is known.
    """

    record: Record
    on: date
    foreign: bool
    living: bool
    before: Record | None = None
    kind: str = ""


Columns = tuple[tuple[str, ...], Callable[[Record], tuple[Any, ...]]]
"""列の組: names of columns and the reader of all their values at once."""


def columns(names: tuple[str, ...]) -> Columns:
    """列の組: for two columns or more (`attrgetter` gives one value bare)."""
    assert len(names) > 1
    return names, attrgetter(*names)


def columns_of(holds: Callable[[Item], bool]) -> Columns:
    """列の組: of the items that `holds` is true of."""
    return columns(tuple(one.column for one in ITEMS if holds(one)))


def asked(rule: Callable[..., Finding | None], *given: object, on: date, **more: object) -> Any:
    """規則に尋ねる: the finding of `rule`, or None on a day on which it was no law yet."""
    if any(entry.in_force(on) for entry in rules_of(rule)):
        return rule(*given, on=on, **more)
    return None


def about(found: Finding, column: str) -> Finding:
    """項目についての判定: the same finding, its ITEM filled in, shown beside the item of `column`.

    The titles are no `words` that a finding takes: 氏 and 名 are also what people are called.
    """
    title = TITLES.get(column, "")
    what, remedy = found.what.replace(ITEM, title), found.remedy.replace(ITEM, title)
    return replace(found, what=what, remedy=remedy, on_item=column)

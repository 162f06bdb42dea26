"""項目の始まり: since when the law has an item, for whom (`tables/item_days.toml`)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from daicho.law.entries.case import ACT_IN_FORCE_ON, FOREIGN_RESIDENTS_SINCE_ON, TITLES
from daicho.law.tables import Row, table
from daicho.terms.records import Holder, item_of


@dataclass(frozen=True, slots=True)
class _ItemDay:
    column: str
    holder: Holder
    since_on: date
    asks_before: bool


def _item_day(row: Row) -> _ItemDay:
    row.only("code", "column", "holder", "asks_before")
    column, holder = row.text("column"), Holder(row.text("holder"))
    if column not in TITLES or row.text("code") != f"{column}:{holder}":
        raise row.wrong("code is column:holder, the column one of terms")
    return _ItemDay(column, holder, row.since, row.flag("asks_before"))


_DAYS: Mapping[tuple[str, Holder], _ItemDay] = {
    (one.column, one.holder): one for one in map(_item_day, table("item_days").keyed())
}

ASKED_BEFORE: tuple[tuple[str, date], ...] = tuple(
    (one.column, one.since_on)
    for one in _DAYS.values()
    if one.asks_before and one.holder is Holder.JAPANESE
)
"""早すぎる項目: items of Japanese residents that no row processed before their day has."""


def exists_from(column: str, *, foreign: bool) -> date:
    """項目の始まり: the first day on which the law has the item for such a resident."""
    found = _DAYS.get((column, Holder.FOREIGN if foreign else Holder.JAPANESE))
    if found is not None:
        return found.since_on
    only_foreign = item_of(column).holders is Holder.FOREIGN
    return FOREIGN_RESIDENTS_SINCE_ON if only_foreign else ACT_IN_FORCE_ON

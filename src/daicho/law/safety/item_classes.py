"""管理項目の区分: which columns of the record stay blank for whom does not see a class of items."""

from collections.abc import Mapping
from datetime import date
from functools import cache

from daicho.law.purposes import SEES
from daicho.law.tables import Row, table
from daicho.terms.records import ITEMS

_COLUMNS = frozenset(item.column for item in ITEMS)
_CLASSES = table("item_classes").keyed()


def _columns(row: Row) -> tuple[str, ...]:
    row.only("code", "columns")
    if row.text("code") not in SEES:
        raise row.wrong(f"code must be one of {', '.join(sorted(SEES))}")
    return row.texts("columns", _COLUMNS)


_ROWS = tuple((row, _columns(row)) for row in _CLASSES)


def classes(on: date) -> Mapping[str, str]:
    """項目の区分: the class of items of each column on a day; a column twice is a wrong table."""
    found: dict[str, str] = {}
    for row, columns in _ROWS:
        for column in columns if row.in_force(on) else ():
            if column in found:
                raise row.wrong(f"{column} stands in {found[column]} too")
            found[column] = row.text("code")
    return found


@cache
def hidden(sees: frozenset[str], on: date) -> frozenset[str]:
    """表示しない項目: the columns that are not of these classes; what has no class is not shown."""
    of = classes(on)
    return frozenset(column for column in _COLUMNS if of.get(column) not in sees)

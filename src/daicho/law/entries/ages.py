"""年齢の定め: ages and spans of years that findings ask about (`tables/ages.toml`), dated."""

from collections.abc import Mapping
from datetime import date
from functools import lru_cache

from daicho.law.tables import Row, table

_AGES = table("ages").keyed()
for _row in _AGES:
    _row.only("code", "name", "years")
    _row.text("name")
    _row.number("years")

_BY_CODE: Mapping[str, tuple[Row, ...]] = {
    row.text("code"): tuple(one for one in _AGES if one.text("code") == row.text("code"))
    for row in _AGES
}

YEARS_MAX = max(row.number("years") for row in _AGES)
"""最高の年数: nobody older can be found too young by any row."""


@lru_cache(maxsize=4_096)
def years_on(code: str, on: date) -> int:
    """年齢の定め: the years of `code` on that day; before its first row, those of that row."""
    rows = _BY_CODE[code]
    return next((row for row in rows if row.in_force(on)), rows[0]).number("years")

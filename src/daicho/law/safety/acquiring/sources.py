"""個人番号の取得元: from whom a number may come, and by which item of 番号法19条."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from daicho.law.citation import printed
from daicho.law.safety.grounds import NAMES as GROUND_NAMES
from daicho.law.safety.grounds import ground
from daicho.law.tables import Row, table


@dataclass(frozen=True)
class Source:
    """取得元: a row of the table; `ground` is a code of `number_grounds.toml`, or blank."""

    code: str
    name: str
    ground: str
    from_person: bool
    at_counter: bool


def _source(row: Row) -> Source:
    row.only("code", "name", "ground", "from_person", "at_counter")
    by = row.text("ground", "")
    if by and by not in GROUND_NAMES:
        raise row.wrong("ground stands in no table")
    flags = (row.flag("from_person"), row.flag("at_counter"))
    return Source(row.text("code"), row.text("name"), by, *flags)


_SOURCES = tuple((row, _source(row)) for row in table("acquisition_sources").keyed())

NAMES: Mapping[str, str] = {one.code: one.name for _, one in _SOURCES}
"""取得元の名: of every source of every day, by code."""


def at_counter(on: date) -> tuple[Source, ...]:
    """窓口での取得元: what a clerk may name on that day, in order."""
    return tuple(one for row, one in _SOURCES if row.in_force(on) and one.at_counter)


def source(code: str, on: date) -> Source | None:
    """取得元: the row with that code on that day, or None."""
    return next((one for row, one in _SOURCES if row.in_force(on) and one.code == code), None)


def cited(code: str, on: date) -> str:
    """取得の根拠: the articles of a ground of `number_grounds.toml` as printed; blank for none."""
    its = ground(code, on)
    return printed(its.cites) if its else ""

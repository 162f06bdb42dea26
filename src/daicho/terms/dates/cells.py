"""欄の値: dates of the register in one column or one cell of a file."""

import re
from functools import lru_cache

from daicho.terms.calendar_dates import parse
from daicho.terms.dates.value import RegisterDate, certain, from_found
from daicho.terms.eras import era_of
from daicho.terms.malformed import Malformed

CELL_LENGTH = 48
"""欄の長さ: characters a column needs for `to_cell`."""


def to_cell(value: RegisterDate) -> str:
    """欄の値: one stable ASCII cell for a column or a CSV file; `from_cell` reads it back.

    A certain day is its ISO date, `2024-05-01`. All else is
    `pattern[:[ERA]YEAR[-MM[-DD]][-word][/[MM-]DD]][@internal day]`: `about_year:S35`,
    `year_only:1960`, `third:R6-05-early`, `between_about_end:R6-05-28/06-03`,
    `unknown@1950-01-01`, and `exact:M45-07-30` for a day written in the elder of two eras.
    """
    if value.certain and era_of(value.sort_on).letter == value.era:
        return value.sort_on.isoformat()
    start = [f"{number:02}" for number in (value.month, value.day) if number]
    end = [f"{number:02}" for number in (value.to_month, value.to_day) if number]
    year = [f"{value.era}{value.year}"] if value.year else []
    figures = "-".join([*year, *start, *([value.word] if value.word else [])])
    return (
        value.pattern
        + (f":{figures}" if figures else "")
        + (f"/{'-'.join(end)}" if end else "")
        + (f"@{value.internal_on.isoformat()}" if value.internal_on else "")
    )


_CELL = re.compile(
    r"(?P<pattern>[a-z_]+)"
    r"(?::(?P<era>[A-Z]?)(?P<year>[0-9]{1,4})(?:-(?P<month>[0-9]{2}))?(?:-(?P<day>[0-9]{2}))?"
    r"(?:-(?P<word>[a-z]+))?(?:/(?:(?P<to_month>[0-9]{2})-)?(?P<to_day>[0-9]{2}))?)?"
    r"(?:@(?P<internal_on>[0-9]{4}-[0-9]{2}-[0-9]{2}))?"
)
_ISO = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@lru_cache(maxsize=4_096)
def from_cell(cell: str) -> RegisterDate:
    """欄の値の読取り: the date of a cell. Only what `to_cell` writes is read; the rest is Malformed
    `date.cell`, or with the reason why its figures cannot be.
    """
    if _ISO.fullmatch(cell):
        return certain(parse(cell))
    match = _CELL.fullmatch(cell)
    if match is None:
        raise _unreadable_cell()
    found = match.groupdict("")
    internal_on = parse(found["internal_on"]) if found["internal_on"] else None
    value = from_found(
        found["pattern"],
        found,
        era=found["era"],
        year=int(found["year"] or 0),
        word=found["word"],
        internal_on=internal_on,
    )
    if to_cell(value) != cell:
        raise _unreadable_cell()
    return value


def _unreadable_cell() -> Malformed:
    return Malformed(
        "date.cell", "年月日の欄の値として読めません。2024-05-01 の形で入力してください。"
    )

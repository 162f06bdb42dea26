"""個人番号を扱う根拠: by what a number may be used, given or taken (番号法9条, 19条各号)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from daicho.law import purposes
from daicho.law.citation import Article
from daicho.law.tables import Row, table

KINDS = frozenset({"register", "use", "provision"})
"""根拠の種類: an item of the 住民票, a use (9条), a provision (19条)."""


@dataclass(frozen=True)
class Ground:
    """根拠: one row of the table, with the days on which it held."""

    code: str
    kind: str
    name: str
    cites: tuple[Article, ...]
    since: date
    until: date | None


def _ground(row: Row) -> Ground:
    row.only("code", "kind", "name")
    if row.text("kind") not in KINDS:
        raise row.wrong(f"kind must be one of {', '.join(sorted(KINDS))}")
    return Ground(
        row.text("code"), row.text("kind"), row.text("name"), row.cites, row.since, row.until
    )


GROUNDS: tuple[Ground, ...] = tuple(_ground(row) for row in table("number_grounds").keyed())
"""根拠の一覧: every row of the table, of every day."""

NAMES: Mapping[str, str] = {one.code: one.name for one in GROUNDS}
"""根拠の名前: by code."""

for _purpose in purposes.PURPOSES:
    assert not _purpose.ground or _purpose.ground in NAMES, f"{_purpose.code}: {_purpose.ground}"
    assert _purpose.ground or not _purpose.sees_individual_number, f"{_purpose.code}: no ground"


def ground(code: str, on: date) -> Ground | None:
    """根拠: the row with that code on that day; None where there was none."""
    days = (one for one in GROUNDS if one.code == code)
    return next(
        (one for one in days if one.since <= on and (one.until is None or on <= one.until)), None
    )

"""保存期間: of each kind of record its period, its article and the day on which it is due.

The rows stand in `tables/retention.toml`. What is due is proposed, decided by a second person and
only then destroyed (`retention.disposing`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from daicho.law.citation import Article
from daicho.law.rule import words
from daicho.law.tables import Row, table
from daicho.terms.ages import birthday

ENGINES = frozenset({"disposes", "reckons", "planned"})
"""廃棄の仕組み: what the program does with a kind: see the table."""


@dataclass(frozen=True)
class Kind:
    """保存の種類: one kind of record on the days of its row."""

    code: str
    name: str
    starts: str
    years: int
    days: int
    engine: str
    source: str  # "ours": chosen here, for the municipality to set; "recalled": not compared yet
    cites: tuple[Article, ...]
    since: date
    until: date | None

    @property
    def article(self) -> str:
        """The article that a list names: "MNA 20"."""
        return str(self.cites[0])


def _kind(row: Row) -> Kind:
    row.only("code", "name", "starts", "years", "days", "engine")
    if row.text("engine") not in ENGINES:
        raise row.wrong(f"engine must be one of {', '.join(sorted(ENGINES))}")
    return Kind(
        code=row.text("code"),
        name=row.text("name"),
        starts=row.text("starts"),
        years=row.number("years"),
        days=row.number("days"),
        engine=row.text("engine"),
        source=row.source,
        cites=row.cites,
        since=row.since,
        until=row.until,
    )


KINDS: tuple[Kind, ...] = tuple(_kind(row) for row in table("retention").keyed())
"""保存の種類の一覧: every row of the table, of every day."""

NAMES: Mapping[str, str] = {one.code: one.name for one in KINDS}
"""種類の名前: by code."""
words(NAMES.values())


def kind(code: str, on: date) -> Kind:
    """保存の種類: the row with that code on that day; raises LookupError where there was none."""
    for one in KINDS:
        if one.code == code and one.since <= on and (one.until is None or on <= one.until):
            return one
    raise LookupError(f"nothing of the kind {code} is kept on {on}")


def due_on(code: str, from_on: date, on: date) -> date:
    """期間の満了の翌日: the first day on which a record of that kind is due.

    `from_on` is the day from which the period runs; it is not counted (民法140条). Where there is
    no period, that day itself.
    """
    row = kind(code, on)
    if not row.years and not row.days:
        return from_on
    return birthday(from_on + timedelta(days=1), row.years) + timedelta(days=row.days)

"""What the tests of the made-up town look at: its lines, records and households."""

import csv
import io
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from uuid import UUID

from daicho.law import entries, households
from daicho.register import layout
from daicho.site.demo.town import write_town
from daicho.terms import records
from daicho.terms.records import Cell, Kind, Record

ON = date(2026, 11, 21)
RESIDENTS = 3_000
KORIYAMA = "072036"
_ITEMS = {column.name: column.item for column in layout.COLUMNS if column.item}

Row = dict[str, str]


def written(residents: int, *, seed: int = 1, municipality: str = KORIYAMA, on: date = ON) -> str:
    """The file of a town."""
    file = io.StringIO()
    write_town(file, municipality=municipality, residents=residents, seed=seed, on=on)
    return file.getvalue()


def rows(text: str) -> list[Row]:
    """The lines of a file, by the names of the columns."""
    header, *lines = csv.reader(io.StringIO(text), strict=True)
    columns = [layout.BY_HEADER[name].name for name in header]
    return [dict(zip(columns, line, strict=True)) for line in lines]


def cells(row: Row) -> dict[str, Cell]:
    """The record's cells as an import reads them."""
    cells: dict[str, Cell] = {
        name: row[name] == "1" if item.kind is Kind.FLAG else row[name]
        for name, item in _ITEMS.items()
    }
    return cells | {
        "record_id": str(UUID(int=int(row["address_number"]))),
        "address_number": row["address_number"],
    }


@dataclass
class Town:
    """What a test asks of a town: its lines, persons and living people."""

    rows: list[Row]
    records: list[Record] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.records = [records.from_row(cells(row)) for row in self.rows]

    @property
    def persons(self) -> list[list[Row]]:
        found: dict[str, list[Row]] = defaultdict(list)
        for row in self.rows:
            found[row["address_number"]].append(row)
        return list(found.values())

    @property
    def living(self) -> list[Row]:
        return [lines[-1] for lines in self.persons if lines[-1]["state"] == "living"]

    @property
    def households(self) -> list[list[Record]]:
        last = {one.address_number: one for one in self.records}
        found: dict[str, list[Record]] = defaultdict(list)
        for one in last.values():
            if one.is_living:
                found[one.household_number].append(one)
        return list(found.values())


@cache
def town_of_three_thousand() -> Town:
    """The town the tests share; none of them changes it."""
    return Town(rows(written(RESIDENTS)))


def share(rows: Sequence[object], of: Sequence[object]) -> float:
    """The part that some are of all."""
    return len(rows) / len(of)


def refused(town: Town) -> Iterator[str]:
    """What the law refuses of a town's lines, and of its households as they are."""
    for row, record in zip(town.rows, town.records, strict=True):
        day = date.fromisoformat(row["processed_on"])
        for found in entries.judge(record, on=day, source="migration"):
            if found.refuses:
                yield f"{row['address_number']} {row['history_no']}: {found.code}"
    for members in town.households:
        asked = [households.member_of(one) for one in members]
        for found in households.judge(asked, on=ON, source="migration"):
            if found.refuses:
                yield f"{members[0].household_number}: {found.code}"

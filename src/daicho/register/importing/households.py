"""世帯の突合: the households of an import, judged one by one as they stream by.

A household is what its members' last lines say, with the members who are in the register already.
Who is there and in the file too, otherwise than held, counts once, as the file has it.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import groupby
from typing import Any

from django.db import connection

from daicho.law import households
from daicho.law.households import HouseholdMember
from daicho.register.importing import staging
from daicho.register.importing.checks import ENTERING
from daicho.register.reading.judging import Alert, RowFault
from daicho.terms import dates
from daicho.terms.addresses import Address
from daicho.terms.names import ForeignName, Name
from daicho.terms.records.items import ADDRESS_PARTS

FAULTS_AT_ONCE = 1_000

_ADDRESS = tuple(f"address_{part}" for part in ADDRESS_PARTS)
_COLUMNS = (
    "household_number",
    "processed_on",
    "resident_class",
    "family_name",
    "given_name",
    "roman_name",
    "kanji_name",
    "common_name",
    "relationship",
    "householder_name",
    "born_on",
    "sex",
    "position",
    "registered_domicile",
    "family_register_head",
    *_ADDRESS,
)
_PLACES = {name: place for place, name in enumerate(_COLUMNS)}
_LIST = ", ".join(f's."{name}"' for name in _COLUMNS)
_QUERY = f"""
SELECT {_LIST}, s.line, s.address_number FROM staged s
WHERE s.line IN (SELECT line FROM {ENTERING} AS entering)
UNION ALL
SELECT {", ".join(f'v."{name}"' for name in _COLUMNS)}, NULL, v.address_number
FROM register_current c JOIN register_recordversion v USING (record_id, history_no)
WHERE c.state = 'living' AND EXISTS (
    SELECT FROM {ENTERING} AS entering WHERE entering.household_number = c.household_number)
  AND NOT EXISTS (
    SELECT FROM {ENTERING} AS entering WHERE entering.address_number = c.address_number)
ORDER BY household_number, address_number
"""


def check() -> Counter[Alert]:
    """Judge every household of the import; refusals are staged as they come, alerts counted."""
    faults: list[RowFault] = []
    alerts: Counter[Alert] = Counter()
    with connection.chunked_cursor() as cursor:
        cursor.execute(_QUERY)
        for number, rows in groupby(_rows(cursor), key=lambda row: row[0]):
            members = list(rows)
            if len(faults) >= FAULTS_AT_ONCE:
                staging.add_faults(faults)
                faults.clear()
            on = max(_day(row) for row in members)
            judged = [_member(row) for row in members]
            for finding in households.judge(judged, on=on, source="migration"):
                if not finding.refuses:
                    alerts[finding.code, finding.on_item] += 1
                    continue
                for row in members:
                    if (line := row[-2]) is not None:
                        faults.append(
                            RowFault(line, finding.code, finding.on_item, row[-1], number)
                        )
    staging.add_faults(faults)
    return alerts


def _rows(cursor: Any) -> Iterator[Sequence[Any]]:
    while rows := cursor.fetchmany(5_000):
        yield from rows


def _day(row: Sequence[Any]) -> date:
    day = row[_PLACES["processed_on"]]
    assert isinstance(day, date)
    return day


def _member(row: Sequence[Any]) -> HouseholdMember:
    said = dict(zip(_COLUMNS, row, strict=False))
    name: Name | ForeignName = Name(said["family_name"], said["given_name"])
    if said["resident_class"] == "foreign":
        name = ForeignName(said["roman_name"], said["kanji_name"])
    names = (name.joined, said["roman_name"], said["kanji_name"], said["common_name"])
    address = Address(**{part: said[f"address_{part}"] for part in ADDRESS_PARTS})
    return HouseholdMember(
        names=tuple(filter(None, names)),
        relationship=said["relationship"],
        householder_name=said["householder_name"],
        address=address.text,
        building=address.building,
        born_on=dates.from_cell(said["born_on"]) if said["born_on"] else None,
        sex=said["sex"],
        position=said["position"],
        registered_domicile=said["registered_domicile"],
        family_register_head=said["family_register_head"],
    )

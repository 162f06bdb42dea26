"""再構成: versions and projections again from the ledger from nothing, compared or renewed.

Versions were printed and are never rewritten: where they differ from the fold of the ledger,
something has altered one of them behind the program's back. Projections are thrown away and made
anew. The work goes person by person in pieces, so that memory does not grow with the town.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import cast
from uuid import UUID

from django.db import connection, transaction

from daicho.access.permits import Permit, look
from daicho.register.fold import Version, versions
from daicho.register.ledger import entries_of
from daicho.register.ledger.projections import EXPECTED_HOUSEHOLDS
from daicho.register.models import Current, RecordVersion
from daicho.register.search import keeping
from daicho.terms.records import ITEMS, Cell, Kind, to_row

PIECE = 1_000

_EXPECTED_CURRENT = """
SELECT DISTINCT ON (record_id) record_id, address_number, history_no, residence_no,
    household_number, coalesce(nullif(state, ''), 'living') AS state, ward, resident_record_code
FROM register_recordversion ORDER BY record_id, history_no DESC
"""
_EXPECTED_HOUSEHOLD = EXPECTED_HOUSEHOLDS.format(narrowed="")
_CURRENT = (
    "record_id, address_number, history_no, residence_no, household_number, state, ward,"
    " resident_record_code"
)
_LOST = """
SELECT DISTINCT named.record_id
FROM register_recordedchange l, unnest(l.record_ids) AS named(record_id)
WHERE NOT EXISTS (SELECT FROM register_recordversion v WHERE v.record_id = named.record_id)
"""
_HOUSEHOLD = "number, ward, householder_id, member_count"


@dataclass(frozen=True)
class Checked:
    """検査の結果: persons compared, persons whose versions differ from the ledger, and rows of
    the projections that differ from the versions."""

    persons: int
    versions_differ: tuple[UUID, ...]
    current_differ: int
    households_differ: int
    keys_differ: int

    @property
    def equal(self) -> bool:
        """Is everything what the ledger says?"""
        projections = self.current_differ or self.households_differ or self.keys_differ
        return not (self.versions_differ or projections)


def check(permit: Permit) -> Checked:
    """Compare everything with the ledger; changes nothing."""
    persons, keys_differ, differ = 0, 0, []
    with transaction.atomic():
        for record_ids in _pieces():
            persons += len(record_ids)
            differ += _differing(record_ids)
            keys_differ += keeping.differing(record_ids)
        lost = _lost()
        persons, differ = persons + len(lost), [*differ, *lost]
        checked = Checked(
            persons,
            tuple(differ),
            _rows_differing(_EXPECTED_CURRENT, "register_current", _CURRENT),
            _rows_differing(_EXPECTED_HOUSEHOLD, "register_household", _HOUSEHOLD),
            keys_differ + keeping.strays(),
        )
        look(permit, "look", "register.rebuilding", detail={"rows": persons})
    return checked


def rebuild(permit: Permit) -> None:
    """Throw the projections away and make them anew from the versions."""
    with transaction.atomic(), connection.cursor() as cursor:
        for table, columns, expected in (
            ("register_current", _CURRENT, _EXPECTED_CURRENT),
            ("register_household", _HOUSEHOLD, _EXPECTED_HOUSEHOLD),
        ):
            cursor.execute(f"DELETE FROM {table}")
            made = f"SELECT {columns} FROM ({expected}) AS made"
            cursor.execute(f"INSERT INTO {table} ({columns}) {made}")
        keeping.make_anew()
        look(permit, "look", "register.rebuilding", detail={"rows": Current.objects.count()})


def _lost() -> list[UUID]:
    """Who stands in the ledger and has no version at all: someone took them away."""
    with connection.cursor() as cursor:
        cursor.execute(_LOST)
        return [record_id for (record_id,) in cursor.fetchall()]


def _pieces() -> Iterator[list[UUID]]:
    last = None
    while True:
        found = RecordVersion.objects.order_by("record_id")
        if last is not None:
            found = found.filter(record_id__gt=last)
        piece = list(found.values_list("record_id", flat=True).distinct()[:PIECE])
        if not piece:
            return
        yield piece
        last = piece[-1]


def _differing(record_ids: list[UUID]) -> list[UUID]:
    entries = entries_of(record_ids)
    held: dict[UUID, list[dict[str, Cell]]] = {record_id: [] for record_id in record_ids}
    kept = RecordVersion.objects.filter(record_id__in=record_ids)
    for version in kept.order_by("record_id", "history_no").values():
        held[version["record_id"]].append(_cells(cast(Mapping[str, object], version)))
    return [
        record_id
        for record_id in record_ids
        if [_row(one) for one in versions(record_id, entries[record_id])] != held[record_id]
    ]


_SAID = ("change_id", "history_no", "residence_no", "reason", "history_remark", "note")


def _row(version: Version) -> dict[str, Cell]:
    said = {name: str(getattr(version, name)) for name in _SAID}
    return {**said, **to_row(version.record)}


def _cells(values: Mapping[str, object]) -> dict[str, Cell]:
    """A row of the table in the cells of `to_row`."""
    said: dict[str, Cell] = {name: str(values[name]) for name in _SAID}
    for item in ITEMS:
        value = values[item.column]
        if item.kind is Kind.REGISTER_DATE:
            value = value or None  # a blank one is None as a cell, "" in its column
        plain = value is None or isinstance(value, bool)
        said[item.column] = value if plain else str(value)  # type: ignore[assignment]  # is plain
    return said


def _rows_differing(expected: str, table: str, columns: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT count(*) FROM (
                (SELECT {columns} FROM ({expected}) AS e EXCEPT SELECT {columns} FROM {table})
                UNION ALL
                (SELECT {columns} FROM {table} EXCEPT SELECT {columns} FROM ({expected}) AS e)
            ) AS differing"""
        )
        return int(cursor.fetchone()[0])

"""照会: the read door of the register. Every function takes a Permit and leaves a trail row.

Two questions are answered for any day: what was so (`day`), and what did we believe (`known_at`).
Two residences of one person are never joined into one life (standard 2.2.1).
"""

from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from daicho.access.permits import Permit, demand, look
from daicho.register.fold import Entry, Version, as_of, versions
from daicho.register.models import (
    Current,
    ProtectiveMeasure,
    RecordedChange,
    RecordVersion,
    Suppression,
)
from daicho.terms.households import household_order
from daicho.terms.records import Record

# What the classes of `law.purposes.SEES` hide: the columns that stay blank without them.
_HIDDEN_WITHOUT = {
    "family_register": ("registered_domicile", "registered_domicile_code", "family_register_head"),
    "residence_status": (
        "residence_status",
        "period_of_stay",
        "period_of_stay_expires_on",
        "residence_card_number",
        "special_permanent_resident_certificate_number",
    ),
    "record_code": ("resident_record_code",),
}


@dataclass(frozen=True)
class Marks:
    """表示: what must be seen on every hit: 支援措置 and 抑止, on the day of the permit."""

    protected: bool
    provisionally_protected: bool
    suppressed: tuple[str, ...]  # processes: change, certificate, look


@dataclass(frozen=True)
class Believed:
    """ある日の記載: what `known_at` knew of `day`.

    `version` is None where there was nothing; `known_here` tells whether that is because the
    register held no row of the person then (before an import: "not known here").
    """

    record_id: UUID
    known_here: bool
    version: Version | None


@dataclass(frozen=True)
class Person:
    """個人: the present record and what stands beside it."""

    record: Record
    history_no: int
    residence_no: int
    marks: Marks


def holds_anything(permit: Permit) -> bool:
    """Whether the register holds any person at all; tells of nobody, so nothing is trailed."""
    demand(permit, "resident")
    return Current.objects.exists()


def person(permit: Permit, record_id: UUID) -> Person | None:
    """個人照会: the present record of one person; None where there is none."""
    demand(permit, "resident")
    with transaction.atomic():
        current = Current.objects.filter(pk=record_id).first()
        entries = _entries([record_id], None)
        look(permit, "look", "register.person", record_ids=[record_id], detail={"rows": 1})
        if current is None:
            return None
        marks = _marks([record_id], permit.on)[record_id]
    last = max(versions(record_id, entries[record_id]), key=lambda version: version.history_no)
    return Person(_shown(permit, last.record), current.history_no, current.residence_no, marks)


def history(permit: Permit, record_id: UUID, residence_no: int) -> tuple[Version, ...]:
    """異動履歴照会 (2.2.1): the versions of one residence, the oldest first."""
    demand(permit, "resident")
    with transaction.atomic():
        entries = _entries([record_id], None)[record_id]
        look(permit, "look", "register.history", record_ids=[record_id], detail={"rows": 1})
    of_one = [v for v in versions(record_id, entries) if v.residence_no == residence_no]
    return tuple(replace(v, record=_shown(permit, v.record)) for v in of_one)


def person_as_of(permit: Permit, record_id: UUID, day: date, known_at: datetime) -> Believed:
    """ある日の個人: what was believed at `known_at` of the person on `day`."""
    demand(permit, "resident")
    with transaction.atomic():
        found = _believed(permit, [record_id], day, known_at)
        look(permit, "look", "register.person_as_of", record_ids=[record_id], detail={"rows": 1})
    return found[0]


def household_as_of(
    permit: Permit, number: str, day: date, known_at: datetime
) -> tuple[Believed, ...]:
    """ある日の世帯: its members on `day`, in the order of the household (standard 5.2)."""
    demand(permit, "resident")
    with transaction.atomic():
        ever = RecordVersion.objects.filter(household_number=number)
        record_ids = sorted(set(ever.values_list("record_id", flat=True)))
        found = _believed(permit, record_ids, day, known_at)
        members = {
            one.version.record.member: one
            for one in found
            if one.version and one.version.record.household_number == number
            if one.version.record.is_living
        }
        seen = [one.record_id for one in members.values()]
        rows = {"rows": len(seen)}
        look(permit, "look", "register.household_as_of", record_ids=seen, detail=rows)
    return tuple(members[member] for member in household_order(members))


def _believed(
    permit: Permit, record_ids: list[UUID], day: date, known_at: datetime
) -> list[Believed]:
    found = []
    for record_id, entries in _entries(record_ids, known_at).items():
        version = as_of(record_id, entries, day)
        if version is not None:
            version = replace(version, record=_shown(permit, version.record))
        found.append(Believed(record_id, bool(entries), version))
    return found


def _entries(record_ids: list[UUID], known_at: datetime | None) -> dict[UUID, list[Entry]]:
    """The ledger rows of each person, recorded until `known_at`; they are the only source."""
    rows = RecordedChange.objects.filter(record_ids__overlap=record_ids)
    if known_at is not None:
        rows = rows.filter(at__lte=known_at)
    found: dict[UUID, list[Entry]] = {record_id: [] for record_id in record_ids}
    for row in rows.order_by("id"):
        entry = Entry(row.pk, row.kind, row.v, row.body, row.occurred_on, row.processed_on, row.at)
        for record_id in row.record_ids:
            if record_id in found:
                found[record_id].append(entry)
    return found


def _marks(record_ids: list[UUID], on: date) -> dict[UUID, Marks]:
    suppressed: dict[UUID, set[str]] = {one: set() for one in record_ids}
    # A suppression does not end by itself at its last day (standard 3.1).
    for row in Suppression.objects.filter(record_id__in=record_ids, from_on__lte=on):
        suppressed[row.record_id].add(row.process)
    measures = ProtectiveMeasure.objects.filter(record_id__in=record_ids, from_on__lte=on)
    current = [m for m in measures if m.until_on is None or m.until_on >= on]
    protected = {m.record_id for m in current if not m.provisional}
    provisional = {m.record_id for m in current if m.provisional}
    return {
        one: Marks(one in protected, one in provisional, tuple(sorted(suppressed[one])))
        for one in record_ids
    }


def _shown(permit: Permit, record: Record) -> Record:
    """The record with what this purpose may not see left blank."""
    blank: dict[str, object] = {}
    for seen, columns in _HIDDEN_WITHOUT.items():
        if seen not in permit.sees:
            blank |= {column: None if column.endswith("_on") else "" for column in columns}
    return replace(record, **blank) if blank else record  # type: ignore[arg-type]  # columns of Record

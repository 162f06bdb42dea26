"""台帳への追記: the one place where a single change is written: row, versions, projections.

The household rows are locked first, in ascending order of 世帯番号, so that two changes of one
household come one after the other and never deadlock. What was there is then read under the lock,
and the moment of recording is taken after it.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection

from daicho.law.entries.ages import years_on
from daicho.register.fold import Entry
from daicho.register.models import (
    RECORD_COLUMNS,
    Current,
    Household,
    RecordedChange,
    RecordVersion,
)
from daicho.register.search import keeping
from daicho.terms.changes import Cancelled, Change, Effect, Imported, Scene
from daicho.terms.changes.effects import Undone, What, When
from daicho.terms.changes.recorded import Recorded, Touched
from daicho.terms.dates import from_cell
from daicho.terms.records import Cell, Kind, Record, from_row, to_row

_RENEW_HOUSEHOLDS = """
INSERT INTO register_household (number, ward, householder_id, member_count)
SELECT c.household_number, min(c.ward),
    (array_agg(c.record_id ORDER BY c.record_id) FILTER (WHERE v.relationship = '世帯主'))[1],
    count(*)
FROM register_current c JOIN register_recordversion v USING (record_id, history_no)
WHERE c.state = 'living' AND c.household_number = ANY (%s) GROUP BY c.household_number
ON CONFLICT (number) DO UPDATE SET ward = EXCLUDED.ward,
    householder_id = EXCLUDED.householder_id, member_count = EXCLUDED.member_count
"""
_CLOSE_HOUSEHOLDS = """
DELETE FROM register_household h WHERE h.number = ANY (%s) AND NOT EXISTS (
    SELECT FROM register_current c WHERE c.household_number = h.number AND c.state = 'living')
"""


@dataclass(frozen=True)
class Held:
    """錠をかけた場: what stood under the lock: the scene, and each person's numbers."""

    scene: Scene
    history_nos: Mapping[UUID, int]
    residence_nos: Mapping[UUID, int]
    households: tuple[str, ...]


@dataclass(frozen=True)
class Entered:
    """記入: who entered a change, on what basis, where and in which request."""

    when: When
    basis: str
    article: str
    operator_id: int | None
    office: str
    terminal: str
    ward: str
    request_id: UUID
    corrects: int | None = None


def hold(change: Change, when: When) -> Held:
    """Lock the households that the change touches and read what it names."""
    named = list(change.record_ids)
    undone = _undone(change) if isinstance(change, Cancelled) else None
    numbers = set(change.household_numbers)
    numbers |= {one.household_number for one in undone.befores.values()} if undone else set()
    numbers |= set(_current(named).values_list("household_number", flat=True))
    households = tuple(sorted(numbers))
    _stand(change.household_numbers)
    locked = Household.objects.select_for_update().filter(number__in=households)
    list(locked.order_by("number"))
    # read again: between the first look and the lock a person may have changed household
    found = {row.record_id: row for row in _current(named)}
    moved = {row.household_number for row in found.values()} - numbers
    if moved:
        return hold(change, when)
    members = Current.objects.filter(household_number__in=households, state="living")
    rows = {**{row.record_id: row for row in members}, **found}
    records = _records(rows.values())
    by_household: dict[str, list[Record]] = {number: [] for number in households}
    for row in sorted(rows.values(), key=lambda row: row.address_number):
        if row.state == "living":
            by_household[row.household_number].append(records[row.record_id])
    return Held(
        scene=Scene(
            when,
            {one: records[one] for one in named if one in records},
            {number: tuple(members) for number, members in by_household.items()},
            years_on("householder_able", when.processed_on),
            # read again under the lock: another may have cancelled it in between
            _undone(change) if isinstance(change, Cancelled) else None,
        ),
        history_nos={row.record_id: row.history_no for row in rows.values()},
        residence_nos={row.record_id: row.residence_no for row in rows.values()},
        households=households,
    )


def _stand(numbers: Iterable[str]) -> None:
    """A row to lock also for a household that is only being made: two cannot make the same."""
    rows = [Household(number=number, ward="", member_count=0) for number in numbers]
    Household.objects.bulk_create(rows, ignore_conflicts=True)


def entries_of(
    record_ids: Iterable[UUID], known_at: datetime | None = None
) -> dict[UUID, list[Entry]]:
    """The ledger rows of each person, recorded until `known_at`, in the order of recording."""
    found: dict[UUID, list[Entry]] = {record_id: [] for record_id in record_ids}
    rows = RecordedChange.objects.filter(record_ids__overlap=list(found))
    if known_at is not None:
        rows = rows.filter(at__lte=known_at)
    for row in rows.order_by("id"):
        entry = Entry(
            change_id=row.pk,
            kind=row.kind,
            v=row.v,
            body=row.body,
            received_on=row.received_on,
            processed_on=row.processed_on,
            basis=row.basis,
            recorded_at=row.at,
        )
        for record_id in row.record_ids:
            if record_id in found:
                found[record_id].append(entry)
    return found


def recorded(request_id: UUID) -> Recorded | None:
    """What a request has recorded already; None where it has not."""
    row = RecordedChange.objects.filter(request_id=request_id).exclude(kind="imported").first()
    if row is None:
        return None
    when = When(row.body["occurred_on"], row.received_on, row.processed_on)
    touched = []
    for body in row.body["effects"]:
        effect = Effect.from_body(body)
        after = _version(effect.record_id, body["history_no"])
        before = None
        if effect.what is not What.OPENS:
            before = _version(effect.record_id, body["history_no"] - 1)
        touched.append(Touched(effect, before, after, body["history_no"]))
    return Recorded(row.pk, row.kind, when, row.ward, request_id, tuple(touched))


def was_said(request_id: UUID, operator_id: int | None, change: Change) -> bool:
    """Whether this request recorded just this change of this operator."""
    row = RecordedChange.objects.exclude(kind="imported").get(request_id=request_id)
    said = json.loads(json.dumps(change.to_body()))  # as the database gives it back
    same = (row.kind, row.operator_id, row.body["said"]) == (change.kind, operator_id, said)
    return bool(same)


def _undone(change: Cancelled) -> Undone | None:
    """The change that a cancellation names; None where the register has none of that id."""
    row = RecordedChange.objects.filter(pk=change.cancels).first()
    if row is None:
        return None
    bodies = row.body["effects"] if row.kind != Imported.kind else []
    effects = {one.record_id: one for one in map(Effect.from_body, bodies)}
    befores = {
        UUID(body["record_id"]): _version(UUID(body["record_id"]), body["history_no"] - 1)
        for body in bodies
        if body["what"] != What.OPENS
    }
    last_of: dict[UUID, int] = {}
    cancelled: dict[int | None, set[UUID]] = {}
    later = RecordedChange.objects.filter(record_ids__overlap=row.record_ids).order_by("-id")
    for pk, corrects, record_ids, said in later.values_list(
        "id", "corrects_id", "record_ids", "body__said__record_ids"
    ):
        restored = {UUID(one) for one in said} if corrects else set()
        cancelled.setdefault(corrects, set()).update(restored)
        for one in set(record_ids) - restored - cancelled.get(pk, set()):
            last_of.setdefault(one, pk)
    of_it = frozenset(cancelled.get(row.pk, ()))
    return Undone(row.pk, row.kind, effects, befores, last_of, of_it)


def append(change: Change, held: Held, effects: Sequence[Effect], entered: Entered) -> Recorded:
    """Append a judged change, under the lock of `hold`."""
    touched = touched_by(effects, held)
    row = RecordedChange.objects.create(
        kind=change.kind,
        v=change.v,
        body={
            "occurred_on": entered.when.occurred_on,
            "said": change.to_body(),
            "effects": [_numbered(one, held) for one in touched],
        },
        record_ids=[one.effect.record_id for one in touched],
        occurred_on=_day(entered.when.occurred_on),
        received_on=entered.when.received_on,
        processed_on=entered.when.processed_on,
        basis=entered.basis,
        article=entered.article,
        operator_id=entered.operator_id,
        office=entered.office,
        terminal=entered.terminal,
        ward=entered.ward,
        request_id=entered.request_id,
        corrects_id=entered.corrects,
    )
    RecordVersion.objects.bulk_create(_version_row(one, row.pk, held) for one in touched)
    _renew(touched, held)
    return Recorded(
        row.pk, change.kind, entered.when, entered.ward, entered.request_id, tuple(touched)
    )


def touched_by(effects: Sequence[Effect], held: Held) -> list[Touched]:
    """Each person before and after, with the 履歴番号 that the change would have."""
    return [_touch(effect, held) for effect in effects]


def _touch(effect: Effect, held: Held) -> Touched:
    people = (one for members in held.scene.members.values() for one in members)
    known = {**{one.record_id: one for one in people}, **held.scene.befores}
    before = known.get(effect.record_id)
    history_no = held.history_nos.get(effect.record_id, 0) + 1
    opens = effect.what is What.OPENS
    return Touched(effect, None if opens else before, effect.on(before), history_no)


def _residence_no(one: Touched, held: Held) -> int:
    before = held.residence_nos.get(one.effect.record_id, 0)
    begins = one.effect.what is What.OPENS and one.effect.reason != "cancelled_adding"
    return before + 1 if begins else before


def _numbered(one: Touched, held: Held) -> dict[str, Any]:
    numbers = {"history_no": one.history_no, "residence_no": _residence_no(one, held)}
    return {**numbers, **one.effect.to_body()}


def _version_row(one: Touched, change_id: int, held: Held) -> RecordVersion:
    cells = to_row(one.after)
    columns = {item.column: _stored(item.kind, cells[item.column]) for item in RECORD_COLUMNS}
    return RecordVersion(
        record_id=one.effect.record_id,
        history_no=one.history_no,
        residence_no=_residence_no(one, held),
        change_id=change_id,
        reason=one.effect.reason,
        history_remark=one.effect.history_remark,
        note=one.effect.note,
        **columns,
    )


def _stored(kind: Kind, cell: Cell) -> Cell:
    return "" if kind is Kind.REGISTER_DATE and cell is None else cell


def _renew(touched: Sequence[Touched], held: Held) -> None:
    """Bring the projections up to date."""
    households = set(held.households)
    for one in touched:
        households.add(one.after.household_number)
        Current.objects.update_or_create(
            record_id=one.effect.record_id,
            defaults={
                "address_number": one.after.address_number,
                "history_no": one.history_no,
                "residence_no": _residence_no(one, held),
                "household_number": one.after.household_number,
                "state": one.after.state or "living",
                "ward": one.after.ward,
                "resident_record_code": one.after.resident_record_code,
            },
        )
    with connection.cursor() as cursor:
        cursor.execute(_RENEW_HOUSEHOLDS, [sorted(households)])
        cursor.execute(_CLOSE_HOUSEHOLDS, [sorted(households)])
    keeping.renew([one.effect.record_id for one in touched])


def _current(record_ids: Iterable[UUID]) -> "Any":
    return Current.objects.filter(record_id__in=list(record_ids))


def _records(rows: Iterable[Current]) -> dict[UUID, Record]:
    keys = [(row.record_id, row.history_no) for row in rows]
    found = RecordVersion.objects.filter(pk__in=keys).values()
    return {values["record_id"]: record_of(values) for values in found}


def _version(record_id: UUID, history_no: int) -> Record:
    values = RecordVersion.objects.filter(record_id=record_id, history_no=history_no).values()
    return record_of(values.get())


def record_of(values: Mapping[str, Any]) -> Record:
    """The record in a row of `RecordVersion`."""
    cells: dict[str, Cell] = {"record_id": str(values["record_id"])}
    for item in RECORD_COLUMNS:
        value = values[item.column]
        cells[item.column] = value if value is None or isinstance(value, bool) else str(value)
    return from_row(cells)


def _day(cell: str) -> date | None:
    return from_cell(cell).sort_on if cell else None

"""追記: a ledger row, its versions, and the projections, in the transaction of the change."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection

from daicho.register.ledger import projections
from daicho.register.ledger.holding import Held
from daicho.register.models import RECORD_COLUMNS, Current, RecordedChange, RecordVersion
from daicho.terms.changes import Change, Effect
from daicho.terms.changes.effects import What, When
from daicho.terms.changes.recorded import Recorded, Touched
from daicho.terms.dates import from_cell
from daicho.terms.records import Cell, Kind, to_row


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
    reception_id: UUID | None = None


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
        reception_id=entered.reception_id,
    )
    _write_versions([_version_row(one, row.pk, held) for one in touched])
    projections.renew([_current(one, held) for one in touched], held.households)
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


def begins(effect: Effect) -> bool:
    """在住の始まり: does a residence begin? A cancelled closing goes on with the one there was."""
    return effect.what is What.OPENS and effect.reason != "cancelled_adding"


def _residence_no(one: Touched, held: Held) -> int:
    before = held.residence_nos.get(one.effect.record_id, 0)
    return before + 1 if begins(one.effect) else before


def _numbered(one: Touched, held: Held) -> dict[str, Any]:
    numbers = {"history_no": one.history_no, "residence_no": _residence_no(one, held)}
    return {**numbers, **one.effect.to_body()}


def _version_row(one: Touched, change_id: int, held: Held) -> dict[str, Cell | int]:
    cells = to_row(one.after)
    columns = {item.column: _stored(item.kind, cells[item.column]) for item in RECORD_COLUMNS}
    return {
        "record_id": str(one.effect.record_id),
        "history_no": one.history_no,
        "residence_no": _residence_no(one, held),
        "change_id": change_id,
        "reason": one.effect.reason,
        "history_remark": one.effect.history_remark,
        "note": one.effect.note,
        **columns,
    }


# A parameter for each of 130 columns of each person took psycopg longer than the database.
_STAMPED = ("at", "xid")
_VERSION_COLUMNS = ", ".join(
    str(one.column) for one in RecordVersion._meta.concrete_fields if one.column not in _STAMPED
)
_WRITE_VERSIONS = f"""
INSERT INTO register_recordversion ({_VERSION_COLUMNS}) SELECT {_VERSION_COLUMNS}
FROM jsonb_populate_recordset(NULL::register_recordversion, %s::jsonb)
"""  # noqa: S608  our own columns


def _write_versions(rows: Sequence[Mapping[str, Cell | int]]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_WRITE_VERSIONS, [json.dumps(rows, ensure_ascii=False)])


def _stored(kind: Kind, cell: Cell) -> Cell:
    return "" if kind is Kind.REGISTER_DATE and cell is None else cell


def _day(cell: str) -> date | None:
    return from_cell(cell).sort_on if cell else None


def _current(one: Touched, held: Held) -> Current:
    return Current(
        record_id=one.effect.record_id,
        address_number=one.after.address_number,
        history_no=one.history_no,
        residence_no=_residence_no(one, held),
        household_number=one.after.household_number,
        state=one.after.state or "living",
        ward=one.after.ward,
        resident_record_code=one.after.resident_record_code,
    )

"""追記: a ledger row, its versions, and the projections, in the transaction of the change."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection

from daicho.register.ledger import projections
from daicho.register.ledger.holding import Held
from daicho.register.models import RecordedChange, RecordVersion
from daicho.terms.changes import Change, Effect
from daicho.terms.changes.effects import What, When
from daicho.terms.changes.recorded import Recorded, Touched
from daicho.terms.dates import from_cell
from daicho.terms.records import ITEMS, Cell, Kind, Record, to_row


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


def append(change: Change, held: Held, touched: Sequence[Touched], entered: Entered) -> Recorded:
    """Append a judged change, under the lock of `hold`."""
    versions = [_version_row(one, held) for one in touched]
    said = [_change_row(change, held, touched, entered), versions]
    with connection.cursor() as cursor:
        cursor.execute(_APPEND, [json.dumps(one, ensure_ascii=False) for one in said])
        change_id = int(cursor.fetchone()[0])
    numbers = {*held.households, *(one.after.household_number for one in touched)}
    projections.renew(versions, numbers)
    return Recorded(
        change_id, change.kind, entered.when, entered.ward, entered.request_id, tuple(touched)
    )


def _change_row(
    change: Change, held: Held, touched: Sequence[Touched], entered: Entered
) -> dict[str, Any]:
    when, occurred_on = entered.when, _day(entered.when.occurred_on)
    return {
        "kind": change.kind,
        "v": change.v,
        "body": {
            "occurred_on": when.occurred_on,
            "said": change.to_body(),
            "effects": [_numbered(one, held) for one in touched],
        },
        "record_ids": [str(one.effect.record_id) for one in touched],
        "occurred_on": occurred_on.isoformat() if occurred_on else None,
        "received_on": when.received_on.isoformat() if when.received_on else None,
        "processed_on": when.processed_on.isoformat(),
        "basis": entered.basis,
        "article": entered.article,
        "operator_id": entered.operator_id,
        "office": entered.office,
        "terminal": entered.terminal,
        "ward": entered.ward,
        "request_id": str(entered.request_id),
        "corrects_id": entered.corrects,
        "reception_id": str(entered.reception_id) if entered.reception_id else None,
    }


def touched_by(effects: Sequence[Effect], held: Held) -> tuple[Touched, ...]:
    """Each person before and after, with the 履歴番号 that the change would have."""
    people = (one for members in held.scene.members.values() for one in members)
    known = {**{one.record_id: one for one in people}, **held.scene.befores}
    return tuple(_touch(effect, known.get(effect.record_id), held) for effect in effects)


def _touch(effect: Effect, before: Record | None, held: Held) -> Touched:
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


def _version_row(one: Touched, held: Held) -> dict[str, Cell | int]:
    row: dict[str, Cell | int] = {**to_row(one.after)}
    for column in _BLANK_IN_TEXT:
        row[column] = row[column] or ""
    return {
        **row,
        "history_no": one.history_no,
        "residence_no": _residence_no(one, held),
        "reason": one.effect.reason,
        "history_remark": one.effect.history_remark,
        "note": one.effect.note,
    }


# A blank one is None as a cell, "" in its column.
_BLANK_IN_TEXT = tuple(item.column for item in ITEMS if item.kind is Kind.REGISTER_DATE)
# What the database gives itself; the id of the change is only known inside the statement.
_STAMPED = ("at", "xid")
_CHANGE_COLUMNS = ", ".join(
    str(one.column)
    for one in RecordedChange._meta.concrete_fields
    if one.column not in ("id", *_STAMPED)
)
_VERSION_COLUMNS = ", ".join(
    str(one.column)
    for one in RecordVersion._meta.concrete_fields
    if one.column not in ("change_id", *_STAMPED)
)
# One statement, for each takes as long to go there and back as to be done; and a parameter for each
# of 130 columns of each person took psycopg longer than the database.
_APPEND = f"""
WITH change AS (
    INSERT INTO register_recordedchange ({_CHANGE_COLUMNS}) SELECT {_CHANGE_COLUMNS}
    FROM jsonb_populate_record(NULL::register_recordedchange, %s::jsonb) RETURNING id),
people AS MATERIALIZED (
    SELECT {_VERSION_COLUMNS}
    FROM jsonb_populate_recordset(NULL::register_recordversion, %s::jsonb)),
versions AS (
    INSERT INTO register_recordversion (change_id, {_VERSION_COLUMNS})
    SELECT change.id, {_VERSION_COLUMNS} FROM change, people),
present AS ({projections.RENEW_CURRENT})
SELECT id FROM change
"""  # noqa: S608  our own columns


def _day(cell: str) -> date | None:
    return from_cell(cell).sort_on if cell else None

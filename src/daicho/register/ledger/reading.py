"""台帳を読む: ledger rows and versions as pure values."""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from daicho.register.fold import Entry
from daicho.register.models import RECORD_COLUMNS, RecordedChange
from daicho.terms.changes import Cancelled, Change, Effect, Imported
from daicho.terms.changes.cancelled import OF_NUMBERS
from daicho.terms.changes.effects import Undone, What, When
from daicho.terms.changes.recorded import Recorded, Touched
from daicho.terms.records import Cell, Record, from_row

_Key = tuple[UUID, int]
"""版の鍵: record_id and 履歴番号."""

# By name: a plan that is kept would break on a column that the next version adds beside us.
_COLUMNS = ", ".join(f"v.{item.column}" for item in RECORD_COLUMNS)
_VERSIONS = f"""SELECT v.record_id, v.history_no, {_COLUMNS} FROM register_recordversion v
JOIN unnest(%s::uuid[], %s::integer[]) AS asked (record_id, history_no)
    USING (record_id, history_no)"""  # noqa: S608  our own columns


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
    row = RecordedChange.objects.exclude(kind="imported").filter(request_id=request_id).first()
    if row is None:
        return None
    when = When(row.body["occurred_on"], row.received_on, row.processed_on)
    effects = [(Effect.from_body(body), int(body["history_no"])) for body in row.body["effects"]]
    found = _versions(
        (effect.record_id, history_no - back) for effect, history_no in effects for back in (0, 1)
    )
    touched = tuple(_touched(effect, history_no, found) for effect, history_no in effects)
    return Recorded(row.pk, row.kind, when, row.ward, request_id, touched)


def _touched(effect: Effect, history_no: int, found: Mapping[_Key, Record]) -> Touched:
    before = None if effect.what is What.OPENS else found[effect.record_id, history_no - 1]
    return Touched(effect, before, found[effect.record_id, history_no], history_no)


def was_said(request_id: UUID, operator_id: int | None, change: Change) -> bool:
    """Whether this request recorded just this change of this operator."""
    row = RecordedChange.objects.exclude(kind="imported").get(request_id=request_id)
    said = json.loads(json.dumps(change.to_body()))  # as the database gives it back
    same = (row.kind, row.operator_id, row.body["said"]) == (change.kind, operator_id, said)
    return bool(same)


def undone_by(change: Cancelled) -> Undone | None:
    """The change that a cancellation names; None where the register has none of that id."""
    row = RecordedChange.objects.filter(pk=change.cancels).first()
    if row is None:
        return None
    bodies = row.body["effects"] if row.kind != Imported.kind else []
    effects = {one.record_id: one for one in map(Effect.from_body, bodies)}
    found = _versions(
        (UUID(body["record_id"]), body["history_no"] - 1)
        for body in bodies
        if body["what"] != What.OPENS
    )
    befores = {record_id: record for (record_id, _), record in found.items()}
    last_of: dict[UUID, int] = {}
    cancelled: dict[int | None, set[UUID]] = {}
    later = RecordedChange.objects.filter(record_ids__overlap=row.record_ids).order_by("-id")
    for pk, corrects, record_ids, said in later.exclude(kind__in=OF_NUMBERS).values_list(
        "id", "corrects_id", "record_ids", "body__said__record_ids"
    ):
        restored = {UUID(one) for one in said} if corrects else set()
        cancelled.setdefault(corrects, set()).update(restored)
        for one in set(record_ids) - restored - cancelled.get(pk, set()):
            last_of.setdefault(one, pk)
    of_it = frozenset(cancelled.get(row.pk, ()))
    return Undone(row.pk, row.kind, effects, befores, last_of, of_it)


def _versions(asked: Iterable[_Key]) -> dict[_Key, Record]:
    """Those of these versions that there are."""
    keys = list(asked)
    with connection.cursor() as cursor:
        cursor.execute(_VERSIONS, [[one for one, _ in keys], [no for _, no in keys]])
        names = [column.name for column in cursor.description]
        rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    return {(row["record_id"], row["history_no"]): record_of(row) for row in rows}


def record_of(values: Mapping[str, Any]) -> Record:
    """The record in a row of `RecordVersion`."""
    cells: dict[str, Cell] = {"record_id": str(values["record_id"])}
    for item in RECORD_COLUMNS:
        value = values[item.column]
        cells[item.column] = value if value is None or isinstance(value, bool) else str(value)
    return from_row(cells)

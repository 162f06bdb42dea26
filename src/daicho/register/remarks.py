"""備考 (統合記載欄 C類型, 標準仕様書 1.1.14): free text beside the history; the latest one counts.

It is no part of a version: to write one gives no 履歴番号, and a 除票 may have one too. An older
remark stays and is shown as what stood there before.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from daicho.access.permits import Permit, demand, look
from daicho.law.safety import item_classes, unseen
from daicho.register.models import Current, Remark
from daicho.register.visibility import visible

# The second of two clerks waits for the first at the primary key, and then writes nothing.
_ADD = """
INSERT INTO register_remark (record_id, remark_no, text, operator_id, request_id)
SELECT %(record_id)s, %(seen)s + 1, %(text)s, %(operator)s, %(request)s
WHERE %(seen)s = (SELECT coalesce(max(remark_no), 0) FROM register_remark
    WHERE record_id = %(record_id)s)
ON CONFLICT DO NOTHING RETURNING remark_no
"""


@dataclass(frozen=True)
class Written:
    """書かれた備考: `remark_no` counts from 1 for each person; a blank text took the last away."""

    remark_no: int
    text: str
    at: datetime
    operator_id: int | None


def of(permit: Permit, record_id: UUID) -> tuple[Written, ...]:
    """備考照会: a person's remarks, the latest first; () where they are not told to this permit."""
    demand(permit, "resident")
    with transaction.atomic():
        seen = visible(permit, [record_id])
        rows = list(Remark.objects.filter(record_id=record_id).order_by("-remark_no"))
        look(permit, "look", "register.remarks", record_ids=[record_id], detail={"rows": 1})
    if not seen.tells_of(record_id):
        return ()
    return tuple(
        Written(one.remark_no, seen.remark(record_id, one.text), one.at, one.operator_id)
        for one in rows
    )


def unseen_in(permit: Permit, record_id: UUID) -> str:
    """見えない備考: a class of items for whose sake the remark is not shown; blank where it is.

    Who is not shown what stands there cannot write it anew as a whole.
    """
    classes = unseen.classes_of(item_classes.hidden(permit.sees, permit.on), permit.on)
    if not classes:
        return ""
    now = Remark.objects.filter(record_id=record_id).order_by("-remark_no").first()
    return classes[0] if now and now.text else ""


def is_known(record_id: UUID) -> bool:
    """Is there such a person, resident or 除票?"""
    return Current.objects.filter(pk=record_id).exists()


def written_by(record_id: UUID, request_id: UUID) -> tuple[int, str, int | None] | None:
    """What a request has written for this person already: number, text, operator."""
    row = Remark.objects.filter(record_id=record_id, request_id=request_id).first()
    return (row.remark_no, row.text, row.operator_id) if row else None


def add(permit: Permit, record_id: UUID, text: str, seen: int) -> int | None:
    """Write the remark after number `seen`; None where somebody has written since.

    In the running transaction: `recording.remark` judges and trails.
    """
    assert connection.in_atomic_block, "a remark is written in the transaction of its trail row"
    said: dict[str, Any] = {
        "record_id": record_id,
        "seen": seen,
        "text": text,
        "operator": permit.actor.operator_id if permit.actor else None,
        "request": permit.request_id,
    }
    with connection.cursor() as cursor:
        cursor.execute(_ADD, said)
        row = cursor.fetchone()
    return int(row[0]) if row else None

"""送信待ちを読む: what changes have put into the outbox: of which kinds, and whom it tells of."""

from collections.abc import Collection, Mapping
from datetime import date
from uuid import UUID

from django.db import connection

from daicho.law.identification import columns
from daicho.network.messages.identification_information import CLOSES, IdentificationInformation
from daicho.network.models import Outbox
from daicho.terms.records import Record, to_row

# By the index of a resident's messages, the newest first.
_TOLD = """
SELECT asked.record_id FROM unnest(%s::uuid[], %s::integer[]) AS asked (record_id, history_no)
WHERE EXISTS (SELECT FROM network_outbox o WHERE o.record_id = asked.record_id
    AND o.kind = %s AND o.history_no = asked.history_no)
"""


def kinds_of(change_id: int) -> tuple[str, ...]:
    """The kinds of message that wait because of a change, each once."""
    rows = Outbox.objects.filter(change_id=change_id).order_by("kind")
    return tuple(rows.values_list("kind", flat=True).distinct())


def prefecture_told(versions: Mapping[UUID, int]) -> set[UUID]:
    """通知済みの者: of whose version, by record and 履歴番号, the governor was told (30条の6)."""
    kind = IdentificationInformation.KIND
    with connection.cursor() as cursor:
        cursor.execute(_TOLD, [list(versions), list(versions.values()), kind])
        return {record_id for (record_id,) in cursor.fetchall()}


def prefecture_knows(records: Collection[Record], on: date) -> set[UUID]:
    """通知した記載のままの者: of whom the governor was told last, as living here, just what stands
    in these records, by the items that the Act lists."""
    listed, living = columns(on), {one.record_id: one for one in records}
    rows = Outbox.objects.filter(record_id__in=living, kind=IdentificationInformation.KIND)
    last = rows.order_by("record_id", "-id").distinct("record_id").values_list("record_id", "body")
    return {
        one
        for one, body in last
        if body["what"] != CLOSES
        and _items(body["after"], listed) == _items(to_row(living[one]), listed)
    }


def _items(row: Mapping[str, object], listed: Collection[str]) -> dict[str, object]:
    return {name: cell for name in listed if (cell := row.get(name)) not in ("", None, False)}

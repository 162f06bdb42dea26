"""従前の個人番号 (番号法7条2項): what another number has replaced, and since when.

A former number finds the record whose it was and is given to nobody again. It is never taken out:
it leaves the vault once, when it is replaced, to be sealed under an id of its own.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID, uuid4

from django.db import connection, transaction

from daicho.access.permits import Permit, demand, look
from daicho.vault.custody import Ring
from daicho.vault.sealing import Sealed, blind, encrypted, opened, sealed_as


def former(permit: Permit, record_id: UUID) -> tuple[datetime, ...]:
    """従前の個人番号の有無: until when a record had each number that another has replaced, the
    oldest first; no number. A look of its own, trailed."""
    demand(permit, "individual_number")
    with transaction.atomic(), connection.cursor() as cursor:
        trail_id = look(permit, "vault_former", "vault.former", record_ids=[record_id])
        cursor.execute("SELECT * FROM vault.former_until(%s, %s)", [trail_id, record_id])
        return tuple(ended_at for (ended_at,) in cursor.fetchall())


def leave_behind(permit: Permit, ring: Ring, put_trail: int, given: Sequence[Sealed]) -> None:
    """従前の番号とする: what these numbers replace, in the transaction that puts them in.

    Nothing where each record holds no number, or the same. Raises InvalidTag where what it holds
    cannot be opened: a number that nobody can read is replaced by none.
    """
    with connection.cursor() as cursor:
        pairs = [
            (it.record_id, part) for it in given for part in sealed_as(it.blind_index).values()
        ]
        cursor.execute(
            "SELECT * FROM vault.to_replace(%s, %s::uuid[], %s::bytea[])",
            [put_trail, [record_id for record_id, _ in pairs], [part for _, part in pairs]],
        )
        named = [record_id for (record_id,) in cursor.fetchall()]
        if not named:
            return
        rows = {"rows": len(named)}
        trail_id = look(permit, "vault_replaced", "vault.put", record_ids=named, detail=rows)
        cursor.execute("SELECT * FROM vault.replaced(%s)", [trail_id])
        numbers = {
            record_id: opened(ring, record_id, bytes(text), version)
            for record_id, text, version in cursor.fetchall()
        }
        ids = {record_id: uuid4() for record_id in numbers}
        cursor.execute(
            "SELECT vault.leave_behind(%s, %s, %s::uuid[], %s::uuid[], %s::bytea[], %s::bytea[],"
            " %s, %s)",
            [
                *(trail_id, put_trail, list(ids), list(ids.values())),
                [encrypted(ring, ids[one], numbers[one]) for one in ids],
                [blind(ring, ring.current, numbers[one]) for one in ids],
                *(ring.current, ring.fingerprints[ring.current]),
            ],
        )

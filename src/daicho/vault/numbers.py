"""個人番号の出し入れ: a number is sealed here and leaves only with a Permit that is trailed.

How it is sealed and found again, says `sealing`; what became of one that another replaced,
`former`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from cryptography.exceptions import InvalidTag
from django.db import connection, transaction

from daicho.access.permits import Permit, demand, look
from daicho.vault import acquiring, versions
from daicho.vault.acquiring import Whence
from daicho.vault.custody import Ring
from daicho.vault.former import former, leave_behind
from daicho.vault.keys import KeyTrouble
from daicho.vault.sealing import (
    CHANGED,
    Sealed,
    blind,
    known,
    once_more,
    opened,
    renewed,
    sealed,
    sealed_as,
)

__all__ = [
    "InvalidTag",
    "Sealed",
    "Whose",
    "find",
    "former",
    "get",
    "held",
    "opened",
    "put",
    "put_sealed",
    "seal",
    "sealed_as",
    "whose",
]


@dataclass(frozen=True)
class Whose:
    """番号の者: the records that hold a number, and those that only held it before another took its
    place (番号法7条2項)."""

    now: tuple[UUID, ...] = ()
    before: tuple[UUID, ...] = ()

    @property
    def records(self) -> tuple[UUID, ...]:
        """All of them, in the order of their ids."""
        return tuple(sorted((*self.now, *self.before)))


def seal(record_id: UUID, number: str) -> Sealed:
    """Encrypt a number for its record; what is sealed may be kept until `put_sealed`."""
    return once_more(lambda ring: sealed(ring, record_id, number))


def put(permit: Permit, given: Mapping[UUID, str], whence: Whence) -> None:
    """Keep each record's number; one trail row names all the records. A number that another takes
    the place of stays behind as a former one (`former`), and a second row names whose it was.

    `whence` says how they were acquired: it is kept beside each of them, in the same call.
    """
    demand(permit, "individual_number")
    once_more(
        lambda ring: _put(permit, ring, [sealed(ring, one, given[one]) for one in given], whence)
    )


def put_sealed(permit: Permit, given: Sequence[Sealed], whence: Whence) -> None:
    """Keep sealed numbers and how they were acquired, in the transaction of what they belong to.

    What was sealed under a version that is no longer the current one is sealed again.
    """
    demand(permit, "individual_number")
    once_more(lambda ring: _put(permit, ring, [renewed(ring, one) for one in given], whence))


def get(permit: Permit, record_id: UUID) -> str | None:
    """The number of one record, or None where the vault holds none.

    In a transaction of its own that has committed before the number is given: no caller can roll
    its trail row back and keep what it saw.
    """
    demand(permit, "individual_number")
    taken = _taken(permit, record_id)
    if taken is None:
        return None
    try:
        return once_more(lambda ring: opened(ring, record_id, *taken))
    except KeyTrouble:
        # moved to another version since it was read, and the one before destroyed
        moved = _taken(permit, record_id)
        if moved == taken:
            raise
    return moved and once_more(lambda ring: opened(ring, record_id, *moved))


def _taken(permit: Permit, record_id: UUID) -> tuple[bytes, int] | None:
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        trail_id = look(permit, "vault_get", "vault.get", record_ids=[record_id], number_seen=True)
        cursor.execute("SELECT * FROM vault.get(%s, %s)", [trail_id, record_id])
        row = cursor.fetchone()
    return (bytes(row[0]), row[1]) if row else None


def find(permit: Permit, number: str) -> tuple[UUID, ...]:
    """The records that hold this number or held it, living and closed, as `whose`."""
    return whose(permit, number).records


def whose(permit: Permit, number: str) -> Whose:
    """The records that hold this number, living and closed, and that held it: by the blind index
    alone.

    Committed before it answers, like `get`; a second trail row names the records that were found.
    """
    demand(permit, "individual_number")
    return once_more(lambda ring: _found(permit, ring, number))


def held(permit: Permit, blind_indexes: Sequence[bytes]) -> frozenset[bytes]:
    """Which of these blind indexes the vault holds already, or held; tells of no record.

    Raises KeyTrouble where one of them was made with other versions than those in use: the numbers
    themselves are not here, who sealed them must seal them again.
    """
    demand(permit, "individual_number")
    return once_more(lambda ring: _held(permit, ring, blind_indexes), still_stale=CHANGED)


def _put(permit: Permit, ring: Ring, given: Sequence[Sealed], whence: Whence) -> None:
    record_ids = [one.record_id for one in given]
    acquired, places = acquiring.said(whence, record_ids, permit.on)
    rows = {"rows": len(given)}
    with versions.told(), transaction.atomic(), connection.cursor() as cursor:
        trail_id = look(permit, "vault_put", "vault.put", record_ids=record_ids, detail=rows)
        leave_behind(permit, ring, trail_id, given)
        cursor.execute(
            "SELECT vault.put(%s, %s::uuid[], %s::bytea[], %s::bytea[], %s, %s, %s, %s::jsonb,"
            " %s::integer[])",
            [
                trail_id,
                record_ids,
                [one.ciphertext for one in given],
                [sealed_as(one.blind_index)[ring.current] for one in given],
                ring.current,
                ring.fingerprints[ring.current],
                ring.keeper(ring.current).kind,
                acquired,
                places,
            ],
        )
        (written,) = cursor.fetchone()
    assert written == len(given), "the vault kept fewer numbers than it was given"


def _found(permit: Permit, ring: Ring, number: str) -> Whose:
    blind_indexes = [blind(ring, version, number) for version in ring.held]
    with (
        versions.told(),
        transaction.atomic(durable=True),
        connection.cursor() as cursor,
    ):
        trail_id = look(permit, "vault_find", "vault.find")
        cursor.execute(
            "SELECT * FROM vault.whose(%s, %s::bytea[], %s::integer[], %s::text[])",
            [trail_id, blind_indexes, *known(ring)],
        )
        rows = cursor.fetchall()
        found = Whose(*(tuple(one for one, was in rows if was == it) for it in (False, True)))
        if rows:
            said = {"rows": len(rows)}
            look(permit, "vault_found", "vault.find", record_ids=found.records, detail=said)
    return found


def _held(permit: Permit, ring: Ring, blind_indexes: Sequence[bytes]) -> frozenset[bytes]:
    parts = {part: whole for whole in blind_indexes for part in sealed_as(whole).values()}
    if any(set(sealed_as(whole)) != set(ring.held) for whole in blind_indexes):
        raise versions.Stale
    with versions.told(), transaction.atomic(), connection.cursor() as cursor:
        trail_id = look(permit, "vault_find", "vault.held")
        cursor.execute(
            "SELECT vault.held(%s, %s::bytea[], %s::integer[], %s::text[])",
            [trail_id, list(parts), *known(ring)],
        )
        return frozenset(parts[bytes(index)] for (index,) in cursor.fetchall())

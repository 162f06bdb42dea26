"""個人番号の出し入れ: a number is encrypted here and leaves only with a Permit that is trailed.

AES-256-GCM; record, field and key version are the associated data, so that a ciphertext moved to
another record cannot be opened. The blind index is HMAC-SHA-256 under a key of its own: there are
only 10^11 numbers, an index without a key would be tried out in an hour. Who keeps the keys, says
`custody`; a key of hardware works in its token and never comes here.
"""

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

from cryptography.exceptions import InvalidTag
from django.db import connection, transaction

from daicho.access.permits import Permit, demand, look
from daicho.vault import acquiring, custody, versions
from daicho.vault.acquiring import Whence
from daicho.vault.custody import Ring
from daicho.vault.keys import KeyTrouble

NONCE_BYTES = 12
MAC_BYTES = 32
_VERSION_BYTES = 4
_CHANGING = "鍵の版が変わり続けています。しばらくしてからやり直してください。"
_CHANGED = "鍵の版が変わりました。はじめからやり直してください。"
_STEPS_OF_A_CHANGE = 3
"""鍵の変更の段階: a new version, the first under it, the old one that ends."""
Answer = TypeVar("Answer")
__all__ = [
    "InvalidTag",
    "Sealed",
    "find",
    "get",
    "held",
    "opened",
    "put",
    "put_sealed",
    "seal",
    "sealed_as",
]


@dataclass(frozen=True, repr=False)
class Sealed:
    """封緘: a number of one record, encrypted, with the blind index by which it is found.

    `blind_index` holds the index under each key version in use, the current one first: while keys
    are changed there are two. Equal numbers have equal ones as long as no version comes or goes.
    """

    record_id: UUID
    ciphertext: bytes
    blind_index: bytes

    @property
    def key_version(self) -> int:
        """Under which version it is sealed."""
        return next(iter(sealed_as(self.blind_index)))


def seal(record_id: UUID, number: str) -> Sealed:
    """Encrypt a number for its record; what is sealed may be kept until `put_sealed`."""
    return _once_more(lambda ring: _sealed(ring, record_id, number))


def sealed_as(blind_index: bytes) -> Mapping[int, bytes]:
    """The indexes in the blind index of a `Sealed`, by key version."""
    size = _VERSION_BYTES + MAC_BYTES
    parts = [blind_index[at : at + size] for at in range(0, len(blind_index), size)]
    return {int.from_bytes(one[:_VERSION_BYTES]): one[_VERSION_BYTES:] for one in parts}


def put(permit: Permit, given: Mapping[UUID, str], whence: Whence) -> None:
    """Keep each record's number, replacing an older one; one trail row names all the records.

    `whence` says how they were acquired: it is kept beside each of them, in the same call.
    """
    demand(permit, "individual_number")
    _once_more(
        lambda ring: _put(permit, ring, [_sealed(ring, one, given[one]) for one in given], whence)
    )


def put_sealed(permit: Permit, given: Sequence[Sealed], whence: Whence) -> None:
    """Keep sealed numbers and how they were acquired, in the transaction of what they belong to.

    What was sealed under a version that is no longer the current one is sealed again.
    """
    demand(permit, "individual_number")
    _once_more(lambda ring: _put(permit, ring, [_renewed(ring, one) for one in given], whence))


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
        return _once_more(lambda ring: opened(ring, record_id, *taken))
    except KeyTrouble:
        # moved to another version since it was read, and the one before destroyed
        moved = _taken(permit, record_id)
        if moved == taken:
            raise
    return moved and _once_more(lambda ring: opened(ring, record_id, *moved))


def _taken(permit: Permit, record_id: UUID) -> tuple[bytes, int] | None:
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        trail_id = look(permit, "vault_get", "vault.get", record_ids=[record_id], number_seen=True)
        cursor.execute("SELECT * FROM vault.get(%s, %s)", [trail_id, record_id])
        row = cursor.fetchone()
    return (bytes(row[0]), row[1]) if row else None


def find(permit: Permit, number: str) -> tuple[UUID, ...]:
    """The records that hold this number, living and closed, by the blind index alone.

    Committed before it answers, like `get`; a second trail row names the records that were found.
    """
    demand(permit, "individual_number")
    return _once_more(lambda ring: _found(permit, ring, number))


def held(permit: Permit, blind_indexes: Sequence[bytes]) -> frozenset[bytes]:
    """Which of these blind indexes the vault holds already; tells of no record.

    Raises KeyTrouble where one of them was made with other versions than those in use: the numbers
    themselves are not here, who sealed them must seal them again.
    """
    demand(permit, "individual_number")
    return _once_more(lambda ring: _held(permit, ring, blind_indexes), still_stale=_CHANGED)


def encrypted(ring: Ring, record_id: UUID, number: str) -> bytes:
    """A number under the current version, bound to its record, behind a fresh nonce."""
    nonce = os.urandom(NONCE_BYTES)
    bound_to = _bound_to(record_id, ring.current)
    keeper = ring.keeper(ring.current)
    return nonce + keeper.encrypt(ring.current, nonce, number.encode(), bound_to)


def opened(ring: Ring, record_id: UUID, ciphertext: bytes, key_version: int) -> str:
    """The number in a ciphertext; raises InvalidTag where it is not this record's."""
    nonce, sealed = ciphertext[:NONCE_BYTES], ciphertext[NONCE_BYTES:]
    bound_to = _bound_to(record_id, key_version)
    return ring.keeper(key_version).decrypt(key_version, nonce, sealed, bound_to).decode()


def blind(ring: Ring, version: int, number: str) -> bytes:
    """索引: what stands for a number in the index of one version."""
    return ring.keeper(version).mac(version, number.encode())


def _parts(ring: Ring, number: str) -> Iterator[bytes]:
    for version in ring.in_order():
        yield version.to_bytes(_VERSION_BYTES) + blind(ring, version, number)


def _bound_to(record_id: UUID, key_version: int) -> bytes:
    return b"individual_number|" + record_id.bytes + b"|" + str(key_version).encode()


def _once_more(work: Callable[[Ring], Answer], still_stale: str = _CHANGING) -> Answer:
    """Work with this process's keys; where they are not, or no longer, those that the database and
    the keepers have, read them again and work once more; a change of keys is several steps, and
    more than one may fall into that moment. Raises KeyTrouble, or InvalidTag."""
    with suppress(versions.Stale, KeyTrouble, InvalidTag):
        return work(custody.ring())
    for _ in range(_STEPS_OF_A_CHANGE):
        with suppress(versions.Stale):
            return work(custody.reread())
    raise KeyTrouble(still_stale)


def _sealed(ring: Ring, record_id: UUID, number: str) -> Sealed:
    return Sealed(record_id, encrypted(ring, record_id, number), b"".join(_parts(ring, number)))


def _renewed(ring: Ring, one: Sealed) -> Sealed:
    """The same number under the current version, whichever it was sealed under."""
    if one.key_version == ring.current:
        return one
    if one.key_version not in ring.held:
        raise KeyTrouble(_CHANGED)
    number = opened(ring, one.record_id, one.ciphertext, one.key_version)
    return _sealed(ring, one.record_id, number)


def _put(permit: Permit, ring: Ring, given: Sequence[Sealed], whence: Whence) -> None:
    record_ids = [one.record_id for one in given]
    acquired, places = acquiring.said(whence, record_ids, permit.on)
    rows = {"rows": len(given)}
    with versions.told(), transaction.atomic(), connection.cursor() as cursor:
        trail_id = look(permit, "vault_put", "vault.put", record_ids=record_ids, detail=rows)
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


def _found(permit: Permit, ring: Ring, number: str) -> tuple[UUID, ...]:
    blind_indexes = [blind(ring, version, number) for version in ring.held]
    with (
        versions.told(),
        transaction.atomic(durable=True),
        connection.cursor() as cursor,
    ):
        trail_id = look(permit, "vault_find", "vault.find")
        cursor.execute(
            "SELECT vault.find(%s, %s::bytea[], %s::integer[], %s::text[])",
            [trail_id, blind_indexes, *_known(ring)],
        )
        found = tuple(record_id for (record_id,) in cursor.fetchall())
        if found:
            rows = {"rows": len(found)}
            look(permit, "vault_found", "vault.find", record_ids=found, detail=rows)
    return found


def _held(permit: Permit, ring: Ring, blind_indexes: Sequence[bytes]) -> frozenset[bytes]:
    parts = {part: whole for whole in blind_indexes for part in sealed_as(whole).values()}
    if any(set(sealed_as(whole)) != set(ring.held) for whole in blind_indexes):
        raise versions.Stale
    with versions.told(), transaction.atomic(), connection.cursor() as cursor:
        trail_id = look(permit, "vault_find", "vault.held")
        cursor.execute(
            "SELECT vault.held(%s, %s::bytea[], %s::integer[], %s::text[])",
            [trail_id, list(parts), *_known(ring)],
        )
        return frozenset(parts[bytes(index)] for (index,) in cursor.fetchall())


def _known(ring: Ring) -> tuple[list[int], list[str]]:
    return list(ring.fingerprints), list(ring.fingerprints.values())

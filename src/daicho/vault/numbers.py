"""個人番号の出し入れ: a number is encrypted here and leaves only with a Permit that is trailed.

AES-256-GCM; record, field and key version are the associated data, so that a ciphertext moved to
another record cannot be opened. The blind index is HMAC-SHA-256 under a key of its own: there are
only 10^11 numbers, an index without a key would be tried out in an hour.
"""

import hmac
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.db import connection, transaction

from daicho.access.permits import Permit, demand, look
from daicho.vault import keys as key_file
from daicho.vault.keys import Keys

NONCE_BYTES = 12
__all__ = ["InvalidTag", "Sealed", "find", "get", "held", "keys", "put", "put_sealed", "seal"]


@cache
def _keys(path: Path) -> Keys:
    return key_file.load(path)


def keys() -> Keys:
    """The keys of this process, read once."""
    return _keys(Path(settings.VAULT_KEY_FILE))


@dataclass(frozen=True, repr=False)
class Sealed:
    """封緘: a number of one record, encrypted, with the blind index by which it is found."""

    record_id: UUID
    ciphertext: bytes
    blind_index: bytes


def seal(record_id: UUID, number: str) -> Sealed:
    """Encrypt a number for its record; what is sealed may be kept until `put_sealed`."""
    ring = keys()
    blind_index = _blind(ring.index[ring.current], number)
    return Sealed(record_id, _encrypt(ring, record_id, number), blind_index)


def put(permit: Permit, given: Mapping[UUID, str]) -> None:
    """Keep each record's number, replacing an older one; one trail row names all the records."""
    put_sealed(permit, [seal(record_id, number) for record_id, number in given.items()])


def put_sealed(permit: Permit, given: Sequence[Sealed]) -> None:
    """Keep numbers sealed under the present keys, in the transaction of what they belong to."""
    demand(permit, "individual_number")
    version = keys().current
    record_ids = [one.record_id for one in given]
    rows = {"rows": len(given)}
    with transaction.atomic(), connection.cursor() as cursor:
        trail_id = look(permit, "vault_put", "vault.put", record_ids=record_ids, detail=rows)
        cursor.execute(
            "SELECT vault.put(%s, %s::uuid[], %s::bytea[], %s, %s::bytea[], %s)",
            [
                trail_id,
                record_ids,
                [one.ciphertext for one in given],
                version,
                [one.blind_index for one in given],
                version,
            ],
        )
        (written,) = cursor.fetchone()
    assert written == len(given), "the vault kept fewer numbers than it was given"


def get(permit: Permit, record_id: UUID) -> str | None:
    """The number of one record, or None where the vault holds none.

    In a transaction of its own that has committed before the number is given: no caller can roll
    its trail row back and keep what it saw.
    """
    demand(permit, "individual_number")
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        trail_id = look(permit, "vault_get", "vault.get", record_ids=[record_id], number_seen=True)
        cursor.execute("SELECT * FROM vault.get(%s, %s)", [trail_id, record_id])
        row = cursor.fetchone()
    if row is None:
        return None
    ciphertext, key_version = row
    return _decrypt(keys(), record_id, bytes(ciphertext), key_version)


def find(permit: Permit, number: str) -> tuple[UUID, ...]:
    """The records that hold this number, living and closed, by the blind index alone.

    Committed before it answers, like `get`; a second trail row names the records that were found.
    """
    demand(permit, "individual_number")
    blind_indexes = [_blind(key, number) for key in keys().index.values()]
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        trail_id = look(permit, "vault_find", "vault.find")
        cursor.execute("SELECT vault.find(%s, %s::bytea[])", [trail_id, blind_indexes])
        found = tuple(record_id for (record_id,) in cursor.fetchall())
        if found:
            rows = {"rows": len(found)}
            look(permit, "vault_found", "vault.find", record_ids=found, detail=rows)
    return found


def held(permit: Permit, blind_indexes: Sequence[bytes]) -> frozenset[bytes]:
    """Which of these blind indexes the vault holds already; tells of no record."""
    demand(permit, "individual_number")
    with transaction.atomic(), connection.cursor() as cursor:
        trail_id = look(permit, "vault_find", "vault.held")
        cursor.execute("SELECT vault.held(%s, %s::bytea[])", [trail_id, list(blind_indexes)])
        return frozenset(bytes(index) for (index,) in cursor.fetchall())


def _bound_to(record_id: UUID, key_version: int) -> bytes:
    return b"individual_number|" + record_id.bytes + b"|" + str(key_version).encode()


def _encrypt(held: Keys, record_id: UUID, number: str) -> bytes:
    nonce = os.urandom(NONCE_BYTES)
    bound_to = _bound_to(record_id, held.current)
    return nonce + AESGCM(held.encrypt[held.current]).encrypt(nonce, number.encode(), bound_to)


def _decrypt(held: Keys, record_id: UUID, ciphertext: bytes, key_version: int) -> str:
    nonce, sealed = ciphertext[:NONCE_BYTES], ciphertext[NONCE_BYTES:]
    key = AESGCM(held.encrypt[key_version])
    return key.decrypt(nonce, sealed, _bound_to(record_id, key_version)).decode()


def _blind(key: bytes, number: str) -> bytes:
    return hmac.new(key, number.encode(), sha256).digest()

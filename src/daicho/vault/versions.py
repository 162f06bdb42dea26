"""鍵の版: what the database knows of the vault's keys: version, state, keeper and fingerprint.

A version is `made` (kept, nothing under it yet), `current` (for new rows), `old` (still read) or
`retired` (destroyed). No row is read or written with a key of another fingerprint, and no row is
written under a version that is not current: the database refuses it (`vault/migrations`).
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import DatabaseError, connection

from daicho.vault.keys import KeyTrouble

STATES: Mapping[str, str] = {
    "made": "作成済(未使用)",
    "current": "使用中",
    "old": "旧(読取りのみ)",
    "retired": "廃棄済",
}
"""版の状態: Japanese name by code."""
IN_USE = frozenset({"current", "old"})
"""使用中の状態: there may be rows under it."""

# What the functions of the vault raise; the last: another number has come in between.
_STALE = frozenset({"VK001", "VK002", "VK003", "VK005"})
_UNKNOWN = "VK004"  # numbers are held, and not one version is known
_LOCK = 5_211_250


class Stale(Exception):
    """The keys in this process, or the number that is replaced, are not what the database has:
    read them again."""


@dataclass(frozen=True)
class Version:
    """版: one version of the two keys, as the database knows it."""

    number: int
    state: str
    keeper: str
    fingerprint: str  # blank: from before there were fingerprints, not proven yet
    made_at: datetime
    retired_at: datetime | None


@dataclass(frozen=True, repr=False)
class Row:
    """封緘された行: one record's number, encrypted under a version."""

    record_id: UUID
    ciphertext: bytes
    key_version: int


@contextmanager
def told() -> Iterator[None]:
    """Turn the database's refusal of a version into `Stale`, that of a first key over numbers which
    it may not open into KeyTrouble; its transaction is rolled back."""
    try:
        yield
    except DatabaseError as refusal:
        state = getattr(refusal.__cause__, "sqlstate", "")
        if state in _STALE:
            raise Stale from refusal
        if state == _UNKNOWN:
            raise unknown() from None
        raise


def unknown() -> KeyTrouble:
    """鍵の版の登録がない: what is told where numbers are held and no version is registered."""
    return KeyTrouble(
        "個人番号があるのに、鍵の版がデータベースに登録されていません。何も書き換えていません。"
        "データベースを控えから戻してください。"
    )


def registered() -> tuple[Version, ...]:
    """Every version that the database knows, in their order."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM vault.key_versions()")
        return tuple(Version(*row) for row in cursor.fetchall())


def counts() -> Mapping[int, int]:
    """Rows by version: of each row the older of its two versions counts too."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM vault.key_counts()")
        return dict(cursor.fetchall())


@contextmanager
def alone() -> Iterator[bool]:
    """Whether nobody else is at the keys; the lock ends with the connection at the latest."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [_LOCK])
        (mine,) = cursor.fetchone()
    try:
        yield mine
    finally:
        if mine:
            with suppress(DatabaseError), connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [_LOCK])


def add(trail_id: int, number: int, keeper: str, fingerprint: str) -> None:
    """Register a version: as made, or as current where it is the first; raises KeyTrouble."""
    with told(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT vault.add_version(%s, %s, %s, %s)", [trail_id, number, keeper, fingerprint]
        )


def promote(trail_id: int, number: int) -> None:
    """Make a version the current one; waits for who is writing under the one before."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT vault.promote(%s, %s)", [trail_id, number])


def outdated(trail_id: int, after: UUID, size: int) -> list[UUID]:
    """Up to `size` records whose numbers are not under the current version, behind `after`; their
    rows are locked."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM vault.outdated(%s, %s, %s)", [trail_id, after, size])
        return [record_id for (record_id,) in cursor.fetchall()]


def sealed(trail_id: int, event: str) -> list[Row]:
    """The rows of the records that the trail row names, which is of that event."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM vault.sealed(%s, %s)", [trail_id, event])
        return [Row(one, bytes(text), version) for one, text, version in cursor.fetchall()]


def renew(
    trail_id: int,
    before: Sequence[Row],
    ciphertexts: Sequence[bytes],
    blind_indexes: Sequence[bytes],
    current: tuple[int, str],
) -> int:
    """Put rows under the current version, each only if it is still what it was `before`; gives how
    many were. `current` is the version with its fingerprint; raises Stale."""
    with told(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT vault.renew(%s, %s::uuid[], %s::bytea[], %s::bytea[], %s::bytea[], %s, %s)",
            [
                trail_id,
                [one.record_id for one in before],
                [one.ciphertext for one in before],
                list(ciphertexts),
                list(blind_indexes),
                *current,
            ],
        )
        (renewed,) = cursor.fetchone()
    return int(renewed)


def retire(trail_id: int, number: int) -> int:
    """Close a version for ever; gives how many rows are still under it, and then nothing is."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT vault.retire(%s, %s)", [trail_id, number])
        (rows,) = cursor.fetchone()
    return int(rows)


def sample(trail_id: int, number: int) -> list[UUID]:
    """Up to 20 records of a version whose fingerprint nobody has proven yet."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM vault.sample(%s, %s)", [trail_id, number])
        return [record_id for (record_id,) in cursor.fetchall()]


def adopt(trail_id: int, number: int, fingerprint: str) -> None:
    """Keep the proven fingerprint of a version that had none."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT vault.adopt(%s, %s, %s)", [trail_id, number, fingerprint])

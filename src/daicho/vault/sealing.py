"""個人番号の封緘: how a number is encrypted for its record, and what stands for it in the index.

AES-256-GCM; record, field and key version are the associated data, so that a ciphertext moved to
another record cannot be opened. The blind index is HMAC-SHA-256 under a key of its own: there are
only 10^11 numbers, an index without a key would be tried out in an hour. Who keeps the keys, says
`custody`; a key of hardware works in its token and never comes here.
"""

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

from cryptography.exceptions import InvalidTag

from daicho.vault import custody, versions
from daicho.vault.custody import Ring
from daicho.vault.keys import KeyTrouble

NONCE_BYTES = 12
MAC_BYTES = 32
_VERSION_BYTES = 4
_CHANGING = "鍵の版が変わり続けています。しばらくしてからやり直してください。"
CHANGED = "鍵の版が変わりました。はじめからやり直してください。"
"""what is told to whoever sealed numbers under keys that are no longer in use."""
_STEPS_OF_A_CHANGE = 3
"""鍵の変更の段階: a new version, the first under it, the old one that ends."""
Answer = TypeVar("Answer")


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


def sealed_as(blind_index: bytes) -> Mapping[int, bytes]:
    """The indexes in the blind index of a `Sealed`, by key version."""
    size = _VERSION_BYTES + MAC_BYTES
    parts = [blind_index[at : at + size] for at in range(0, len(blind_index), size)]
    return {int.from_bytes(one[:_VERSION_BYTES]): one[_VERSION_BYTES:] for one in parts}


def sealed(ring: Ring, record_id: UUID, number: str) -> Sealed:
    """A number under the current version, for its record."""
    return Sealed(record_id, encrypted(ring, record_id, number), b"".join(_parts(ring, number)))


def renewed(ring: Ring, one: Sealed) -> Sealed:
    """The same number under the current version, whichever it was sealed under; raises
    KeyTrouble."""
    if one.key_version == ring.current:
        return one
    if one.key_version not in ring.held:
        raise KeyTrouble(CHANGED)
    number = opened(ring, one.record_id, one.ciphertext, one.key_version)
    return sealed(ring, one.record_id, number)


def encrypted(ring: Ring, record_id: UUID, number: str) -> bytes:
    """A number under the current version, bound to its record, behind a fresh nonce."""
    nonce = os.urandom(NONCE_BYTES)
    bound_to = _bound_to(record_id, ring.current)
    keeper = ring.keeper(ring.current)
    return nonce + keeper.encrypt(ring.current, nonce, number.encode(), bound_to)


def opened(ring: Ring, record_id: UUID, ciphertext: bytes, key_version: int) -> str:
    """The number in a ciphertext; raises InvalidTag where it is not this record's."""
    nonce, text = ciphertext[:NONCE_BYTES], ciphertext[NONCE_BYTES:]
    bound_to = _bound_to(record_id, key_version)
    return ring.keeper(key_version).decrypt(key_version, nonce, text, bound_to).decode()


def blind(ring: Ring, version: int, number: str) -> bytes:
    """索引: what stands for a number in the index of one version."""
    return ring.keeper(version).mac(version, number.encode())


def known(ring: Ring) -> tuple[list[int], list[str]]:
    """The versions of a ring and their fingerprints, as the database asks for them."""
    return list(ring.fingerprints), list(ring.fingerprints.values())


def once_more(work: Callable[[Ring], Answer], still_stale: str = _CHANGING) -> Answer:
    """Work with this process's keys; where they are not, or no longer, those that the database and
    the keepers have, read them again and work once more; a change of keys is several steps, and
    more than one may fall into that moment. Raises KeyTrouble, or InvalidTag."""
    with suppress(versions.Stale, KeyTrouble, InvalidTag):
        return work(custody.ring())
    for _ in range(_STEPS_OF_A_CHANGE):
        with suppress(versions.Stale):
            return work(custody.reread())
    raise KeyTrouble(still_stale)


def _parts(ring: Ring, number: str) -> Iterator[bytes]:
    for version in ring.in_order():
        yield version.to_bytes(_VERSION_BYTES) + blind(ring, version, number)


def _bound_to(record_id: UUID, key_version: int) -> bytes:
    return b"individual_number|" + record_id.bytes + b"|" + str(key_version).encode()

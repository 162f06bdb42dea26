"""Made-up trails, as a register shows them to a witness."""

import base64
import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec

from daicho.access.proof import head_key, notes, tree

KEY = head_key.HeadKey(ec.generate_private_key(ec.SECP256R1()))
"""The key of the register."""


class Trail:
    """A trail of so many rows; `altered` says another row at one place."""

    def __init__(self, size: int = 0, altered: int = -1) -> None:
        self._altered = altered
        self._leaves: list[bytes] = []
        self.grow(size)

    def grow(self, size: int) -> None:
        """Add rows up to that size."""
        for place in range(len(self._leaves), size):
            row = b"forged" if place == self._altered else str(place).encode()
            self._leaves.append(tree.leaf_hash(row))

    def note(self, at: datetime) -> str:
        """Its head."""
        size = len(self._leaves)
        return notes.written(notes.Note("072036", size, tree.root_of(self._leaves), at))

    def asked(self, at: datetime, old_size: int, key: head_key.HeadKey = KEY) -> bytes:
        """What is sent to a witness."""
        note, size = self.note(at), len(self._leaves)
        path = tree.consistency(self._fetch, old_size, size) if 0 < old_size <= size else []
        mark = notes.sign(note, key.private)
        return json.dumps(body(note, mark, key.public, old_size, path)).encode()

    def _fetch(self, level: int, first: int, count: int) -> Sequence[bytes]:
        width = 1 << level
        starts = range(first * width, (first + count) * width, width)
        return [tree.root_of(self._leaves[one : one + width]) for one in starts]


def body(
    note: str, signature: bytes, public_key: str, old_size: int, path: Sequence[bytes]
) -> dict[str, Any]:
    """The shape of it."""
    return {
        "v": 1,
        "note": note,
        "signature": base64.b64encode(signature).decode(),
        "public_key": public_key,
        "old_size": old_size,
        "consistency": [base64.b64encode(one).decode() for one in path],
    }

"""立会いの判断: may this head be co-signed, by what was co-signed before?"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from daicho.access.proof import notes, tree
from daicho.access.proof.head_key import fingerprint
from daicho.access.proof.notes import Note

AHEAD_MAX = timedelta(minutes=10)

AGREED = ""
STALE = "stale"
"""The proof begins at another size than the one that is known: no fault, to be asked again."""


@dataclass(frozen=True)
class Shown:
    """示された先頭: a head with its signature, and the proof from the older size."""

    text: str
    signature: bytes
    public_key: str
    old_size: int
    path: Sequence[bytes]

    @property
    def note(self) -> Note:
        """What the head says; raises ValueError."""
        return notes.read(self.text)


@dataclass(frozen=True)
class Known:
    """知っている先頭: the last that was co-signed of a trail."""

    text: str
    signature: bytes

    @property
    def note(self) -> Note:
        """What the head says."""
        return notes.read(self.text)


def is_signed(shown: Shown) -> bool:
    """Is it a head, signed with the key that came with it?"""
    try:
        shown.note  # noqa: B018  that it can be read is what is asked
    except ValueError:
        return False
    return notes.is_signed(shown.text, shown.signature, shown.public_key)


def judge(shown: Shown, known: Known | None, pinned: str, now: datetime) -> str:
    """`AGREED`, or the code of what is wrong. `shown` is signed; `pinned` is the fingerprint of the
    key that is accepted for this trail, blank where none was seen yet."""
    note = shown.note
    if pinned and fingerprint(shown.public_key) != pinned:
        return "key"
    if note.at - now > AHEAD_MAX:
        return "ahead"
    if known is None:
        return AGREED
    return _continues(shown, note, known.note)


def _continues(shown: Shown, note: Note, before: Note) -> str:
    if note.size < before.size:
        return "smaller"
    if note.at < before.at:
        return "earlier"
    if note.size == before.size:
        return AGREED if note.root == before.root else "fork"
    if not before.size:
        return AGREED  # every trail continues the empty one
    if shown.old_size != before.size:
        return STALE
    holds = tree.proves_consistency(before.size, note.size, before.root, note.root, shown.path)
    return AGREED if holds else "fork"

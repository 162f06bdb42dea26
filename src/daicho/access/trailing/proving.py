"""一つの利用の証し: is a row still what its leaf stands for, and its leaf under a signed head?

What is shown on a screen convinces who trusts this server; who does not checks an export with
`verify-trail`, by heads that were kept elsewhere.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from daicho.access.models import TrailHead
from daicho.access.proof import nodes, notes, tree
from daicho.access.proof.nodes import NotWhole
from daicho.access.proof.sequencing import LINE
from daicho.access.trail import commitment

# The row as it is now, hashed anew, beside the hash that was kept of it.
_LEAF = f"""
SELECT l.leaf_index, l.leaf_hash, sha256('\\x00'::bytea || convert_to({LINE}, 'UTF8'))
FROM access_trailleaf l JOIN access_trail t ON t.id = l.trail_id WHERE l.trail_id = %s
"""  # noqa: S608  our own words
_SUBJECTS = """
SELECT s.record_ids, s.salt, t.commitment
FROM access_trailsubjects s JOIN access_trail t ON t.id = s.trail_id WHERE s.trail_id = %s
"""


@dataclass(frozen=True)
class Proof:
    """証し: the row's place in the one sequence, from 0, and the newest signed head, of so many
    rows. `is_sound`: row, tree and signature agree."""

    leaf_index: int
    head_size: int
    head_at: datetime | None
    is_sound: bool

    @property
    def place(self) -> int:
        """番号: from 1, as people count."""
        return self.leaf_index + 1

    @property
    def is_covered(self) -> bool:
        """署名済み: is the row one of those that the newest head signs?"""
        return self.leaf_index < self.head_size


def proof_of(trail_id: int) -> Proof | None:
    """証し: of one row; None while it waits for its place."""
    with connection.cursor() as cursor:
        cursor.execute(_LEAF, [trail_id])
        row = cursor.fetchone()
    if row is None:
        return None
    leaf_index, kept, now = row[0], bytes(row[1]), bytes(row[2])
    head = TrailHead.objects.order_by("-id").first()
    if head is None or leaf_index >= head.size:
        return Proof(leaf_index, head.size if head else 0, head.at if head else None, kept == now)
    is_sound = kept == now and _stands_under(head, leaf_index, kept)
    return Proof(leaf_index, head.size, head.at, is_sound)


def _stands_under(head: TrailHead, leaf_index: int, leaf: bytes) -> bool:
    """Is the head signed, and does the leaf lead to its root?"""
    if not notes.is_signed(head.note, bytes(head.signature), head.public_key):
        return False
    try:
        note = notes.read(head.note)
        if leaf_index >= note.size:
            return False
        path = nodes.inclusion(leaf_index, note.size)
    except (NotWhole, ValueError):
        return False
    return tree.proves_inclusion(leaf, leaf_index, note.size, path, note.root)


def subjects_agree(trail_id: int) -> bool:
    """対象者の記録の一致: are the subjects those to whom the row committed itself? True where they
    were disposed of: nothing is left to disagree."""
    with connection.cursor() as cursor:
        cursor.execute(_SUBJECTS, [trail_id])
        row = cursor.fetchone()
    return row is None or commitment(bytes(row[1]), row[0]) == bytes(row[2])

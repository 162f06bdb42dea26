"""先頭: the root of the tree at a size, signed, so that it can be kept by others.

The key is one of its own (ECDSA P-256): a right to write the trail is none to sign it.
"""

from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction

from daicho.access import clock
from daicho.access.models import TrailHead
from daicho.access.proof import head_key, notes, sequencing, tree
from daicho.access.proof.nodes import Blocks

AT_LEAST_EVERY = timedelta(hours=1)
"""A head is made when the trail has grown, else so often: that it stands still is said too."""
LOCK = 5_211_242  # one maker at a time


@cache
def _key_of(path: Path) -> head_key.HeadKey:
    return head_key.load(path)


def key() -> head_key.HeadKey:
    """The key of this process, read once; raises head_key.KeyTrouble."""
    return _key_of(Path(settings.TRAIL_KEY_FILE))


def whose() -> str:
    """誰の記録か: the municipality, or the role where a tier has none."""
    return settings.MUNICIPALITY or settings.ROLE.name


def make(*, not_within: timedelta = timedelta(0)) -> TrailHead | None:
    """Sign the tree as it stands; None where nothing is new since the last head, where that is
    younger than `not_within`, or while another is at it.

    A clock that was set back does not turn back the heads: they stand still at the last moment.
    Raises head_key.KeyTrouble, and nodes.NotWhole where the tree itself was tampered with.
    """
    with_key = key()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
        if not cursor.fetchone()[0]:
            return None
        size, at, last = sequencing.size(), clock.now(), newest()
        if last is not None:
            before = moment_of(last)
            is_young = timedelta(0) <= at - before < not_within
            if is_young or (last.size == size and at - before < AT_LEAST_EVERY):
                return None
            at = max(at, before)
        text = notes.written(notes.Note(whose(), size, tree.root(Blocks().fetch, size), at))
        return TrailHead.objects.create(
            size=size,
            note=text,
            signature=notes.sign(text, with_key.private),
            public_key=with_key.public,
        )


def newest() -> TrailHead | None:
    """The head that was made last."""
    return TrailHead.objects.order_by("-id").first()


def moment_of(head: TrailHead) -> datetime:
    """The moment that the head itself says."""
    return notes.read(head.note).at

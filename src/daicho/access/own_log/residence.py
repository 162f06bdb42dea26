"""本人の住民票の状態: whether a record was closed, as the register knows it and this ring does not.

The register names itself at the start (`register/apps.py`); in a role without one nobody lives.
"""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

ClosedSince = Callable[[UUID, datetime], bool]
_named: list[ClosedSince] = []


def name(closed_since: ClosedSince) -> None:
    """消除の答え手: who is asked; named once, at the start."""
    _named[:] = [closed_since]


def was_closed(record_id: UUID, since: datetime) -> bool:
    """消除されたか: at any moment since; also of whoever is in no register."""
    return not _named or _named[0](record_id, since)

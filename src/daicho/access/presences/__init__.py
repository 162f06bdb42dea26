"""在席: where an operator is signed in, at one place only, and whether the screen is locked there.

A page asks once, in one statement beside Django's session: is this session still the operator's
own, at the terminal where it began, and may the operator work today? Whatever ends a presence, the
session with it opens nothing any more.
"""

from daicho.access.presences.beginning import begin, choose, follow, keep_at, sit, take
from daicho.access.presences.current import current
from daicho.access.presences.ending import REASONS, end, end_at
from daicho.access.presences.locking import lock, refuse_unlock, unlock
from daicho.access.presences.present import Over, Present

__all__ = [
    "REASONS",
    "Over",
    "Present",
    "begin",
    "choose",
    "current",
    "end",
    "end_at",
    "follow",
    "keep_at",
    "lock",
    "refuse_unlock",
    "sit",
    "take",
    "unlock",
]

"""在席中と在席の終わり: what is known of who asks."""

from dataclasses import dataclass
from datetime import datetime

from daicho.access.acting import Actor
from daicho.access.models import Operator


@dataclass(frozen=True)
class Present:
    """在席中: the operator of a session that is in force.

    `actor` is None until a terminal in use is taken where the operator has a right today. While
    `locked_at` stands, nothing but the unlocking is done. `mark` tells one person's tabs from those
    of another who sat down at the same browser; it opens nothing.
    """

    operator: Operator
    actor: Actor | None
    factors: frozenset[str]
    terminal: str
    terminal_name: str
    office_name: str
    locked_at: datetime | None
    mark: str

    @property
    def unlocks_by_password(self) -> bool:
        """Who came from the city's own directory may never have had a password of ours."""
        return "directory" not in self.factors


@dataclass(frozen=True)
class Over:
    """在席の終わり: why a session is in force no more; where and when another took its place."""

    reason: str
    at: datetime | None = None
    terminal_name: str = ""

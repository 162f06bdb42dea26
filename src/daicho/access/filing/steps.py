"""許可の一歩: what leave for a file with numbers and leave for an export have in common.

Each is asked for by one person, given or refused once by another, and ended once. Every step is
trailed; what the law refuses is trailed too.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Protocol

from daicho.access.acting import Actor
from daicho.access.models import Trail
from daicho.access.people.registering import once
from daicho.access.permits import Permit, look


class Taken(Protocol):
    """済んだ一歩: the decision on a leave, or its end."""

    is_end: bool
    is_approved: bool | None
    by_id: int


@dataclass(frozen=True)
class Way:
    """許可の種類: how the steps of one kind of leave are trailed, and what keeps two apart."""

    event: str
    refused: str  # the event of what the law refuses
    door: str
    lock: str

    @contextmanager
    def step(self, permit: Permit, what: str, leave: int = 0) -> Iterator[int]:
        """One step; gives the leave on which this very request took it already, else 0."""
        said: dict[str, int | str] = {"leave": leave} if leave else {}
        with once(
            permit,
            self.event,
            {"what": what, **said},
            alone_with=self.alone_with(leave),
            refused=self.refused,
            door=f"{self.door}.{what}",
            leave=leave,
        ) as told:
            yield int(Trail.objects.get(pk=told).detail["leave"]) if told else 0

    def alone_with(self, leave: int) -> str:
        """The lock that whoever steps on this leave, or uses it, holds."""
        return f"{self.lock} {leave}"

    def trail(self, permit: Permit, what: str, detail: dict[str, int | str]) -> None:
        """Trail a step that was taken."""
        look(permit, self.event, f"{self.door}.{what}", detail={**detail, "what": what})


def who(permit: Permit) -> Actor:
    """Who takes the step: a person, never a job."""
    assert permit.actor is not None, "leave is asked for, given and used by persons"
    return permit.actor


def state_of(steps: Iterable[Taken], asked_by: int) -> tuple[str, int]:
    """The state of a leave (asked, approved, refused, ended) and who decided, 0 if nobody yet.

    An approval by the very person who asked counts as none.
    """
    taken = {one.is_end: one for one in steps}
    decision = taken.get(False)
    decider = decision.by_id if decision else 0
    if True in taken:
        return "ended", decider
    if decision is None:
        return "asked", decider
    return ("approved" if decision.is_approved and decider != asked_by else "refused"), decider

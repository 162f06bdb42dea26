"""廃棄の一歩: how each step is taken once, judged, trailed, or refused; of numbers and records."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import UUID

from django.db import DatabaseError, transaction

from daicho.access.acting import Actor
from daicho.access.people.registering import alone, told_before
from daicho.access.permits import Permit, look, trail_refusal
from daicho.access.refusals import Refused
from daicho.law.retention import disposing

# What the functions of the database refuse, and a table that another holds too long.
_STATES = {"VD001": "state", "VD002": "altered", "VD003": "own", "55P03": "busy"}


class Unfit(Exception):
    """合わない: `why` is "state" (not the one that the step needs), "altered", "own", "busy",
    "large" or "left"."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@contextmanager
def told() -> Iterator[None]:
    """Turn what the database refuses into `Unfit`; its transaction is rolled back."""
    try:
        yield
    except DatabaseError as refusal:
        why = _STATES.get(getattr(refusal.__cause__, "sqlstate", ""))
        if why is None:
            raise
        raise Unfit(why) from None


@dataclass(frozen=True)
class Way:
    """廃棄の道: of one matter (`law.retention.disposing`): its events and doors begin with these
    words; `list_of` gives the list that a trail row of a proposal made, or 0."""

    of: str
    event: str
    door: str
    list_of: Callable[[int], int]

    def trail(
        self,
        permit: Permit,
        event: str,
        record_ids: Sequence[UUID] = (),
        detail: Mapping[str, int | str] | None = None,
    ) -> int:
        """Trail a step, in its transaction; gives the row that the database asks for."""
        what = event.removeprefix(f"{self.event}_")
        return look(permit, event, f"{self.door}.{what}", record_ids=record_ids, detail=detail)


@contextmanager
def step(
    way: Way, permit: Permit, taken: str, list_id: int = 0, *, done_as: str, **said: str
) -> Iterator[int]:
    """One step in a transaction of its own; gives the list that this very request made it of
    already, else 0.

    `done_as`: the event by which the trail tells of this step, with what is `said`. What is refused
    inside, by the law or by the database, is rolled back, trailed, and raised as Refused.
    """
    try:
        with transaction.atomic(durable=True):
            alone(str(permit.request_id))  # of two of one request the second sees the first
            yield _done(way, permit, list_id, done_as, said)
    except Unfit as unfit:
        refused = Refused([disposing.came_between(taken, unfit.why, on=permit.on, of=way.of)])
        _trail_refusal(way, permit, refused, taken, list_id)
        raise refused from None
    except Refused as refused:
        _trail_refusal(way, permit, refused, taken, list_id)
        raise


def _trail_refusal(way: Way, permit: Permit, refused: Refused, what: str, list_id: int) -> None:
    trail_refusal(
        permit,
        refused.findings,
        event=f"{way.event}_refused",
        door=f"{way.door}.{what}",
        list=str(list_id),
    )


def _done(way: Way, permit: Permit, list_id: int, done_as: str, said: Mapping[str, str]) -> int:
    of_list = {"list": list_id} if list_id else {}
    row = told_before(permit, done_as, **said, **of_list)
    if not row or list_id:
        return list_id if row else 0
    return way.list_of(row)


def who(permit: Permit) -> Actor:
    """Who takes the step: a person, never a job."""
    assert permit.actor is not None, "disposal is decided on and carried out by persons"
    return permit.actor

"""廃棄の一歩: how each step is taken once, judged, trailed, or refused."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from uuid import UUID

from django.db import transaction

from daicho.access.acting import Actor
from daicho.access.people.registering import NotThere, alone, told_before
from daicho.access.permits import Permit, look, trail_refusal
from daicho.access.refusals import Refused
from daicho.law.retention import disposing
from daicho.vault.disposing import rows
from daicho.vault.disposing.rows import Listed, Unfit


@contextmanager
def step(
    permit: Permit, taken: str, list_id: int = 0, *, done_as: str, **said: str
) -> Iterator[int]:
    """One step in a transaction of its own; gives the list that this very request made it of
    already, else 0.

    `done_as`: the event by which the trail tells of this step, with what is `said`. What is refused
    inside, by the law or by the database, is rolled back, trailed as `disposal_refused`, and raised
    as Refused.
    """
    try:
        with transaction.atomic(durable=True):
            alone(str(permit.request_id))  # of two of one request the second sees the first
            yield _done(permit, list_id, done_as, said)
    except Unfit as unfit:
        refused = Refused([disposing.came_between(taken, unfit.why, permit.on)])
        _trail_refusal(permit, refused, taken, list_id)
        raise refused from None
    except Refused as refused:
        _trail_refusal(permit, refused, taken, list_id)
        raise


def _trail_refusal(permit: Permit, refused: Refused, what: str, list_id: int) -> None:
    trail_refusal(
        permit,
        refused.findings,
        event="disposal_refused",
        door=f"disposals.{what}",
        list=str(list_id),
    )


def _done(permit: Permit, list_id: int, done_as: str, said: Mapping[str, str]) -> int:
    of_list = {"list": list_id} if list_id else {}
    row = told_before(permit, done_as, **said, **of_list)
    if not row or list_id:
        return list_id if row else 0
    return next((one.list_id for one in rows.lists() if one.proposed_trail == row), 0)


def who(permit: Permit) -> Actor:
    """Who takes the step: a person, never a job."""
    assert permit.actor is not None, "numbers are disposed of by persons"
    return permit.actor


def there(list_id: int) -> Listed:
    """The list; raises NotThere."""
    found = rows.listed(list_id)
    if found is None:
        raise NotThere(list_id)
    return found


def trail(
    permit: Permit,
    event: str,
    record_ids: Sequence[UUID] = (),
    detail: Mapping[str, int | str] | None = None,
) -> int:
    """Trail the step, in its transaction; gives the row that the database asks for."""
    what = event.removeprefix("disposal_")
    return look(permit, event, f"disposals.{what}", record_ids=record_ids, detail=detail)

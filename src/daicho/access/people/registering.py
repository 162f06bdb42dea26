"""登録の一歩: each change of people and rights is done once and trailed, or refused."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date

from django.db import connection, transaction
from django.db.models import Q

from daicho.access.models import Operator, Trail
from daicho.access.permits import Permit, trail_refusal
from daicho.access.refusals import Refused
from daicho.law.rule import Finding
from daicho.law.safety import giving

STEPS = 5_211_208  # names our locks apart from those of others


class NotThere(LookupError):
    """対象がない: no operator, position, right or other row has that key."""


@contextmanager
def step(permit: Permit, event: str, what: str, operator_id: int = 0) -> Iterator[bool]:
    """One change in a transaction of its own; gives False where this very request made it already.

    What is refused inside is rolled back, trailed as `people_refused`, and raised on.
    """
    try:
        with transaction.atomic():
            alone(str(permit.request_id))  # of two of one request the second sees the first
            yield not _is_done(permit, event, operator_id)
    except Refused as refused:
        trail_refusal(
            permit,
            refused.findings,
            event="people_refused",
            door=f"people.{what}",
            operator=str(operator_id),
        )
        raise


@contextmanager
def once(
    permit: Permit,
    event: str,
    said: Mapping[str, int | str],
    *,
    alone_with: str,
    refused: str,
    door: str,
    leave: int,
) -> Iterator[int]:
    """One step on a leave that is asked for, in a transaction of its own, alone with that leave.

    Gives the trail row by which this very request told of it already (`told_before`), else 0. What
    is refused inside is rolled back, trailed as `refused` of that leave, and raised on.
    """
    try:
        with transaction.atomic():
            alone(str(permit.request_id))  # of two of one request the second sees the first
            alone(alone_with)
            yield told_before(permit, event, **said)
    except Refused as no:
        trail_refusal(permit, no.findings, event=refused, door=door, leave=str(leave))
        raise


def refuse(findings: Iterable[Finding | None]) -> None:
    """Raise Refused where any finding refuses."""
    found = [one for one in findings if one is not None]
    if any(one.refuses for one in found):
        raise Refused(found)


def held(permit: Permit, operator_id: int) -> Operator:
    """The operator, locked until the transaction ends; refused where it is the actor himself."""
    found = Operator.objects.select_for_update(of=("self",)).select_related("office")
    operator = found.filter(pk=operator_id).first()
    if operator is None:
        raise NotThere(operator_id)
    giver = permit.actor.operator_id if permit.actor else None
    refuse([giving.not_to_oneself(giver, operator.pk, on=permit.on)])
    return operator


def days(since: date, until: date | None) -> dict[str, str]:
    """期間の記録: first and last day of a row, as trailed; blank where no end is known."""
    return {"since": since.isoformat(), "until": until.isoformat() if until else ""}


def by(permit: Permit) -> int | None:
    """Who does it; None at the server's own terminal."""
    return permit.actor.operator_id if permit.actor else None


def running(on: date, before: str = "") -> Q:
    """In force on that day: of rows with `since` and `until`, reached by `before`."""
    has_begun = Q(**{f"{before}since__lte": on})
    has_no_end = Q(**{f"{before}until__isnull": True})
    return has_begun & (has_no_end | Q(**{f"{before}until__gte": on}))


def not_over(on: date, before: str = "") -> Q:
    """In force on that day or planned for later."""
    return Q(**{f"{before}until__isnull": True}) | Q(**{f"{before}until__gte": on})


def state_of(since: date, until: date | None, on: date) -> str:
    """期間の状態: of a row on a day; one that ended before it began is past."""
    if until is not None and (until < on or until < since):
        return "past"
    return "planned" if since > on else "now"


def alone(key: str) -> None:
    """Wait for those who change the same thing, until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, %s))", [key, STEPS])


def told_before(permit: Permit, event: str, **said: int | str) -> int:
    """記録済み: the trail row by which this very request of a person has told of a step already,
    with these own fields; 0 where it has not."""
    assert permit.actor is not None, "a step that is taken once is a person's"
    own = Trail.objects.filter(operator=permit.actor.operator_id, event=event)
    own = own.filter(request_id=permit.request_id)
    row = own.filter(**{f"detail__{name}": value for name, value in said.items()}).first()
    return row.pk if row else 0


def _is_done(permit: Permit, event: str, operator_id: int) -> bool:
    if permit.actor is None:
        return False
    own = Trail.objects.filter(operator=permit.actor.operator_id, event=event)
    own = own.filter(request_id=permit.request_id)
    # of another person the same number is another step
    return (own.filter(detail__operator=operator_id) if operator_id else own).exists()

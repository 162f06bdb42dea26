"""権限の期間: on any day an actor has what the rows say for that day, and nothing else."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from daicho.access import clock
from daicho.access.models import Designation, Holding, Office, Position, Responsible, Right
from daicho.law.safety import responsibles
from people import Cast

pytestmark = pytest.mark.django_db

FIRST = date(2026, 1, 1)
DAYS = 30
POSTS = ("clerk", "supervisor", "euc_operator")
ROLES = ("juki_net.manager", "juki_net.responsible", "specific_personal_information.affairs")
TREES = ("juki_net", "specific_personal_information")


@dataclass(frozen=True)
class Span:
    """A row: what, from which day, to which or without an end."""

    what: str
    since: date
    until: date | None

    def holds(self, on: date) -> bool:
        return self.since <= on and (self.until is None or on <= self.until)


def day(number: int) -> date:
    return FIRST + timedelta(days=number)


def spans(words: Sequence[str]) -> st.SearchStrategy[list[Span]]:
    days = st.integers(0, DAYS).map(day)
    return st.lists(st.builds(Span, st.sampled_from(words), days, st.none() | days), max_size=5)


def stored(cast: Cast, rights: list[Span], held: list[Span], trees: list[Span]) -> None:
    """These rows and no others, of the clerk."""
    who = cast.clerk.operator
    Right.objects.filter(operator=who).delete()
    Holding.objects.filter(operator=who).delete()
    Designation.objects.filter(operator=who).delete()
    office = Office.objects.get(code="001")
    for one in rights:
        Right.objects.create(
            operator=who,
            office=office,
            post=one.what,
            since=one.since,
            until=one.until,
            given_at=clock.now(),
        )
    for number, one in enumerate(held):
        place = Position.objects.create(code=f"T{number}", title="架空の職", since=FIRST)
        Responsible.objects.create(role=one.what, position=place, since=FIRST)
        Holding.objects.create(
            position=place,
            operator=who,
            since=one.since,
            until=one.until,
            entered_at=clock.now(),
        )
    for one in trees:
        Designation.objects.create(
            operator=who, tree=one.what, since=one.since, until=one.until, given_at=clock.now()
        )


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    rights=spans(POSTS),
    held=spans(ROLES),
    trees=spans(TREES),
    on=st.integers(-1, DAYS + 1).map(day),
)
def test_an_actor_has_what_the_rows_say_for_the_day(
    cast: Cast, rights: list[Span], held: list[Span], trees: list[Span], on: date
) -> None:
    with transaction.atomic():
        stored(cast, rights, held, trees)
        with clock.fixed(datetime(on.year, on.month, on.day, 3, tzinfo=UTC)):
            actor = cast.clerk.acting()
        transaction.set_rollback(True)
    posts = {one.what for one in rights if one.holds(on)}
    borne = {one.what for one in held if one.holds(on)}
    for role in responsibles.ROLES:
        posts |= set(role.posts) if role.code in borne else set()
    assert actor.posts == posts
    assert actor.trees == {one.what for one in trees if one.holds(on)}


def test_a_right_of_another_office_is_not_one_here(cast: Cast) -> None:
    Right.objects.filter(operator=cast.clerk.operator).update(office=Office.objects.get(code="101"))
    assert cast.clerk.acting().posts == frozenset()

"""書込みの往復: how often a change asks the database, and what its one locking statement locks."""

from datetime import date

import psycopg
import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

import databases
from daicho import recording
from daicho.access import clock
from daicho.access.permits import permit
from daicho.law.rule import FINDINGS
from daicho.register import ledger
from daicho.terms.changes import MovedIn
from daicho.terms.changes.effects import When
from people import Cast, cast_of
from register.counter import Clerk
from register.entering import code, moves_in, umeko

# locks 3, the past of the request, who is there, who may be the same, suppressions; ledger with
# versions, households, keys, messages, trail
STATEMENTS_MOST = 12
DEADLINE_MS = 200
WAITS = "SELECT set_config('lock_timeout', %s, false)"
LOCKS = "SELECT number FROM register_household WHERE number = %s FOR UPDATE"
MAKES = "INSERT INTO register_household (number, ward, member_count) VALUES (%s, '', 0)"


def _family(count: int, household_number: str) -> MovedIn:
    persons = [
        umeko(
            given_name="梅桃桜"[n] + "子",
            relationship="世帯主" if n == 0 else "同居人",
            address_number=("000000000000132", "000000000000140", "000000000000159")[n],
            resident_record_code=code(3_000_000_000 + n),
        )
        for n in range(count)
    ]
    return moves_in(*persons, household_number=household_number)


@pytest.mark.django_db
@pytest.mark.parametrize("count", [1, 3])
def test_a_moving_in_asks_the_database_no_more_often_for_three_than_for_one(
    cast: Cast, count: int
) -> None:
    clerk = Clerk(permit(cast.clerk.acting(), "change.moved_in", clock.today()))
    statement = clerk.state(_family(count, "000000000000221"), accepted=frozenset(FINDINGS))
    with CaptureQueriesContext(connection) as asked:
        recording.record(clerk.permit, statement)
    said = [one["sql"] for one in asked if "SAVEPOINT" not in one["sql"]]
    assert len(said) <= STATEMENTS_MOST, said


@pytest.mark.durable
@pytest.mark.parametrize(
    ("is_there", "statement"),
    [(True, LOCKS), (False, MAKES)],
    ids=["a household that stands", "a household that is being made"],
)
def test_whoever_comes_second_waits_for_the_household(
    durable: str, is_there: bool, statement: str
) -> None:
    clerk = Clerk(permit(cast_of().clerk.acting(), "change.moved_in", clock.today()))
    number = "000000000000221"
    if is_there:
        clerk.record(_family(1, number))
    url = databases.the_server().url(durable, "app")
    when = When("2026-11-20", date(2026, 11, 20), date(2026, 11, 20))
    with psycopg.connect(url, autocommit=True) as other:
        other.execute(WAITS, [f"{DEADLINE_MS}ms"])
        with transaction.atomic():
            ledger.hold(_family(1, number), when)
            with pytest.raises(psycopg.errors.LockNotAvailable):
                other.execute(statement, [number])
            transaction.set_rollback(True)
        assert other.execute(statement, [number]).rowcount == 1, "and goes on after it"

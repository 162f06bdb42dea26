"""個人番号の取得の記録: no number without one, written with it, once, in codes alone."""

from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction
from psycopg import sql

import databases
from daicho.access import clock
from daicho.access.permits import Permit, look, permit
from daicho.access.refusals import NotPermitted
from daicho.law.safety.acquiring import IMPORTED, Acquired
from daicho.law.safety.acquiring.acquired import SHOWN
from daicho.vault import custody, numbers
from daicho.vault.acquiring import acquisitions
from people import Cast
from vault.made_up import all_come_back, made_up, of_the_import, put

CARD = "individual_number_card"
BY_AGENT = Acquired("person", "agent", CARD, ("passport",), ("letter",), SHOWN)
CERTIFICATE = Acquired("certificate")


@pytest.fixture
def clerk(cast: Cast) -> Permit:
    return permit(cast.clerk.acting(), "change.moved_in", clock.today())


def test_each_number_is_kept_with_how_it_was_acquired_and_by_whom(clerk: Permit) -> None:
    held = made_up(2)
    (one, two), actor = held, clerk.actor
    assert actor is not None
    numbers.put(clerk, held, {one: BY_AGENT, two: CERTIFICATE})
    (given,), (carried,) = acquisitions(clerk, one), acquisitions(clerk, two)
    assert (given.acquired, carried.acquired) == (BY_AGENT, CERTIFICATE)
    assert (given.ground, carried.ground) == ("provision.3", "provision.7")
    assert (given.checked_by, carried.checked_by) == ("two_documents", "")
    assert {(it.operator_id, it.office, it.job) for it in (given, carried)} == {
        (actor.operator_id, actor.office, "")
    }
    assert not [number for number in held.values() if number in f"{given}{carried}"]


def test_what_a_register_is_taken_over_with_says_so(db: None) -> None:
    (record_id,) = put(1)
    (found,) = acquisitions(of_the_import(), record_id)
    assert (found.acquired, found.ground) == (IMPORTED, "register")
    assert (found.operator_id, found.job) == (None, "migration_import")


def test_a_number_that_is_put_in_again_keeps_its_former_acquisition(clerk: Permit) -> None:
    ((record_id, number),) = made_up(1).items()
    for whence in (CERTIFICATE, BY_AGENT):
        numbers.put(clerk, {record_id: number}, whence)
    assert [it.acquired for it in acquisitions(clerk, record_id)] == [CERTIFICATE, BY_AGENT]


def _put_by_hand(allowed: Permit, record_id: UUID, acquired: str, places: list[int]) -> None:
    sealed, ring = numbers.seal(record_id, "123456789018"), custody.ring()
    index = numbers.sealed_as(sealed.blind_index)[ring.current]
    with transaction.atomic(), connection.cursor() as cursor:
        trail_id = look(allowed, "vault_put", "test", record_ids=[record_id])
        cursor.execute(
            "SELECT vault.put(%s, %s::uuid[], %s::bytea[], %s::bytea[], %s, %s, %s, %s::jsonb,"
            " %s::integer[])",
            [
                *(trail_id, [record_id], [sealed.ciphertext], [index], ring.current),
                *(ring.fingerprints[ring.current], ring.keeper(ring.current).kind),
                *(acquired, places),
            ],
        )


_WHOLE = (
    '{"place": 0, "source": "person", "ground": "provision.3", "given_by": "principal",'
    ' "checked_by": "one_document", "number_document": "DOCUMENT", "identity_documents": [],'
    ' "authority_documents": [], "purpose_shown": "shown"}'
)


@pytest.mark.parametrize(
    ("acquired", "places", "told", "because"),
    [
        ("[]", [0], "without its acquisition", "nothing is said of it"),
        (f"[{_WHOLE}]", [1], "without its acquisition", "another is said of it"),
        (f"[{_WHOLE}]", [], "without its acquisition", "of none is it said which"),
        ('[{"place": 0}]', [0], "source", "a source is not named"),
        (
            f"[{_WHOLE}]".replace("DOCUMENT", "123456789018"),
            [0],
            "acquisition_holds_codes_alone",
            "a number is no code",
        ),
        (
            f"[{_WHOLE}]".replace('"identity_documents": []', '"identity_documents": ["12-34"]'),
            [0],
            "acquisition_holds_codes_alone",
            "nor is that of a document",
        ),
    ],
)
def test_the_database_takes_no_number_without_its_acquisition(
    clerk: Permit, acquired: str, places: list[int], told: str, because: str
) -> None:
    record_id = uuid4()
    with pytest.raises(DatabaseError, match=told):
        _put_by_hand(clerk, record_id, acquired, places)
    assert numbers.get(clerk, record_id) is None, because
    assert acquisitions(clerk, record_id) == ()


def test_who_may_see_no_number_is_not_told_how_it_was_acquired(cast: Cast, clerk: Permit) -> None:
    ((record_id, number),) = made_up(1).items()
    numbers.put(clerk, {record_id: number}, CERTIFICATE)
    looking = permit(cast.clerk.acting(), "inquiry.change", clock.today())
    with pytest.raises(NotPermitted):
        acquisitions(looking, record_id)


@pytest.mark.parametrize(
    ("event", "is_named", "purpose", "because"),
    [
        ("look", True, "change.moved_in", "another event"),
        ("vault_acquisition", False, "change.moved_in", "another record"),
        ("vault_acquisition", True, "inquiry.change", "a purpose that sees no number"),
    ],
)
def test_without_its_own_trail_row_nothing_is_told(
    cast: Cast, event: str, is_named: bool, purpose: str, because: str
) -> None:
    record_id = uuid4()
    looking = permit(cast.clerk.acting(), purpose, clock.today())
    with transaction.atomic(), connection.cursor() as cursor:
        trail_id = look(looking, event, "test", record_ids=[record_id if is_named else uuid4()])
        with pytest.raises(DatabaseError, match="vault"), transaction.atomic():
            cursor.execute("SELECT * FROM vault.acquisitions(%s, %s)", [trail_id, record_id])


def test_a_look_at_it_is_trailed_and_opens_no_number(clerk: Permit) -> None:
    record_id = uuid4()
    assert acquisitions(clerk, record_id) == ()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT t.event, t.number_seen, s.record_ids FROM access_trail t"
            " JOIN access_trailsubjects s ON s.trail_id = t.id ORDER BY t.id DESC LIMIT 1"
        )
        assert cursor.fetchall() == [("vault_acquisition", False, [record_id])]


# --- what nobody changes -------------------------------------------------------------------------


def _as(role: str, database: str, *statements: str) -> None:
    with psycopg.connect(databases.the_server().url(database, role)) as there:
        for one in statements:
            there.execute(one.encode())


@pytest.mark.durable
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE vault.acquisition SET source = 'person'",
        "DELETE FROM vault.acquisition",
        "TRUNCATE vault.acquisition",
    ],
)
def test_not_even_an_administrator_changes_it_in_passing(
    durable: str, own_file: Path, statement: str
) -> None:
    (record_id,) = put(1)
    with pytest.raises(psycopg.Error, match="written once"):
        _as("superuser", durable, statement)
    assert len(acquisitions(of_the_import(), record_id)) == 1


@pytest.mark.durable
def test_of_numbers_from_before_it_is_said_that_nobody_knows(durable: str, own_file: Path) -> None:
    held = put(3)
    migration = import_module("daicho.vault.migrations.0004_acquisition")
    _as(
        "owner",
        durable,
        "DROP TABLE vault.acquisition",
        "ALTER TABLE vault.number DROP COLUMN acquired_in",
        "DROP FUNCTION vault.acquired_once()",
        migration.TABLE,
    )
    _owned_as_before(durable)
    assert all_come_back(held)
    found = {one: acquisitions(of_the_import(), one) for one in held}
    assert _facts(found) == {(Acquired("before_records"), "", "")}
    numbers.put(of_the_import(), dict(list(held.items())[:1]), CERTIFICATE)
    (before, after) = acquisitions(of_the_import(), next(iter(held)))
    assert (before.acquired.source, after.acquired.source) == ("before_records", "certificate")


def _facts(found: Mapping[UUID, tuple[Any, ...]]) -> set[tuple[Acquired, str, str]]:
    return {(it.acquired, it.ground, it.job) for (it,) in found.values()}


def _owned_as_before(database: str) -> None:
    """The rest of the migration: the table is the vault's."""
    with psycopg.connect(databases.the_server().url(database, "superuser")) as there:
        owner = there.execute(
            "SELECT tableowner FROM pg_tables WHERE schemaname = 'vault' AND tablename = 'number'"
        ).fetchone()
        assert owner is not None
        statement = sql.SQL("ALTER TABLE vault.acquisition OWNER TO {}")
        there.execute(statement.format(sql.Identifier(owner[0])))

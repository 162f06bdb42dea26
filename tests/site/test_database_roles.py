"""The role `app` can add to the register and its trail, and can take nothing away (design §9)."""

from collections.abc import Iterator
from uuid import uuid4

import psycopg
import pytest
from psycopg import errors, sql
from pytest_django import DjangoDbBlocker

import databases
import scenes
from daicho.site.database import grants

pytestmark = pytest.mark.durable

Refusal = errors.InsufficientPrivilege


def _connect(database: str, which: str) -> "psycopg.Connection[tuple[object, ...]]":
    return psycopg.connect(databases.the_server().url(database, which), autocommit=True)


@pytest.fixture
def durable(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """The cast stands in it already, and its trail rows."""
    with (
        django_db_blocker.unblock(),
        databases.clone(scenes.untouched("cast")) as name,
        databases.within(name),
    ):
        yield name


@pytest.fixture
def app(durable: str) -> Iterator["psycopg.Connection[tuple[object, ...]]"]:
    from daicho.access.entering import passwords

    passwords.Backend().authenticate(None, "clerk", "wrong")
    with _connect(durable, "app") as connection:
        yield connection


def _tables(connection: "psycopg.Connection[tuple[object, ...]]") -> list[str]:
    rows = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    return sorted(str(name) for (name,) in rows)


def _rights(connection: "psycopg.Connection[tuple[object, ...]]", table: str) -> set[str]:
    query = """SELECT privilege FROM unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE',
        'TRUNCATE', 'REFERENCES', 'TRIGGER', 'MAINTAIN']) AS privilege
        WHERE has_table_privilege(%s, privilege)"""
    return {str(name) for (name,) in connection.execute(query, [f"public.{table}"])}


def test_every_table_gives_app_exactly_its_rights(
    app: "psycopg.Connection[tuple[object, ...]]",
) -> None:
    kept = grants.append_only_tables()
    tables = _tables(app)
    assert set(kept) <= set(tables)
    for table in tables:
        expected = {"SELECT", "INSERT", "UPDATE", "DELETE"}
        if table in kept:
            expected = {"SELECT", "INSERT"}
        if table in grants.never_deleted_tables():
            expected = {"SELECT", "INSERT", "UPDATE"}
        if table == "django_migrations":
            expected = {"SELECT"}
        assert _rights(app, table) == expected, table


@pytest.mark.parametrize(
    "attempt",
    [
        "UPDATE {table} SET at = at",
        "DELETE FROM {table}",
        "TRUNCATE {table} CASCADE",
        "ALTER TABLE {table} DISABLE TRIGGER ALL",
        "ALTER TABLE {table} ADD COLUMN more text",
        "DROP TABLE {table} CASCADE",
        "DROP TRIGGER append_only ON {table}",
        "MERGE INTO {table} t USING (SELECT 1) s ON true WHEN MATCHED THEN DELETE",
        "COMMENT ON TABLE {table} IS ''",
        "DO $$ BEGIN LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE; END $$",
    ],
)
def test_app_cannot_change_what_is_written_once(
    app: "psycopg.Connection[tuple[object, ...]]", attempt: str
) -> None:
    for table in grants.append_only_tables():
        with pytest.raises(Refusal):
            app.execute(sql.SQL(attempt).format(table=sql.Identifier(table)))


def test_app_erases_nothing_that_it_changes_and_must_keep(
    app: "psycopg.Connection[tuple[object, ...]]",
) -> None:
    """Of emergencies, of what offices may do, of own messages, and of what is held of whom."""
    assert grants.never_deleted_tables() == {
        "access_emergencyuse",
        "access_officeright",
        "access_officerightexclusion",
        "network_held",
        "network_sent",
        "network_subject",
        "network_subjectcode",
    }
    for table in map(sql.Identifier, sorted(grants.never_deleted_tables())):
        for attempt in ("DELETE FROM {table}", "TRUNCATE {table}"):
            with pytest.raises(Refusal):
                app.execute(sql.SQL(attempt).format(table=table))


@pytest.mark.parametrize(
    "attempt",
    [
        "SELECT * FROM vault.number",
        "INSERT INTO vault.number SELECT NULL, NULL, 1, NULL, 1",
        "DELETE FROM vault.number",
        "SELECT vault.trailed(1, 'vault_get')",
        "SELECT * FROM vault.acquisition",
        "INSERT INTO vault.acquisition (record_id, trail_id, source, ground)"
        " VALUES (gen_random_uuid(), 1, 'person', '')",
        "UPDATE vault.acquisition SET source = 'person'",
        "DELETE FROM vault.acquisition",
        "SELECT vault.put(1, '{}', '{}', '{}', 1, '', 'file', '[]', '{}')",
        "SELECT * FROM vault.acquisitions(1, gen_random_uuid())",
        "SELECT * FROM vault.former",
        "UPDATE vault.former SET ended_at = clock_timestamp()",
        "DELETE FROM vault.former",
        "SELECT * FROM vault.get_all(1)",
        "SELECT * FROM vault.replaced(1)",
        "SELECT * FROM vault.whose_ever(1, '{}')",
        "CREATE TABLE vault.copy (x int)",
        "CREATE TABLE public.copy (x int)",
        "CREATE FUNCTION public.trick() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "SET session_replication_role = replica",
        "SET ROLE vault_daicho_test",
        "SET ROLE owner_daicho_test",
        "SET ROLE disposal_daicho_test",
        "ALTER ROLE app_daicho_test SUPERUSER",
        "CREATE ROLE another",
        "CREATE DATABASE another",
        "SELECT pg_read_file('/etc/passwd')",
        "COPY access_office TO PROGRAM 'true'",
    ],
)
def test_app_cannot_reach_past_its_rights(
    app: "psycopg.Connection[tuple[object, ...]]", attempt: str
) -> None:
    with pytest.raises(Refusal):
        app.execute(attempt)


def test_app_is_member_of_nothing_and_enters_no_other_database(
    app: "psycopg.Connection[tuple[object, ...]]",
) -> None:
    query = "SELECT count(*) FROM pg_auth_members m JOIN pg_roles r ON r.oid = m.member"
    assert app.execute(f"{query} WHERE r.rolname = current_user").fetchone() == (0,)
    with (
        databases.clone() as other,
        psycopg.connect(databases.the_server().superuser_url, autocommit=True) as superuser,
    ):
        role = sql.Identifier(databases.TEMPLATE.role("app"))
        superuser.execute(
            sql.SQL("REVOKE CONNECT ON DATABASE {} FROM {}").format(sql.Identifier(other), role)
        )
        with pytest.raises(psycopg.OperationalError):
            _connect(other, "app")


def test_the_owner_too_is_stopped_by_the_triggers(
    app: "psycopg.Connection[tuple[object, ...]]", durable: str
) -> None:
    with _connect(durable, "owner") as owner:
        for attempt in ("UPDATE access_trail SET door = ''", "TRUNCATE access_trail CASCADE"):
            with pytest.raises(Refusal, match="append-only"):
                owner.execute(attempt)
    assert app.execute("SELECT count(*) > 0 FROM access_trail").fetchone() == (True,)


def test_nobody_says_when_a_row_was_written(
    app: "psycopg.Connection[tuple[object, ...]]",
) -> None:
    app.execute(
        "INSERT INTO access_trail (at, xid, event, door, office, terminal, ward, purpose, job,"
        " article, finding, request_id, subject_count, number_seen, detail, commitment)"
        " VALUES ('1999-01-01', '3', 'look', '', '', '', '', '', '', '', '',"
        " gen_random_uuid(), 0, false, '{}', '')"
    )
    row = app.execute(
        "SELECT at > now() - interval '1 hour', xid > '3' FROM access_trail"
        " ORDER BY id DESC LIMIT 1"
    ).fetchone()
    assert row == (True, True)


def test_a_function_that_runs_as_its_owner_is_not_led_astray(
    app: "psycopg.Connection[tuple[object, ...]]",
) -> None:
    # a type in pg_temp is looked up first unless pg_temp is named last
    rows = app.execute(
        "SELECT p.proname FROM pg_proc p WHERE p.prosecdef AND NOT EXISTS ("
        " SELECT FROM unnest(p.proconfig) AS c WHERE c = 'search_path=pg_catalog, pg_temp')"
    ).fetchall()
    assert rows == []


def test_disposal_cannot_sign_in_until_there_is_a_procedure(durable: str) -> None:
    with _connect(durable, "superuser") as superuser:
        row = superuser.execute(
            "SELECT rolcanlogin FROM pg_roles WHERE rolname = 'disposal_daicho_test'"
        ).fetchone()
    assert row == (False,)


def test_disposal_deletes_subjects_only_under_an_approved_list(
    app: "psycopg.Connection[tuple[object, ...]]", durable: str
) -> None:
    with _connect(durable, "superuser") as disposal:
        disposal.execute("SET ROLE disposal_daicho_test")  # it cannot sign in by itself yet
        with pytest.raises(Refusal, match="approved list"):
            disposal.execute("DELETE FROM access_trailsubjects")
        disposal.execute("SELECT set_config('daicho.disposal_list', %s, false)", [str(uuid4())])
        with pytest.raises(Refusal):
            disposal.execute("DELETE FROM access_trail")
        with pytest.raises(Refusal):
            disposal.execute("UPDATE access_trailsubjects SET salt = salt")
        assert disposal.execute("DELETE FROM access_trailsubjects").rowcount > 0
    assert app.execute("SELECT count(*) > 0 FROM access_trail").fetchone() == (True,)

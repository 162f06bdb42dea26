"""権限: what the role `app` may do with each table, and the triggers of append-only tables.

Run by `owner` after every migration. Whatever is not given here is taken away, so that a right
left over from an older version does not live on.
"""

from collections.abc import Iterator, Mapping

from django.apps import apps
from django.db import connections, transaction
from psycopg import sql

from daicho.access.append_only import AppendOnly
from daicho.law.purposes import PURPOSES, SYSTEM_JOBS
from daicho.site.database.provisioning import Names

_GUARD = """
CREATE OR REPLACE FUNCTION public.append_only() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF TG_OP = 'DELETE' AND current_user = {disposal}
        AND coalesce(current_setting('daicho.disposal_list', true), '') <> '' THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION '% on append-only table %: only % may delete, under an approved list',
        TG_OP, TG_TABLE_NAME, {disposal} USING ERRCODE = 'insufficient_privilege';
END $$
"""
# Neither `app` nor anyone else says when a row was written, or by which transaction.
_STAMP = """
CREATE OR REPLACE FUNCTION public.append_only_stamp() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    NEW.at := clock_timestamp();
    NEW.xid := pg_current_xact_id();
    RETURN NEW;
END $$
"""
_OPENS_FOR = "INSERT INTO vault.opens_for (code, is_job, article) VALUES (%s, %s, %s)"
_OPEN_FOR = "SELECT code, is_job, article FROM vault.opens_for"
_READS_OPENS_FOR = """
SELECT has_schema_privilege('vault', 'USAGE')
    AND has_table_privilege('vault.opens_for', 'SELECT')
"""
_UNFINISHED = """
SELECT count(*) FROM unnest(%s::text[]) AS kept WHERE NOT EXISTS (
    SELECT FROM pg_trigger WHERE tgname = 'append_only_stamp' AND tgrelid = kept::regclass)
"""


def append_only_tables() -> Mapping[str, bool]:
    """The table of every installed model that is append-only: may `disposal` delete there?"""
    return {
        model._meta.db_table: model.disposable
        for model in apps.get_models()
        if issubclass(model, AppendOnly)
    }


def disposable_tables() -> frozenset[str]:
    """The tables where `disposal` may delete: append-only ones, and what is made of them."""
    return frozenset(
        model._meta.db_table for model in apps.get_models() if getattr(model, "disposable", False)
    )


def never_deleted_tables() -> frozenset[str]:
    """The tables whose rows change, and which `app` deletes nothing from: marked on the model."""
    return frozenset(
        model._meta.db_table
        for model in apps.get_models()
        if getattr(model, "is_never_deleted", False)
    )


def keys_of_append_only_tables() -> Mapping[str, tuple[str, ...]]:
    """The columns that order each append-only table: its primary key."""
    return {
        model._meta.db_table: tuple(str(field.column) for field in model._meta.pk_fields)
        for model in apps.get_models()
        if issubclass(model, AppendOnly)
    }


def grant(alias: str = "owner") -> int:
    """Set rights and triggers as the owner behind `alias`; gives the number of tables."""
    with transaction.atomic(using=alias), connections[alias].cursor() as cursor:
        cursor.execute("SELECT current_user")
        names = Names(cursor.fetchone()[0].removeprefix("owner_"))
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        tables = sorted(name for (name,) in cursor.fetchall())
        cursor.execute(sql.SQL(_GUARD).format(disposal=sql.Literal(names.role("disposal"))))
        cursor.execute(_STAMP)
        for statement in _statements(names, tables):
            cursor.execute(statement)
        cursor.execute("DELETE FROM vault.opens_for")
        cursor.executemany(_OPENS_FOR, _who_sees_numbers())
    return len(tables)


def unfinished(alias: str) -> bool:
    """Whether a start was cut off between migrating and granting: a table without its trigger, or
    the vault open for others than the tables of the law say (which only its owner can see)."""
    with connections[alias].cursor() as cursor:
        cursor.execute(_UNFINISHED, [sorted(append_only_tables())])
        if cursor.fetchone()[0]:
            return True
        cursor.execute(_READS_OPENS_FOR)
        if not cursor.fetchone()[0]:
            return False
        cursor.execute(_OPEN_FOR)
        return set(cursor.fetchall()) != set(_who_sees_numbers())


def _who_sees_numbers() -> list[tuple[str, bool, str]]:
    """For whom the vault opens: every purpose and job whose work sees 個人番号, and its article."""
    purposes = [(one.code, False, one.article) for one in PURPOSES if one.sees_individual_number]
    jobs = [(one.code, True, one.article) for one in SYSTEM_JOBS if one.sees_individual_number]
    return [*purposes, *jobs]


def _statements(names: Names, tables: list[str]) -> Iterator[sql.Composed]:
    roles = names.identifiers()
    kept, disposable = append_only_tables(), disposable_tables()
    for name in tables:
        table = sql.Identifier("public", name)
        yield sql.SQL("REVOKE ALL ON {} FROM PUBLIC, {}, {}").format(
            table, roles["app"], roles["disposal"]
        )
        yield sql.SQL("GRANT {} ON {} TO {}").format(_rights(name, kept), table, roles["app"])
        if name in kept:
            yield from _triggers(table)
        if name in disposable:
            yield sql.SQL("GRANT SELECT, DELETE ON {} TO {}").format(table, roles["disposal"])
    yield sql.SQL("GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {}").format(roles["app"])


def _rights(table: str, kept: Mapping[str, bool]) -> sql.SQL:
    if table == "django_migrations":
        return sql.SQL("SELECT")
    if table in kept:
        return sql.SQL("SELECT, INSERT")
    if table in never_deleted_tables():
        return sql.SQL("SELECT, INSERT, UPDATE")
    return sql.SQL("SELECT, INSERT, UPDATE, DELETE")


def _triggers(table: sql.Identifier) -> Iterator[sql.Composed]:
    yield sql.SQL(
        "CREATE OR REPLACE TRIGGER append_only BEFORE UPDATE OR DELETE ON {}"
        " FOR EACH ROW EXECUTE FUNCTION public.append_only()"
    ).format(table)
    yield sql.SQL(
        "CREATE OR REPLACE TRIGGER append_only_stamp BEFORE INSERT ON {}"
        " FOR EACH ROW EXECUTE FUNCTION public.append_only_stamp()"
    ).format(table)
    yield sql.SQL(
        "CREATE OR REPLACE TRIGGER append_only_truncate BEFORE TRUNCATE ON {}"
        " FOR EACH STATEMENT EXECUTE FUNCTION public.append_only()"
    ).format(table)

"""移行: bring the database to this program's version, as `owner`, then set `app`'s rights."""

from django.conf import settings
from django.core.management import call_command
from django.db import connections
from django.db.migrations.executor import MigrationExecutor

from daicho.site.database import grants
from daicho.site.trouble import Trouble

_PREPARED = """
SELECT to_regnamespace('disposal') IS NOT NULL AND EXISTS (
    SELECT FROM pg_roles WHERE rolname = replace(current_user, 'owner_', 'disposal_')
        AND pg_has_role(current_user, oid, 'MEMBER'))
"""
LOCK = 5_211_204  # one process migrates, the others wait


def pending(alias: str = "default") -> list[str]:
    """Names of the migrations that this database has not seen."""
    executor = MigrationExecutor(connections[alias])
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _ in plan]


def applied(alias: str = "default") -> list[str]:
    """Names of the migrations that this database has seen."""
    loader = MigrationExecutor(connections[alias]).loader
    return sorted(f"{label}.{name}" for label, name in loader.applied_migrations)


def from_a_newer_program(alias: str = "default") -> list[str]:
    """Names of the migrations that this database has seen and this program does not know."""
    loader = MigrationExecutor(connections[alias]).loader
    known = set(loader.disk_migrations)
    apps = {label for label, _ in known}
    return sorted(
        f"{label}.{name}"
        for label, name in loader.applied_migrations
        if label in apps and (label, name) not in known
    )


def must_be_prepared(alias: str) -> None:
    """Raise Trouble where the server's administrator has not made what migrations build on: roles
    and schemas, which an older version did without."""
    with connections[alias].cursor() as cursor:
        cursor.execute(_PREPARED)
        if not cursor.fetchone()[0]:
            raise Trouble(
                "この版では、データベースに役割 disposal とそのスキーマが要ります。先に、サーバーの"
                "管理者が docs/operating/own-server.md の「Updating」にあるSQLを実行してください。"
                "データベースは何も変わっていません。"
            )


def bring_up_to_date() -> None:
    """Migrate and grant where something is pending; raises Trouble where that cannot be."""
    alias = "owner" if "owner" in settings.DATABASES else "default"
    if newer := from_a_newer_program(alias):
        raise Trouble(
            f"このデータは新しい版の台帳で作られています({newer[0]})。"
            "新しい版のプログラムで開いてください。"
        )
    if not pending(alias) and not grants.unfinished(alias):
        return
    if alias != "owner":
        raise Trouble(
            "データベースの移行が残っています。DATABASE_OWNER_URL を設定して"
            " ./daicho manage migrate --database owner と grant を実行してください。"
        )
    must_be_prepared(alias)
    with connections[alias].cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        try:
            call_command("migrate", database=alias, verbosity=0, interactive=False)
            grants.grant(alias)
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])

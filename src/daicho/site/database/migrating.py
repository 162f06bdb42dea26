"""移行: bring the database to this program's version, as `owner`, then set `app`'s rights."""

import pkgutil
from importlib.util import find_spec

from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connections
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MIGRATIONS_MODULE_NAME
from django.db.migrations.recorder import MigrationRecorder

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
    labels = {label for label, _ in known}
    return sorted(
        f"{label}.{name}"
        for label, name in loader.applied_migrations
        if label in labels and (label, name) not in known
    )


def _is_of_this_program(alias: str) -> bool:
    """Has this database seen the migrations of this program, all of them and no others?

    By their names: to load a hundred migrations took every command a tenth of its start.
    """
    known = _names()
    labels = {label for label, _ in known}
    seen = MigrationRecorder(connections[alias]).applied_migrations()
    return known == {(label, name) for label, name in seen if label in labels}


def _names() -> set[tuple[str, str]]:
    """App and name of every migration of this program, as Django looks for them."""
    found = set()
    for app in apps.get_app_configs():
        package = find_spec(f"{app.name}.{MIGRATIONS_MODULE_NAME}")
        folders = package.submodule_search_locations if package else None
        for _, name, is_package in pkgutil.iter_modules(folders or []):
            if not is_package and name[0] not in "_~":
                found.add((app.label, name))
    return found


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
    is_current = _is_of_this_program(alias)
    if not is_current and (newer := from_a_newer_program(alias)):
        raise Trouble(
            f"このデータは新しい版の台帳で作られています({newer[0]})。"
            "新しい版のプログラムで開いてください。"
        )
    if (is_current or not pending(alias)) and not grants.unfinished(alias):
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

"""Migrations go forward only and never break the version that still runs beside them."""

import re
from collections import defaultdict
from collections.abc import Iterator

import pytest
from django.apps import apps
from django.db import models
from django.db.migrations import Migration, operations
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState
from django.utils import translation

_NAME = re.compile(r"\d{4}_[a-z][a-z0-9_]*")
_MADE_UP_BY_DJANGO = re.compile(r"\d{4}_(?:auto_\d|.*_and_more$)")
# Contracting is a version of its own: the old column stays until no program reads it.
CONTRACTS = (
    operations.RemoveField,
    operations.DeleteModel,
    operations.RenameField,
    operations.RenameModel,
    operations.AlterModelTable,
)
# "app.0007_name:Operation" -> the decision record that says why nothing is lost.
DECIDED: dict[str, str] = {
    "register.0006_smaller_records:RemoveField": "docs/decisions/0006-import-and-copy.md"
}


def _has_value(field: "models.Field[object, object]") -> bool:
    return bool(field.null or field.has_default() or field.has_db_default())


def _wrong(operation: Operation, *, is_first: bool) -> str:
    """What is wrong with one operation, or blank."""
    if isinstance(operation, CONTRACTS):
        return "takes away what the running program still reads"
    if isinstance(operation, operations.AddField | operations.AlterField) and not is_first:
        if not _has_value(operation.field):
            return "needs a value that old rows do not have: null=True or a constant default"
        if operation.field.unique:
            return "makes old rows unique: add the constraint apart, NOT VALID or CONCURRENTLY"
    if isinstance(operation, operations.RunSQL) and operation.reverse_sql:
        return "goes back: a restore goes back, a migration does not"
    if isinstance(operation, operations.RunPython):
        return "runs Python over old rows: they are never migrated"
    return ""


def _findings(migration: Migration) -> Iterator[str]:
    for operation in migration.operations:
        if wrong := _wrong(operation, is_first=migration.name.startswith("0001_")):
            place = f"{migration.app_label}.{migration.name}:{type(operation).__name__}"
            if place not in DECIDED:
                yield f"{place} {wrong}"


def _ours() -> dict[str, list[Migration]]:
    names = {config.label for config in apps.get_app_configs() if config.name.startswith("daicho.")}
    found: dict[str, list[Migration]] = defaultdict(list)
    for (label, _), migration in sorted(MigrationLoader(None).graph.nodes.items()):
        if label in names:
            found[label].append(migration)
    return found


def test_migrations_go_forward_and_keep_what_runs_beside_them() -> None:
    wrong = [what for chain in _ours().values() for one in chain for what in _findings(one)]
    assert not wrong, (
        f"{wrong}: expand now, contract in a later version (docs/how-to/add-a-table.md)"
    )


def test_migrations_are_numbered_without_gaps_and_named_by_what_they_do() -> None:
    for label, chain in _ours().items():
        names = [one.name for one in chain]
        numbers = [int(name[:4]) for name in names]
        assert numbers == list(range(1, len(names) + 1)), f"{label}: {names}"
        wrong = [n for n in names if not _NAME.fullmatch(n) or _MADE_UP_BY_DJANGO.match(n)]
        assert not wrong, f"{label}: {wrong}: name a migration by what it does"


def test_the_models_are_those_of_the_migrations() -> None:
    loader = MigrationLoader(None)
    with translation.override(None):  # Django's own words would differ in Japanese
        made = MigrationAutodetector(loader.project_state(), ProjectState.from_apps(apps))
        changes = made.changes(loader.graph)
    missing = {label: [one.name for one in found] for label, found in changes.items()}
    assert not missing, f"{missing}: ./daicho manage makemigrations, in the same commit"


@pytest.mark.parametrize(
    ("operation", "is_wrong"),
    [
        (operations.RemoveField("office", "name"), True),
        (operations.DeleteModel("office"), True),
        (operations.AddField("office", "floor", models.CharField(max_length=5)), True),
        (operations.AddField("office", "floor", models.CharField(max_length=5, default="")), False),
        (operations.AddField("office", "closed_on", models.DateField(null=True)), False),
        (operations.AlterField("office", "name", models.CharField(max_length=90)), True),
        (operations.RunSQL("SELECT 1", reverse_sql="SELECT 2"), True),
        (operations.RunSQL("SELECT 1"), False),
    ],
)
def test_the_check_sees_what_breaks(operation: Operation, is_wrong: bool) -> None:
    made_up = type("Made", (Migration,), {"operations": [operation]})
    assert bool(list(_findings(made_up("0002_made_up", "access")))) == is_wrong

"""廃棄の一覧: lists of records whose period has ended, each step on them, and what is held back."""

import django.contrib.postgres.indexes
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import daicho.access.append_only

_WRITTEN = [
    (
        "at",
        models.DateTimeField(db_default=daicho.access.append_only.ClockTimestamp(), editable=False),
    ),
    (
        "xid",
        daicho.access.append_only.TransactionIdField(
            db_default=daicho.access.append_only.CurrentTransaction(), editable=False
        ),
    ),
]
_PROTECT = django.db.models.deletion.PROTECT

PREPARED = """
DO $$
DECLARE
    v_disposal text := replace(current_user, 'owner_', 'disposal_');
BEGIN
    IF NOT pg_has_role(current_user, v_disposal, 'MEMBER')
        OR to_regnamespace('disposal') IS NULL THEN
        RAISE EXCEPTION 'the role % and its schema are not prepared', v_disposal
            USING HINT = 'see docs/operating/disposal.md for the statements of the administrator';
    END IF;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("access", "0011_relations")]

    operations = [
        migrations.RunSQL(PREPARED),
        migrations.CreateModel(
            name="DisposalList",
            fields=[
                *_WRITTEN,
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "proposed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=_PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("trail_id", models.BigIntegerField()),
                ("salt", models.BinaryField(max_length=32)),
            ],
            options={"abstract": False},
        ),
        migrations.CreateModel(
            name="DisposalLine",
            fields=[
                *_WRITTEN,
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "list",
                    models.ForeignKey(
                        on_delete=_PROTECT, related_name="lines", to="access.disposallist"
                    ),
                ),
                ("kind", models.CharField(max_length=40)),
                ("article", models.CharField(max_length=40)),
                ("month", models.DateField()),
                ("due_on", models.DateField()),
                ("row_count", models.PositiveBigIntegerField()),
                ("digest", models.BinaryField(max_length=32)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("list", "kind", "month"), name="disposal_line_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="DisposalTakenOff",
            fields=[
                *_WRITTEN,
                (
                    "line",
                    models.OneToOneField(
                        on_delete=_PROTECT,
                        primary_key=True,
                        related_name="taken_off",
                        serialize=False,
                        to="access.disposalline",
                    ),
                ),
                ("reason", models.CharField(max_length=20)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=_PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={"abstract": False},
        ),
        migrations.CreateModel(
            name="DisposalStep",
            fields=[
                *_WRITTEN,
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "list",
                    models.ForeignKey(
                        on_delete=_PROTECT, related_name="steps", to="access.disposallist"
                    ),
                ),
                ("is_end", models.BooleanField()),
                ("is_approved", models.BooleanField(null=True)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=_PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("trail_id", models.BigIntegerField()),
                ("digest", models.BinaryField(max_length=32)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("list", "is_end"), name="disposal_step_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="DisposalOutcome",
            fields=[
                *_WRITTEN,
                (
                    "line",
                    models.OneToOneField(
                        on_delete=_PROTECT,
                        primary_key=True,
                        related_name="outcome",
                        serialize=False,
                        to="access.disposalline",
                    ),
                ),
                ("outcome", models.CharField(max_length=20)),
                ("row_count", models.PositiveBigIntegerField()),
            ],
            options={"abstract": False},
        ),
        migrations.CreateModel(
            name="DisposalHold",
            fields=[
                *_WRITTEN,
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("kind", models.CharField(max_length=40)),
                ("from_month", models.DateField()),
                ("until_month", models.DateField()),
                ("reason", models.CharField(max_length=20)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=_PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={"abstract": False},
        ),
        migrations.CreateModel(
            name="DisposalHoldEnd",
            fields=[
                *_WRITTEN,
                (
                    "hold",
                    models.OneToOneField(
                        on_delete=_PROTECT,
                        primary_key=True,
                        related_name="end",
                        serialize=False,
                        to="access.disposalhold",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=_PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={"abstract": False},
        ),
        migrations.AddIndex(
            model_name="trailsubjects",
            index=django.contrib.postgres.indexes.BrinIndex(
                fields=["at"], name="trail_subjects_at"
            ),
        ),
    ]

"""データの持出し: what is asked for, each step on it, and what was made."""

from typing import Any

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import daicho.access.append_only

_AT = [
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
_WRITTEN = [*_AT, ("id", models.BigAutoField(primary_key=True, serialize=False))]


def _operator() -> "models.ForeignKey[Any, Any]":
    return models.ForeignKey(
        on_delete=django.db.models.deletion.PROTECT,
        related_name="+",
        to=settings.AUTH_USER_MODEL,
    )


class Migration(migrations.Migration):
    dependencies = [("access", "0009_disclosure_requests")]

    operations = [
        migrations.CreateModel(
            name="DataExportRequest",
            fields=[
                *_WRITTEN,
                ("kind", models.CharField(max_length=40)),
                (
                    "columns",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=60), size=None
                    ),
                ),
                ("conditions", models.JSONField()),
                ("recipient", models.CharField(max_length=100)),
                ("ground", models.CharField(max_length=200)),
                ("asked_by", _operator()),
                ("from_on", models.DateField()),
                ("until_on", models.DateField()),
                ("rows_most", models.PositiveIntegerField()),
                ("times_most", models.PositiveSmallIntegerField()),
            ],
            options={"abstract": False},
        ),
        migrations.CreateModel(
            name="DataExportStep",
            fields=[
                *_WRITTEN,
                (
                    "request",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="steps",
                        to="access.dataexportrequest",
                    ),
                ),
                ("is_end", models.BooleanField()),
                ("is_approved", models.BooleanField(null=True)),
                ("by", _operator()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("request", "is_end"), name="data_export_step_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="DataExport",
            fields=[
                *_AT,
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                (
                    "request",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="made",
                        to="access.dataexportrequest",
                    ),
                ),
                ("by", _operator()),
                ("terminal", models.CharField(blank=True, max_length=20)),
                ("rows", models.PositiveIntegerField()),
                ("digest", models.CharField(max_length=64)),
                ("size_bytes", models.PositiveBigIntegerField()),
            ],
            options={"abstract": False},
        ),
    ]

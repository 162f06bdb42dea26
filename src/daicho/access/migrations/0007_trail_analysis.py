"""利用記録の分析: of a month, what stood out in it, what was said of that, and the signature."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import daicho.access.append_only


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0006_file_permits"),
    ]

    operations = [
        migrations.CreateModel(
            name="TrailAnalysis",
            fields=[
                (
                    "at",
                    models.DateTimeField(
                        db_default=daicho.access.append_only.ClockTimestamp(), editable=False
                    ),
                ),
                (
                    "xid",
                    daicho.access.append_only.TransactionIdField(
                        db_default=daicho.access.append_only.CurrentTransaction(), editable=False
                    ),
                ),
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("month", models.DateField(unique=True)),
                ("upto", models.BigIntegerField()),
                (
                    "uses_by_day",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.PositiveIntegerField(), size=None
                    ),
                ),
                (
                    "uses_by_hour",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.PositiveIntegerField(), size=None
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="TrailAnalysisFinding",
            fields=[
                (
                    "at",
                    models.DateTimeField(
                        db_default=daicho.access.append_only.ClockTimestamp(), editable=False
                    ),
                ),
                (
                    "xid",
                    daicho.access.append_only.TransactionIdField(
                        db_default=daicho.access.append_only.CurrentTransaction(), editable=False
                    ),
                ),
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("code", models.CharField(max_length=40)),
                (
                    "operators",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), size=None
                    ),
                ),
                ("record_id", models.UUIDField(null=True)),
                ("day", models.DateField()),
                ("count", models.PositiveIntegerField()),
                ("days", models.PositiveSmallIntegerField()),
                (
                    "analysis",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="findings",
                        to="access.trailanalysis",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="TrailAnalysisJudgement",
            fields=[
                (
                    "at",
                    models.DateTimeField(
                        db_default=daicho.access.append_only.ClockTimestamp(), editable=False
                    ),
                ),
                (
                    "xid",
                    daicho.access.append_only.TransactionIdField(
                        db_default=daicho.access.append_only.CurrentTransaction(), editable=False
                    ),
                ),
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("outcome", models.CharField(max_length=20)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "found",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="judgements",
                        to="access.trailanalysisfinding",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="TrailAnalysisSignature",
            fields=[
                (
                    "at",
                    models.DateTimeField(
                        db_default=daicho.access.append_only.ClockTimestamp(), editable=False
                    ),
                ),
                (
                    "xid",
                    daicho.access.append_only.TransactionIdField(
                        db_default=daicho.access.append_only.CurrentTransaction(), editable=False
                    ),
                ),
                (
                    "analysis",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="signature",
                        serialize=False,
                        to="access.trailanalysis",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
    ]

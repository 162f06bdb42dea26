import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
from django.db import migrations, models

import daicho.access.append_only


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Certifier",
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
                ("kind", models.CharField(max_length=10)),
                ("title", models.TextField()),
                ("name", models.TextField()),
                ("seal", models.TextField()),
                ("seal_svg", models.TextField(blank=True)),
                ("from_on", models.DateField()),
                ("until_on", models.DateField(null=True)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Issue",
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
                ("issue_id", models.UUIDField(primary_key=True, serialize=False)),
                ("number", models.CharField(max_length=120, unique=True)),
                ("request_id", models.UUIDField(unique=True)),
                ("reception_id", models.UUIDField(db_index=True)),
                ("purpose", models.CharField(max_length=40)),
                ("form", models.CharField(max_length=40)),
                (
                    "record_ids",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.UUIDField(), size=None
                    ),
                ),
                (
                    "history_nos",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.PositiveIntegerField(), size=None
                    ),
                ),
                ("decision", models.JSONField()),
                ("page_count", models.PositiveSmallIntegerField()),
                ("copy_no", models.PositiveSmallIntegerField()),
                ("copy_count", models.PositiveSmallIntegerField()),
                ("file_hash", models.BinaryField(max_length=32)),
                ("issued_on", models.DateField()),
                ("is_reissue", models.BooleanField()),
                ("reissue_of", models.UUIDField(null=True)),
                ("posted_to_principal", models.BooleanField()),
                ("shows_individual_number", models.BooleanField()),
                ("shows_record_code", models.BooleanField()),
                ("operator_id", models.BigIntegerField()),
                ("office", models.CharField(max_length=10)),
                ("terminal", models.CharField(max_length=20)),
                ("ward", models.CharField(max_length=6)),
                (
                    "certifier",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="certificates.certifier",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Serial",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "terminal",
                        "on",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("terminal", models.CharField(max_length=20)),
                ("on", models.DateField()),
                ("last", models.PositiveIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="Spoiled",
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
                    "issue",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        serialize=False,
                        to="certificates.issue",
                    ),
                ),
                ("reason", models.CharField(max_length=20)),
                ("operator_id", models.BigIntegerField()),
                ("terminal", models.CharField(max_length=20)),
                ("request_id", models.UUIDField()),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.AddIndex(
            model_name="issue",
            index=django.contrib.postgres.indexes.GinIndex(fields=["record_ids"], name="issue_of"),
        ),
    ]

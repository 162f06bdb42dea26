import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
from django.db import migrations, models

import daicho.access.append_only


class Migration(migrations.Migration):
    dependencies = [
        ("register", "0003_numbering"),
    ]

    operations = [
        migrations.CreateModel(
            name="Reception",
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
                ("reception_id", models.UUIDField(primary_key=True, serialize=False)),
                ("request_id", models.UUIDField(unique=True)),
                ("office", models.CharField(max_length=10)),
                ("taken_on", models.DateField()),
                ("day_no", models.PositiveIntegerField()),
                ("work", models.CharField(max_length=40)),
                ("basis", models.CharField(max_length=20)),
                ("received_on", models.DateField()),
                ("capacity", models.CharField(blank=True, max_length=40)),
                ("visitor_name", models.TextField(blank=True)),
                ("visitor_address", models.TextField(blank=True)),
                ("visitor_phone", models.CharField(blank=True, max_length=40)),
                ("principal_name", models.TextField(blank=True)),
                (
                    "identity",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=40), size=None
                    ),
                ),
                (
                    "authority",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=40), size=None
                    ),
                ),
                ("sender", models.TextField(blank=True)),
                ("reference", models.TextField(blank=True)),
                ("reason", models.TextField(blank=True)),
                (
                    "asked",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=40), size=None
                    ),
                ),
                ("copy_count", models.PositiveSmallIntegerField(null=True)),
                ("post_to_principal", models.BooleanField(default=False)),
                ("previous_id", models.UUIDField(null=True)),
                ("operator_id", models.BigIntegerField()),
                ("terminal", models.CharField(max_length=20)),
                ("ward", models.CharField(max_length=6)),
            ],
        ),
        migrations.CreateModel(
            name="EditLease",
            fields=[
                ("record_id", models.UUIDField(primary_key=True, serialize=False)),
                ("operator_id", models.BigIntegerField()),
                ("office", models.CharField(max_length=10)),
                ("terminal", models.CharField(max_length=20)),
                ("reception_id", models.UUIDField()),
                ("until_at", models.DateTimeField()),
            ],
        ),
        migrations.AddField(
            model_name="recordedchange",
            name="reception_id",
            field=models.UUIDField(null=True),
        ),
        migrations.AddIndex(
            model_name="recordedchange",
            index=models.Index(
                condition=models.Q(("reception_id__isnull", False)),
                fields=["reception_id"],
                name="change_under_reception",
            ),
        ),
        migrations.CreateModel(
            name="Draft",
            fields=[
                (
                    "reception",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        serialize=False,
                        to="register.reception",
                    ),
                ),
                ("kind", models.CharField(max_length=40)),
                ("typed", models.JSONField()),
                (
                    "record_ids",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.UUIDField(), size=None
                    ),
                ),
                ("office", models.CharField(max_length=10)),
                ("operator_id", models.BigIntegerField()),
                ("terminal", models.CharField(max_length=20)),
                ("kept_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="ReceptionEnding",
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
                    "reception",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        serialize=False,
                        to="register.reception",
                    ),
                ),
                ("how", models.CharField(max_length=20)),
                ("reason", models.TextField(blank=True)),
                ("operator_id", models.BigIntegerField()),
                ("terminal", models.CharField(max_length=20)),
                ("request_id", models.UUIDField()),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.AddConstraint(
            model_name="reception",
            constraint=models.UniqueConstraint(
                fields=("office", "taken_on", "day_no"), name="one_reception_a_number"
            ),
        ),
        migrations.AddIndex(
            model_name="draft",
            index=django.contrib.postgres.indexes.GinIndex(fields=["record_ids"], name="draft_of"),
        ),
    ]

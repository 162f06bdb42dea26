import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import daicho.access.append_only


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Office",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=10, unique=True)),
                ("name", models.CharField(max_length=60)),
                ("kind", models.CharField(max_length=30)),
                ("ward", models.CharField(max_length=6)),
            ],
        ),
        migrations.CreateModel(
            name="Trail",
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
                ("event", models.CharField(max_length=30)),
                ("door", models.CharField(blank=True, max_length=60)),
                ("office", models.CharField(blank=True, max_length=10)),
                ("terminal", models.CharField(blank=True, max_length=20)),
                ("ward", models.CharField(blank=True, max_length=6)),
                ("purpose", models.CharField(blank=True, max_length=40)),
                ("job", models.CharField(blank=True, max_length=40)),
                ("article", models.CharField(blank=True, max_length=40)),
                ("finding", models.CharField(blank=True, max_length=40)),
                ("request_id", models.UUIDField()),
                ("subject_count", models.PositiveIntegerField(default=0)),
                ("number_seen", models.BooleanField(default=False)),
                ("detail", models.JSONField(default=dict)),
                ("commitment", models.BinaryField(max_length=32)),
            ],
        ),
        migrations.CreateModel(
            name="Operator",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("password", models.CharField(max_length=128, verbose_name="password")),
                ("login", models.CharField(max_length=40, unique=True, verbose_name="操作者ID")),
                ("name", models.CharField(max_length=60, verbose_name="氏名")),
                ("post", models.CharField(max_length=30)),
                ("is_active", models.BooleanField(default=True)),
                ("is_demo", models.BooleanField(default=False)),
                ("failures", models.PositiveSmallIntegerField(default=0)),
                ("locked_until", models.DateTimeField(null=True)),
                ("password_changed_at", models.DateTimeField(null=True)),
                (
                    "office",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to="access.office"
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Terminal",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=20, unique=True)),
                ("name", models.CharField(max_length=60)),
                ("room", models.CharField(max_length=60)),
                ("retired_on", models.DateField(null=True)),
                (
                    "office",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to="access.office"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="TrailSubjects",
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
                    "trail",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        serialize=False,
                        to="access.trail",
                    ),
                ),
                (
                    "record_ids",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.UUIDField(), size=None
                    ),
                ),
                ("salt", models.BinaryField(max_length=16)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.AddField(
            model_name="trail",
            name="operator",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddIndex(
            model_name="trail",
            index=models.Index(fields=["operator", "-id"], name="trail_operator"),
        ),
        migrations.AddIndex(
            model_name="trail",
            index=models.Index(fields=["event", "-id"], name="trail_event"),
        ),
        migrations.AddIndex(
            model_name="trail",
            index=django.contrib.postgres.indexes.BrinIndex(fields=["at"], name="trail_at"),
        ),
    ]

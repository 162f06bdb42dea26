"""開示請求: what is asked for and each step on it, written once."""

import django.contrib.postgres.fields
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
    ("id", models.BigAutoField(primary_key=True, serialize=False)),
    ("request_id", models.UUIDField(unique=True)),
]


def _by() -> "models.Field[object, object]":
    return models.ForeignKey(
        on_delete=django.db.models.deletion.PROTECT,
        related_name="+",
        to=settings.AUTH_USER_MODEL,
    )


class Migration(migrations.Migration):
    dependencies = [("access", "0008_own_log")]

    operations = [
        migrations.CreateModel(
            name="DisclosureRequest",
            fields=[
                *_WRITTEN,
                ("reception_id", models.UUIDField(unique=True)),
                ("kind", models.CharField(max_length=40)),
                ("record_id", models.UUIDField(db_index=True)),
                ("received_on", models.DateField()),
                ("since_on", models.DateField(null=True)),
                ("until_on", models.DateField(null=True)),
                ("capacity", models.CharField(max_length=40)),
                ("requester_name", models.TextField()),
                ("requester_address", models.TextField()),
                ("principal_name", models.TextField(blank=True)),
                ("taken_by", _by()),
                ("office", models.CharField(max_length=10)),
                ("ward", models.CharField(max_length=6)),
            ],
            options={
                "indexes": [models.Index(fields=["ward", "id"], name="disclosure_of_ward")],
            },
        ),
        migrations.CreateModel(
            name="DisclosureWaiting",
            fields=[
                (
                    "disclosure",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="access.disclosurerequest",
                    ),
                ),
                ("ward", models.CharField(max_length=6)),
            ],
        ),
        migrations.CreateModel(
            name="DisclosureStep",
            fields=[
                *_WRITTEN,
                (
                    "disclosure",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="steps",
                        to="access.disclosurerequest",
                    ),
                ),
                ("what", models.CharField(max_length=20)),
                ("by", _by()),
                ("taken_on", models.DateField()),
                ("until_on", models.DateField(null=True)),
                ("days", models.PositiveSmallIntegerField(null=True)),
                ("reason", models.TextField(blank=True)),
                ("outcome", models.CharField(blank=True, max_length=20)),
                (
                    "grounds",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=40), default=list, size=None
                    ),
                ),
                ("confirmed", models.BooleanField(default=False)),
                (
                    "left_out",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=60), default=list, size=None
                    ),
                ),
                ("pages", models.PositiveSmallIntegerField(null=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("what__in", ["extended", "withdrawn"])),
                        fields=("disclosure", "what"),
                        name="disclosure_step_once",
                    )
                ],
            },
        ),
    ]

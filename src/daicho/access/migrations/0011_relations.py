"""関係の分析: what staff were told, their own records, and what stood out; the figures by which a
use stood out are kept with it."""

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
]
_NUMBERED = [*_WRITTEN, ("id", models.BigAutoField(primary_key=True, serialize=False))]


def _to(whom: str, name: str) -> "models.Field[object, object]":
    return models.ForeignKey(
        on_delete=django.db.models.deletion.PROTECT, related_name=name, to=whom
    )


_OPERATOR = settings.AUTH_USER_MODEL


class Migration(migrations.Migration):
    dependencies = [("access", "0010_data_exports")]

    operations = [
        migrations.AddField(
            model_name="trailanalysisfinding",
            name="figures",
            field=models.JSONField(null=True),
        ),
        migrations.CreateModel(
            name="RelationNotice",
            fields=[
                *_NUMBERED,
                ("operator", _to(_OPERATOR, "+")),
                ("version", models.PositiveSmallIntegerField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("operator", "version"), name="relation_told_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="OwnRecord",
            fields=[
                *_NUMBERED,
                ("operator", _to(_OPERATOR, "+")),
                ("record_id", models.UUIDField(null=True)),
                ("since", models.DateField()),
                ("by", _to(_OPERATOR, "+")),
            ],
            options={"abstract": False},
        ),
        migrations.CreateModel(
            name="RelationAnalysis",
            fields=[
                *_NUMBERED,
                ("month", models.DateField(unique=True)),
                ("upto", models.BigIntegerField()),
                ("told_count", models.PositiveIntegerField()),
                ("untold_count", models.PositiveIntegerField()),
            ],
            options={"abstract": False},
        ),
        migrations.CreateModel(
            name="RelationFinding",
            fields=[
                *_NUMBERED,
                ("analysis", _to("access.relationanalysis", "findings")),
                ("code", models.CharField(max_length=40)),
                (
                    "operators",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), size=None
                    ),
                ),
                ("record_id", models.UUIDField()),
                ("day", models.DateField()),
                ("count", models.PositiveIntegerField()),
                ("days", models.PositiveSmallIntegerField()),
                ("figures", models.JSONField()),
            ],
            options={"abstract": False},
        ),
        migrations.CreateModel(
            name="RelationJudgement",
            fields=[
                *_NUMBERED,
                ("found", _to("access.relationfinding", "judgements")),
                ("outcome", models.CharField(max_length=20)),
                ("by", _to(_OPERATOR, "+")),
            ],
            options={"abstract": False},
        ),
        migrations.CreateModel(
            name="RelationSignature",
            fields=[
                *_WRITTEN,
                (
                    "analysis",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="signature",
                        serialize=False,
                        to="access.relationanalysis",
                    ),
                ),
                ("by", _to(_OPERATOR, "+")),
            ],
            options={"abstract": False},
        ),
    ]

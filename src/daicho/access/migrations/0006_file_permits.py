"""特定個人情報ファイルの作成の許可: what is asked for and each step on it, written once."""

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
]


class Migration(migrations.Migration):
    dependencies = [("access", "0005_trail_search")]

    operations = [
        migrations.CreateModel(
            name="FilePermit",
            fields=[
                *_WRITTEN,
                ("file", models.CharField(max_length=40)),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("from_on", models.DateField()),
                ("until_on", models.DateField()),
                ("rows_most", models.PositiveIntegerField()),
            ],
            options={"abstract": False},
        ),
        migrations.CreateModel(
            name="FilePermitStep",
            fields=[
                *_WRITTEN,
                (
                    "permit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="steps",
                        to="access.filepermit",
                    ),
                ),
                ("is_end", models.BooleanField()),
                ("is_approved", models.BooleanField(null=True)),
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
                "constraints": [
                    models.UniqueConstraint(
                        fields=("permit", "is_end"), name="file_permit_step_once"
                    )
                ],
            },
        ),
    ]

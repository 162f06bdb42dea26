"""所属の操作権限: what a whole office may do, who of it may not, and its lines in a review."""

from typing import Any

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

_OPERATOR = settings.AUTH_USER_MODEL
Named = tuple[str, "models.Field[Any, Any]"]


def _to(whom: str, *, null: bool = False, name: str | None = None) -> "models.Field[Any, Any]":
    return models.ForeignKey(
        null=null, on_delete=django.db.models.deletion.PROTECT, related_name=name, to=whom
    )


def _period() -> list[Named]:
    number = models.BigAutoField(
        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
    )
    return [
        ("id", number),
        ("post", models.CharField(max_length=30)),
        ("since", models.DateField()),
        ("until", models.DateField(null=True)),
        ("given_at", models.DateTimeField()),
        ("ended_by", _to(_OPERATOR, null=True, name="+")),
        ("given_by", _to(_OPERATOR, null=True, name="+")),
        ("office", _to("access.office")),
    ]


class Migration(migrations.Migration):
    dependencies = [("access", "0014_more_disposal")]

    operations = [
        migrations.CreateModel(
            name="OfficeRight",
            fields=_period(),
            options={
                "indexes": [models.Index(fields=["office", "since"], name="office_right_office")],
            },
        ),
        migrations.CreateModel(
            name="OfficeRightExclusion",
            fields=[*_period(), ("operator", _to(_OPERATOR))],
            options={
                "indexes": [
                    models.Index(fields=["operator", "office"], name="office_exclusion_operator"),
                    models.Index(fields=["office", "since"], name="office_exclusion_office"),
                ],
            },
        ),
        migrations.AlterField(
            model_name="rightsreviewline", name="right", field=_to("access.right", null=True)
        ),
        migrations.AddField(
            model_name="rightsreviewline",
            name="office_right",
            field=_to("access.officeright", null=True),
        ),
        migrations.AddConstraint(
            model_name="rightsreviewline",
            constraint=models.UniqueConstraint(
                fields=["review", "office_right"], name="rights_review_office_line_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="rightsreviewline",
            constraint=models.CheckConstraint(
                condition=models.Q(right=None, office_right__isnull=False)
                | models.Q(right__isnull=False, office_right=None),
                name="rights_review_line_of_one",
            ),
        ),
    ]

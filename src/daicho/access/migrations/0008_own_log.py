"""本人への利用記録の提示: residents' cards, their questions and the answers."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import daicho.access.append_only

_AT = (
    "at",
    models.DateTimeField(db_default=daicho.access.append_only.ClockTimestamp(), editable=False),
)
_XID = (
    "xid",
    daicho.access.append_only.TransactionIdField(
        db_default=daicho.access.append_only.CurrentTransaction(), editable=False
    ),
)


class Migration(migrations.Migration):
    dependencies = [("access", "0007_trail_analysis")]

    operations = [
        migrations.CreateModel(
            name="OwnLogQuestion",
            fields=[
                _AT,
                _XID,
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("request_id", models.UUIDField(unique=True)),
                ("record_id", models.UUIDField()),
                ("trail_id", models.BigIntegerField()),
                ("office", models.CharField(blank=True, max_length=10)),
                ("asked_on", models.DateField()),
                ("text", models.TextField(max_length=400)),
                (
                    "looker",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["office", "-id"], name="own_log_question_office"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("record_id", "trail_id"), name="own_log_question_once"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ResidentCard",
            fields=[
                _AT,
                _XID,
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("serial", models.CharField(max_length=40, unique=True)),
                ("fingerprint", models.BinaryField(max_length=32)),
                ("record_id", models.UUIDField()),
            ],
            options={"abstract": False},
        ),
        migrations.CreateModel(
            name="ResidentChallenge",
            fields=[
                ("challenge_id", models.UUIDField(primary_key=True, serialize=False)),
                ("nonce", models.BinaryField(max_length=32)),
                ("session_digest", models.BinaryField(max_length=32)),
                ("asked_at", models.DateTimeField(db_index=True)),
            ],
        ),
        migrations.CreateModel(
            name="OwnLogAnswer",
            fields=[
                _AT,
                _XID,
                (
                    "question",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="answer",
                        serialize=False,
                        to="access.ownlogquestion",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("text", models.TextField(max_length=400)),
            ],
            options={"abstract": False},
        ),
        migrations.CreateModel(
            name="ResidentCardRevocation",
            fields=[
                _AT,
                _XID,
                (
                    "card",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="revocation",
                        serialize=False,
                        to="access.residentcard",
                    ),
                ),
                ("reason", models.CharField(max_length=20)),
            ],
            options={"abstract": False},
        ),
        migrations.CreateModel(
            name="ResidentCardTry",
            fields=[
                _AT,
                _XID,
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("is_right", models.BooleanField()),
                (
                    "card",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tries",
                        to="access.residentcard",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["card", "-id"], name="resident_card_tries")],
            },
        ),
    ]

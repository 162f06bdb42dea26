"""住民票コードの指定と、届いた通知: which codes are designated, and what waits for the register."""

from django.db import migrations, models

import daicho.access.append_only


class Migration(migrations.Migration):
    dependencies = [("network", "0005_held")]

    operations = [
        migrations.CreateModel(
            name="CodesAsked",
            fields=[
                ("message_id", models.UUIDField(primary_key=True, serialize=False)),
                ("count", models.PositiveIntegerField()),
                ("asked_at", models.DateTimeField()),
                ("answered_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="DesignatedCode",
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
                ("code", models.CharField(max_length=11, primary_key=True, serialize=False)),
                ("municipality", models.CharField(max_length=6)),
                ("message_id", models.UUIDField()),
            ],
            options={"abstract": False},
        ),
        migrations.CreateModel(
            name="RegisterNotice",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("origin", models.CharField(max_length=6)),
                ("message_id", models.UUIDField()),
                ("kind", models.CharField(max_length=40)),
                ("v", models.PositiveSmallIntegerField()),
                ("resident", models.UUIDField()),
                ("body", models.TextField()),
                ("arrived_at", models.DateTimeField()),
                ("due_at", models.DateTimeField(null=True)),
                ("failures", models.PositiveIntegerField(default=0)),
                ("findings", models.JSONField(default=list)),
                ("is_open", models.BooleanField(default=False)),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("due_at__isnull", False)),
                        fields=["due_at"],
                        name="network_registernotice_due",
                    ),
                    models.Index(
                        condition=models.Q(("is_open", True)),
                        fields=["arrived_at"],
                        name="network_registernotice_open",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("origin", "message_id"), name="network_registernotice_message"
                    )
                ],
            },
        ),
    ]

"""電文: this party's own, those that came, their order, and what became of them."""

from django.db import migrations, models

import daicho.access.append_only


class Migration(migrations.Migration):
    dependencies = [("network", "0003_lines")]

    operations = [
        migrations.CreateModel(
            name="Sent",
            fields=[
                ("message_id", models.UUIDField(primary_key=True, serialize=False)),
                ("outbox_id", models.BigIntegerField(null=True, unique=True)),
                ("kind", models.CharField(max_length=40)),
                ("to", models.CharField(max_length=6)),
                ("resident", models.UUIDField()),
                ("epoch", models.BigIntegerField()),
                ("ordinal", models.BigIntegerField()),
                ("made_at", models.DateTimeField()),
                ("neighbour", models.CharField(max_length=6)),
                ("place", models.BigIntegerField()),
                ("receipted_at", models.DateTimeField(null=True)),
                ("outcome", models.CharField(blank=True, max_length=60)),
                ("outcome_at", models.DateTimeField(null=True)),
                ("above", models.CharField(blank=True, max_length=60)),
                ("above_at", models.DateTimeField(null=True)),
                ("is_refused", models.BooleanField(default=False)),
                ("is_open", models.BooleanField(default=False)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["neighbour", "place"], name="network_sent_place"),
                    models.Index(fields=["resident", "-made_at"], name="network_sent_resident"),
                    models.Index(
                        condition=models.Q(("is_open", True)),
                        fields=["made_at"],
                        name="network_sent_open",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("to", "resident", "epoch", "ordinal"), name="network_sent_turn"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="GivenTurn",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "to",
                        "resident",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("to", models.CharField(max_length=6)),
                ("resident", models.UUIDField()),
                ("epoch", models.BigIntegerField()),
                ("ordinal", models.BigIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="Unsent",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("neighbour", models.CharField(max_length=6)),
                ("message_id", models.UUIDField()),
                ("to", models.CharField(max_length=6)),
                ("resident", models.UUIDField()),
                ("kind", models.CharField(max_length=40)),
                ("v", models.PositiveSmallIntegerField()),
                ("article", models.CharField(max_length=40)),
                ("body", models.JSONField()),
            ],
            options={
                "indexes": [models.Index(fields=["neighbour", "id"], name="network_unsent_line")],
            },
        ),
        migrations.CreateModel(
            name="Arrived",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "origin",
                        "to",
                        "resident",
                        "epoch",
                        "ordinal",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("origin", models.CharField(max_length=6)),
                ("to", models.CharField(max_length=6)),
                ("resident", models.UUIDField()),
                ("epoch", models.BigIntegerField()),
                ("ordinal", models.BigIntegerField()),
                ("message_id", models.UUIDField()),
                ("made_at_ms", models.BigIntegerField()),
                ("signed", models.TextField(blank=True)),
                ("waits", models.BooleanField()),
                ("arrived_at", models.DateTimeField()),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("waits", True)),
                        fields=["origin", "resident", "epoch", "ordinal"],
                        name="network_arrived_waits",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Stream",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "origin",
                        "resident",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("origin", models.CharField(max_length=6)),
                ("resident", models.UUIDField()),
                ("done_epoch", models.BigIntegerField(default=0)),
                ("done_ordinal", models.BigIntegerField(default=0)),
                ("due_at", models.DateTimeField(null=True)),
                ("failures", models.PositiveIntegerField(default=0)),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("due_at__isnull", False)),
                        fields=["due_at"],
                        name="network_stream_due",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Origin",
            fields=[
                ("party", models.CharField(max_length=6, primary_key=True, serialize=False)),
                ("newest_epoch", models.BigIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="Carried",
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
                    "pk",
                    models.CompositePrimaryKey(
                        "origin",
                        "message_id",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("origin", models.CharField(max_length=6)),
                ("message_id", models.UUIDField()),
                ("kind", models.CharField(max_length=40)),
                ("outcome", models.CharField(max_length=60)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Forwarded",
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
                ("forwarded_id", models.UUIDField(primary_key=True, serialize=False)),
                ("origin", models.CharField(max_length=6)),
                ("message_id", models.UUIDField()),
            ],
            options={
                "abstract": False,
            },
        ),
    ]

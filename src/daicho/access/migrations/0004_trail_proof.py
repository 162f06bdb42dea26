import django.db.models.deletion
from django.db import migrations, models

import daicho.access.append_only


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0003_masks_and_emergencies"),
    ]

    operations = [
        migrations.CreateModel(
            name="TrailHead",
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
                ("size", models.BigIntegerField()),
                ("note", models.TextField()),
                ("signature", models.BinaryField(max_length=80)),
                ("public_key", models.TextField()),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="TrailLeaf",
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
                ("leaf_index", models.BigIntegerField(primary_key=True, serialize=False)),
                (
                    "trail",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="access.trail",
                    ),
                ),
                ("leaf_hash", models.BinaryField(max_length=32)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="TrailNode",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
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
                ("level", models.PositiveSmallIntegerField()),
                ("node_index", models.BigIntegerField()),
                ("node_hash", models.BinaryField(max_length=32)),
            ],
        ),
        migrations.CreateModel(
            name="TrailAttestation",
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
                (
                    "head",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="access.trailhead",
                    ),
                ),
                ("kind", models.CharField(max_length=10)),
                ("address", models.CharField(max_length=200)),
                ("said", models.CharField(max_length=40)),
                ("proof", models.BinaryField(max_length=20000)),
                ("public_key", models.TextField(blank=True)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["address", "kind", "-id"], name="trail_attestation_of")
                ],
            },
        ),
        migrations.AddIndex(
            model_name="trail",
            index=models.Index(fields=["xid", "id"], name="trail_order"),
        ),
        migrations.AddConstraint(
            model_name="trailnode",
            constraint=models.UniqueConstraint(
                fields=("level", "node_index"), name="trail_node_once"
            ),
        ),
    ]

from django.db import migrations, models

import daicho.access.append_only


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Outbox",
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
                ("kind", models.CharField(max_length=40)),
                ("v", models.PositiveSmallIntegerField()),
                ("article", models.CharField(max_length=40)),
                ("record_id", models.UUIDField()),
                ("history_no", models.PositiveIntegerField()),
                ("change_id", models.BigIntegerField()),
                ("request_id", models.UUIDField()),
                ("ward", models.CharField(max_length=6)),
                ("body", models.JSONField()),
            ],
            options={
                "indexes": [models.Index(fields=["record_id", "id"], name="outbox_record")],
            },
        ),
    ]

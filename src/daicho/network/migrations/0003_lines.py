"""回線: the log to and of each neighbour, what waits for it, and what is held back by hand."""

from django.db import migrations, models

import daicho.access.append_only

WAITING = """
INSERT INTO network_due (outbox_id, kind, record_id, due_at)
SELECT id, kind, record_id, at FROM network_outbox
"""
# An old backup came back: a later epoch begins, and each neighbour is asked how far it is before
# anything gets a turn (protocol, docs/protocol). Whether messages that come wait meanwhile says who
# calls: in a municipality, until what was typed in since is typed in again.
CAME_BACK = """
CREATE FUNCTION public.network_came_back(p_now bigint, p_waits boolean) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    v_epoch bigint;
BEGIN
    SELECT greatest(p_now, max(epoch) + 1) INTO v_epoch FROM (
        SELECT epoch FROM public.network_own UNION ALL
        SELECT epoch FROM public.network_sendingline) AS known;
    UPDATE public.network_own SET epoch = v_epoch, is_catching_up = p_waits;
    UPDATE public.network_sendingline SET epoch = v_epoch, is_unasked = true;
    DELETE FROM public.network_knownrefusal r USING public.network_sendingline l
    WHERE r.neighbour = l.neighbour AND r.place > l.receipted;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("network", "0002_change_index")]

    operations = [
        migrations.CreateModel(
            name="Own",
            fields=[
                ("id", models.PositiveSmallIntegerField(primary_key=True, serialize=False)),
                ("epoch", models.BigIntegerField()),
                ("is_catching_up", models.BooleanField(default=False)),
            ],
        ),
        migrations.CreateModel(
            name="SendingLine",
            fields=[
                ("neighbour", models.CharField(max_length=6, primary_key=True, serialize=False)),
                ("epoch", models.BigIntegerField()),
                ("placed", models.BigIntegerField(default=0)),
                ("receipted", models.BigIntegerField(default=0)),
                ("handed", models.BigIntegerField(default=0)),
                ("digest", models.CharField(blank=True, max_length=32)),
                ("is_unasked", models.BooleanField(default=False)),
                ("tried_at", models.DateTimeField(null=True)),
                ("answered_at", models.DateTimeField(null=True)),
                ("trouble", models.CharField(blank=True, max_length=60)),
            ],
        ),
        migrations.CreateModel(
            name="ReceivingLine",
            fields=[
                ("neighbour", models.CharField(max_length=6, primary_key=True, serialize=False)),
                ("epoch", models.BigIntegerField(default=0)),
                ("upto", models.BigIntegerField(default=0)),
                ("digest", models.CharField(blank=True, max_length=32)),
                ("stopped_place", models.BigIntegerField(default=0)),
                ("stopped_since", models.BigIntegerField(default=0)),
                ("taken_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Logged",
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
                        "neighbour",
                        "place",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("neighbour", models.CharField(max_length=6)),
                ("place", models.BigIntegerField()),
                ("origin", models.CharField(max_length=6)),
                ("message_id", models.UUIDField()),
                ("digest", models.CharField(max_length=32)),
                ("signed", models.TextField()),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Taken",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "neighbour",
                        "place",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("neighbour", models.CharField(max_length=6)),
                ("place", models.BigIntegerField()),
                ("digest", models.CharField(max_length=32)),
                ("fault", models.CharField(blank=True, max_length=40)),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("fault", ""), _negated=True),
                        fields=["neighbour", "place"],
                        name="network_taken_refused",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="KnownRefusal",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "neighbour",
                        "place",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("neighbour", models.CharField(max_length=6)),
                ("place", models.BigIntegerField()),
                ("fault", models.CharField(max_length=40)),
            ],
        ),
        migrations.CreateModel(
            name="KeptReceipt",
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
                ("neighbour", models.CharField(max_length=6)),
                ("epoch", models.BigIntegerField()),
                ("upto", models.BigIntegerField()),
                ("signed", models.TextField()),
            ],
            options={
                "indexes": [models.Index(fields=["neighbour", "-id"], name="network_receipt_line")],
            },
        ),
        migrations.CreateModel(
            name="DoorCount",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "on",
                        "peer",
                        "fault",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("on", models.DateField()),
                ("peer", models.CharField(blank=True, max_length=6)),
                ("fault", models.CharField(max_length=40)),
                ("count", models.BigIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="Due",
            fields=[
                ("outbox_id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("kind", models.CharField(max_length=40)),
                ("record_id", models.UUIDField()),
                ("due_at", models.DateTimeField()),
            ],
            options={
                "indexes": [
                    models.Index(fields=["kind", "outbox_id"], name="network_due_kind"),
                    models.Index(fields=["record_id", "outbox_id"], name="network_due_record"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Hold",
            fields=[
                ("record_id", models.UUIDField(primary_key=True, serialize=False)),
                ("reason", models.CharField(max_length=20)),
                ("operator_id", models.BigIntegerField(null=True)),
                ("held_at", models.DateTimeField()),
            ],
        ),
        # what was put there before anything was sent waits too
        migrations.RunSQL(WAITING),
        migrations.RunSQL(CAME_BACK),
    ]

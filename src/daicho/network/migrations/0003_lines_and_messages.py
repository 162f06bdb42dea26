"""回線と電文: the lines to the neighbours, the messages, and what is held above a municipality."""

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
    dependencies = [
        ("network", "0002_change_index"),
    ]

    operations = [
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
            name="Held",
            fields=[
                ("epoch", models.BigIntegerField()),
                ("ordinal", models.BigIntegerField()),
                ("is_open", models.BooleanField()),
                ("reason", models.CharField(blank=True, max_length=40)),
                ("on", models.CharField(max_length=10)),
                ("family_name", models.TextField(blank=True)),
                ("given_name", models.TextField(blank=True)),
                ("roman_name", models.TextField(blank=True)),
                ("kanji_name", models.TextField(blank=True)),
                ("former_family_name", models.TextField(blank=True)),
                ("common_name", models.TextField(blank=True)),
                ("family_name_reading", models.TextField(blank=True)),
                ("given_name_reading", models.TextField(blank=True)),
                ("former_family_name_reading", models.TextField(blank=True)),
                ("born_on", models.TextField(blank=True)),
                ("sex", models.TextField(blank=True)),
                ("address_code", models.TextField(blank=True)),
                ("address_prefecture", models.TextField(blank=True)),
                ("address_municipality", models.TextField(blank=True)),
                ("address_town", models.TextField(blank=True)),
                ("address_lot", models.TextField(blank=True)),
                ("address_free_text", models.TextField(blank=True)),
                ("address_building", models.TextField(blank=True)),
                ("individual_number_state", models.TextField(blank=True)),
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "subject_id",
                        "municipality",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("subject_id", models.BigIntegerField()),
                ("municipality", models.CharField(max_length=6)),
                ("code", models.CharField(max_length=11)),
                ("held_at", models.DateTimeField()),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="HeldVersion",
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
                ("epoch", models.BigIntegerField()),
                ("ordinal", models.BigIntegerField()),
                ("is_open", models.BooleanField()),
                ("reason", models.CharField(blank=True, max_length=40)),
                ("on", models.CharField(max_length=10)),
                ("family_name", models.TextField(blank=True)),
                ("given_name", models.TextField(blank=True)),
                ("roman_name", models.TextField(blank=True)),
                ("kanji_name", models.TextField(blank=True)),
                ("former_family_name", models.TextField(blank=True)),
                ("common_name", models.TextField(blank=True)),
                ("family_name_reading", models.TextField(blank=True)),
                ("given_name_reading", models.TextField(blank=True)),
                ("former_family_name_reading", models.TextField(blank=True)),
                ("born_on", models.TextField(blank=True)),
                ("sex", models.TextField(blank=True)),
                ("address_code", models.TextField(blank=True)),
                ("address_prefecture", models.TextField(blank=True)),
                ("address_municipality", models.TextField(blank=True)),
                ("address_town", models.TextField(blank=True)),
                ("address_lot", models.TextField(blank=True)),
                ("address_free_text", models.TextField(blank=True)),
                ("address_building", models.TextField(blank=True)),
                ("individual_number_state", models.TextField(blank=True)),
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "subject_id",
                        "municipality",
                        "epoch",
                        "ordinal",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("subject_id", models.BigIntegerField()),
                ("municipality", models.CharField(max_length=6)),
                ("code", models.CharField(max_length=11)),
            ],
            options={
                "abstract": False,
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
            name="Origin",
            fields=[
                ("party", models.CharField(max_length=6, primary_key=True, serialize=False)),
                ("newest_epoch", models.BigIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="Own",
            fields=[
                ("id", models.PositiveSmallIntegerField(primary_key=True, serialize=False)),
                ("epoch", models.BigIntegerField()),
                ("is_catching_up", models.BooleanField(default=False)),
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
            name="Subject",
            fields=[
                ("subject_id", models.BigAutoField(primary_key=True, serialize=False)),
            ],
        ),
        migrations.CreateModel(
            name="SubjectCode",
            fields=[
                ("code", models.CharField(max_length=11, primary_key=True, serialize=False)),
                ("subject_id", models.BigIntegerField()),
            ],
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
        # what was put there before anything was sent waits too
        migrations.RunSQL(WAITING),
        migrations.RunSQL(CAME_BACK),
    ]

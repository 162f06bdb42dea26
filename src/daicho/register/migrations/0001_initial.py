import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
from django.db import migrations, models

import daicho.access.append_only


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Household",
            fields=[
                ("number", models.CharField(max_length=15, primary_key=True, serialize=False)),
                ("ward", models.CharField(max_length=6)),
                ("householder_id", models.UUIDField(null=True)),
                ("member_count", models.PositiveIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="ProtectiveMeasure",
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
                ("record_id", models.UUIDField(db_index=True)),
                ("provisional", models.BooleanField()),
                ("from_on", models.DateField()),
                ("until_on", models.DateField(null=True)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="RecordCode",
            fields=[
                ("code", models.CharField(max_length=11, primary_key=True, serialize=False)),
                ("record_id", models.UUIDField(null=True, unique=True)),
            ],
        ),
        migrations.CreateModel(
            name="Remark",
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
                        "record_id",
                        "remark_no",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("record_id", models.UUIDField()),
                ("remark_no", models.PositiveIntegerField()),
                ("text", models.TextField(blank=True)),
                ("operator_id", models.BigIntegerField(null=True)),
                ("request_id", models.UUIDField()),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Suppression",
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
                ("record_id", models.UUIDField(db_index=True)),
                ("process", models.CharField(max_length=20)),
                ("level", models.CharField(max_length=10)),
                ("from_on", models.DateField()),
                ("until_on", models.DateField(null=True)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Current",
            fields=[
                ("record_id", models.UUIDField(primary_key=True, serialize=False)),
                ("address_number", models.CharField(max_length=15, unique=True)),
                ("history_no", models.PositiveIntegerField()),
                ("residence_no", models.PositiveSmallIntegerField()),
                ("household_number", models.CharField(max_length=15)),
                ("state", models.CharField(max_length=40)),
                ("ward", models.CharField(max_length=6)),
                ("resident_record_code", models.CharField(blank=True, max_length=11)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["household_number"], name="current_household"),
                    models.Index(
                        condition=models.Q(("resident_record_code", ""), _negated=True),
                        fields=["resident_record_code"],
                        name="current_code",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RecordedChange",
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
                ("body", models.JSONField()),
                (
                    "record_ids",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.UUIDField(), size=None
                    ),
                ),
                ("occurred_on", models.DateField(null=True)),
                ("received_on", models.DateField(null=True)),
                ("processed_on", models.DateField()),
                ("basis", models.CharField(max_length=20)),
                ("article", models.CharField(max_length=40)),
                ("operator_id", models.BigIntegerField(null=True)),
                ("office", models.CharField(blank=True, max_length=10)),
                ("terminal", models.CharField(blank=True, max_length=20)),
                ("ward", models.CharField(max_length=6)),
                ("request_id", models.UUIDField()),
                (
                    "corrects",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="register.recordedchange",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="RecordVersion",
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
                        "record_id",
                        "history_no",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("record_id", models.UUIDField()),
                ("history_no", models.PositiveIntegerField()),
                ("residence_no", models.PositiveSmallIntegerField()),
                ("reason", models.CharField(max_length=40)),
                ("history_remark", models.TextField(blank=True)),
                ("note", models.TextField(blank=True)),
                ("address_number", models.CharField(blank=True, default="", max_length=15)),
                ("household_number", models.CharField(blank=True, default="", max_length=15)),
                ("ward", models.CharField(blank=True, default="", max_length=6)),
                ("resident_class", models.CharField(blank=True, default="", max_length=40)),
                ("state", models.CharField(blank=True, default="", max_length=40)),
                ("remade_on", models.DateField(null=True)),
                ("family_name", models.CharField(blank=True, default="", max_length=50)),
                ("given_name", models.CharField(blank=True, default="", max_length=50)),
                ("roman_name", models.CharField(blank=True, default="", max_length=100)),
                ("kanji_name", models.CharField(blank=True, default="", max_length=100)),
                ("family_name_reading", models.CharField(blank=True, default="", max_length=50)),
                ("given_name_reading", models.CharField(blank=True, default="", max_length=50)),
                ("family_name_kana", models.CharField(blank=True, default="", max_length=50)),
                ("given_name_kana", models.CharField(blank=True, default="", max_length=50)),
                ("foreign_name_kana", models.CharField(blank=True, default="", max_length=100)),
                ("name_kana_confirmed", models.BooleanField(default=False)),
                ("former_family_name", models.CharField(blank=True, default="", max_length=60)),
                (
                    "former_family_name_reading",
                    models.CharField(blank=True, default="", max_length=60),
                ),
                (
                    "former_family_name_kana",
                    models.CharField(blank=True, default="", max_length=60),
                ),
                ("former_family_name_kana_confirmed", models.BooleanField(default=False)),
                ("common_name", models.CharField(blank=True, default="", max_length=100)),
                ("common_name_kana", models.CharField(blank=True, default="", max_length=100)),
                ("common_name_kana_confirmed", models.BooleanField(default=False)),
                ("common_name_entered_on", models.DateField(null=True)),
                (
                    "common_name_entered_municipality",
                    models.CharField(blank=True, default="", max_length=100),
                ),
                (
                    "common_name_entered_municipality_code",
                    models.CharField(blank=True, default="", max_length=6),
                ),
                ("common_name_deleted_on", models.DateField(null=True)),
                (
                    "common_name_deleted_municipality",
                    models.CharField(blank=True, default="", max_length=100),
                ),
                (
                    "common_name_deleted_municipality_code",
                    models.CharField(blank=True, default="", max_length=6),
                ),
                ("name_preference", models.CharField(blank=True, default="", max_length=40)),
                ("mailing_name", models.CharField(blank=True, default="", max_length=40)),
                ("born_on", models.CharField(blank=True, default="", max_length=48)),
                ("sex", models.CharField(blank=True, default="", max_length=40)),
                ("householder_name", models.CharField(blank=True, default="", max_length=200)),
                ("householder_name_kana", models.CharField(blank=True, default="", max_length=101)),
                ("relationship", models.CharField(blank=True, default="", max_length=40)),
                ("position", models.PositiveSmallIntegerField(null=True)),
                ("registered_domicile", models.CharField(blank=True, default="", max_length=200)),
                (
                    "registered_domicile_code",
                    models.CharField(blank=True, default="", max_length=11),
                ),
                ("family_register_head", models.CharField(blank=True, default="", max_length=100)),
                ("resident_since_on", models.CharField(blank=True, default="", max_length=48)),
                ("address_code", models.CharField(blank=True, default="", max_length=11)),
                ("address_postal_code", models.CharField(blank=True, default="", max_length=7)),
                ("address_prefecture", models.CharField(blank=True, default="", max_length=4)),
                ("address_municipality", models.CharField(blank=True, default="", max_length=12)),
                ("address_town", models.CharField(blank=True, default="", max_length=60)),
                ("address_lot", models.CharField(blank=True, default="", max_length=50)),
                ("address_free_text", models.CharField(blank=True, default="", max_length=300)),
                ("address_building", models.CharField(blank=True, default="", max_length=300)),
                ("address_since_on", models.CharField(blank=True, default="", max_length=48)),
                ("notified_on", models.DateField(null=True)),
                ("previous_address_code", models.CharField(blank=True, default="", max_length=11)),
                (
                    "previous_address_postal_code",
                    models.CharField(blank=True, default="", max_length=7),
                ),
                (
                    "previous_address_prefecture",
                    models.CharField(blank=True, default="", max_length=4),
                ),
                (
                    "previous_address_municipality",
                    models.CharField(blank=True, default="", max_length=12),
                ),
                ("previous_address_town", models.CharField(blank=True, default="", max_length=60)),
                ("previous_address_lot", models.CharField(blank=True, default="", max_length=50)),
                (
                    "previous_address_free_text",
                    models.CharField(blank=True, default="", max_length=300),
                ),
                (
                    "previous_address_building",
                    models.CharField(blank=True, default="", max_length=300),
                ),
                (
                    "last_registered_address",
                    models.CharField(blank=True, default="", max_length=600),
                ),
                (
                    "individual_number_state",
                    models.CharField(blank=True, default="", max_length=40),
                ),
                ("resident_record_code", models.CharField(blank=True, default="", max_length=11)),
                ("electoral_roll", models.BooleanField(default=False)),
                ("national_health_insurance", models.BooleanField(default=False)),
                ("national_health_insurance_acquired_on", models.DateField(null=True)),
                ("national_health_insurance_lost_on", models.DateField(null=True)),
                ("elderly_medical_care", models.BooleanField(default=False)),
                ("elderly_medical_care_acquired_on", models.DateField(null=True)),
                ("elderly_medical_care_lost_on", models.DateField(null=True)),
                ("long_term_care_insurance", models.BooleanField(default=False)),
                ("long_term_care_insurance_acquired_on", models.DateField(null=True)),
                ("long_term_care_insurance_lost_on", models.DateField(null=True)),
                ("national_pension", models.BooleanField(default=False)),
                ("basic_pension_number", models.CharField(blank=True, default="", max_length=10)),
                ("national_pension_kind", models.CharField(blank=True, default="", max_length=40)),
                ("national_pension_kind_changed_on", models.DateField(null=True)),
                ("national_pension_acquired_on", models.DateField(null=True)),
                ("national_pension_lost_on", models.DateField(null=True)),
                (
                    "child_allowance_from_month",
                    models.CharField(blank=True, default="", max_length=7),
                ),
                (
                    "child_allowance_until_month",
                    models.CharField(blank=True, default="", max_length=7),
                ),
                ("nationality", models.CharField(blank=True, default="", max_length=50)),
                ("nationality_code", models.CharField(blank=True, default="", max_length=3)),
                (
                    "foreign_resident_since_on",
                    models.CharField(blank=True, default="", max_length=48),
                ),
                ("old_registration_on", models.CharField(blank=True, default="", max_length=48)),
                ("foreign_class", models.CharField(blank=True, default="", max_length=40)),
                ("residence_status", models.CharField(blank=True, default="", max_length=40)),
                ("period_of_stay", models.CharField(blank=True, default="", max_length=100)),
                ("period_of_stay_expires_on", models.DateField(null=True)),
                ("residence_card_number", models.CharField(blank=True, default="", max_length=12)),
                (
                    "special_permanent_resident_certificate_number",
                    models.CharField(blank=True, default="", max_length=12),
                ),
                ("landing_period", models.CharField(blank=True, default="", max_length=100)),
                (
                    "provisional_stay_period",
                    models.CharField(blank=True, default="", max_length=100),
                ),
                ("dwelling_notified", models.BooleanField(default=False)),
                ("moved_in_by_landing_permit", models.BooleanField(default=False)),
                ("individual_number_card", models.CharField(blank=True, default="", max_length=40)),
                ("resident_card", models.CharField(blank=True, default="", max_length=40)),
                ("adult_ward", models.BooleanField(default=False)),
                ("processed_on", models.DateField(null=True)),
                (
                    "signature_certificate_serial",
                    models.CharField(blank=True, default="", max_length=64),
                ),
                (
                    "user_certificate_serial",
                    models.CharField(blank=True, default="", max_length=64),
                ),
                ("closing_reason", models.CharField(blank=True, default="", max_length=40)),
                ("closing_event_on", models.CharField(blank=True, default="", max_length=48)),
                (
                    "planned_destination_code",
                    models.CharField(blank=True, default="", max_length=11),
                ),
                (
                    "planned_destination_postal_code",
                    models.CharField(blank=True, default="", max_length=7),
                ),
                (
                    "planned_destination_prefecture",
                    models.CharField(blank=True, default="", max_length=4),
                ),
                (
                    "planned_destination_municipality",
                    models.CharField(blank=True, default="", max_length=12),
                ),
                (
                    "planned_destination_town",
                    models.CharField(blank=True, default="", max_length=60),
                ),
                (
                    "planned_destination_lot",
                    models.CharField(blank=True, default="", max_length=50),
                ),
                (
                    "planned_destination_free_text",
                    models.CharField(blank=True, default="", max_length=300),
                ),
                (
                    "planned_destination_building",
                    models.CharField(blank=True, default="", max_length=300),
                ),
                (
                    "confirmed_destination_code",
                    models.CharField(blank=True, default="", max_length=11),
                ),
                (
                    "confirmed_destination_postal_code",
                    models.CharField(blank=True, default="", max_length=7),
                ),
                (
                    "confirmed_destination_prefecture",
                    models.CharField(blank=True, default="", max_length=4),
                ),
                (
                    "confirmed_destination_municipality",
                    models.CharField(blank=True, default="", max_length=12),
                ),
                (
                    "confirmed_destination_town",
                    models.CharField(blank=True, default="", max_length=60),
                ),
                (
                    "confirmed_destination_lot",
                    models.CharField(blank=True, default="", max_length=50),
                ),
                (
                    "confirmed_destination_free_text",
                    models.CharField(blank=True, default="", max_length=300),
                ),
                (
                    "confirmed_destination_building",
                    models.CharField(blank=True, default="", max_length=300),
                ),
                ("closing_notified_on", models.DateField(null=True)),
                ("moved_in_notice_on", models.DateField(null=True)),
                ("moved_out_on", models.DateField(null=True)),
                ("closed_on", models.DateField(null=True)),
                (
                    "change",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="register.recordedchange",
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="recordedchange",
            index=django.contrib.postgres.indexes.GinIndex(fields=["record_ids"], name="change_of"),
        ),
        migrations.AddConstraint(
            model_name="recordedchange",
            constraint=models.UniqueConstraint(
                condition=models.Q(("kind", "imported"), _negated=True),
                fields=("request_id",),
                name="one_change_a_request",
            ),
        ),
        migrations.AddIndex(
            model_name="recordversion",
            index=models.Index(fields=["household_number"], name="version_household"),
        ),
    ]

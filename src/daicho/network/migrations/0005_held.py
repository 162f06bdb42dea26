"""保存本人確認情報: what is held above a municipality."""

from django.db import migrations, models

import daicho.access.append_only


class Migration(migrations.Migration):
    dependencies = [("network", "0004_messages")]

    operations = [
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
    ]

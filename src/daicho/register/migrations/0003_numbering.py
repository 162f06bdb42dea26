"""The running part of new 宛名番号 and 世帯番号."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("register", "0002_search_key")]
    operations = [
        migrations.RunSQL("CREATE SEQUENCE register_address_number"),
        migrations.RunSQL("CREATE SEQUENCE register_household_number"),
    ]

"""記録の大きさ: what no query asks for is not kept.

Numbers are found by the tokens of the search keys and compared in the versions, 住民票コード too;
nothing looks for the beginning of a key, which is what the indexes named `like` are for.
"""

from django.db import migrations

UNUSED = (
    "register_current_address_number_6c57ccc5_like",
    "register_household_number_0ee4b950_like",
    "register_recordcode_code_3ca804b2_like",
)


class Migration(migrations.Migration):
    dependencies = [("register", "0005_address_code")]
    operations = [
        migrations.RemoveField(model_name="searchkey", name="numbers"),
        migrations.RemoveIndex(model_name="current", name="current_code"),
        *(migrations.RunSQL(f"DROP INDEX {name}") for name in UNUSED),
    ]

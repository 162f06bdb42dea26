"""住所コードの索引: for the search by it (標準仕様書 2.1.3); blank codes are left out."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("register", "0004_receptions")]
    operations = [
        migrations.RunSQL(
            "CREATE INDEX version_address_code ON register_recordversion (address_code)"
            " WHERE address_code <> ''"
        ),
    ]

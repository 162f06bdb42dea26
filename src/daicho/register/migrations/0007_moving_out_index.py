"""転出予定の索引: who plans to move out is found without reading every resident."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("register", "0006_smaller_records")]
    operations = [
        migrations.AddIndex(
            model_name="searchkey",
            index=models.Index(
                condition=models.Q(
                    closing_reason__in=["moved_out", "moved_out_abroad"], state="living"
                ),
                fields=["record_id"],
                name="search_moving_out",
            ),
        ),
    ]

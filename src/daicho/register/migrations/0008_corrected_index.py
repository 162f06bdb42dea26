"""訂正先の索引: what corrects or cancels a change is found without reading the ledger."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("register", "0007_moving_out_index")]
    operations = [
        migrations.AddIndex(
            model_name="recordedchange",
            index=models.Index(
                condition=models.Q(corrects__isnull=False),
                fields=["corrects"],
                name="change_corrected",
            ),
        ),
    ]

"""異動の索引: what one change causes to be sent is found without reading all that was sent."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("network", "0001_initial")]
    operations = [
        migrations.AddIndex(
            model_name="outbox",
            index=models.Index(fields=["change_id"], name="outbox_change"),
        ),
    ]

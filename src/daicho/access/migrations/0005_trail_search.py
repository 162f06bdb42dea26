"""利用記録の検索: whom a row of the trail concerns is found by an index."""

import django.contrib.postgres.indexes
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("access", "0004_trail_proof")]

    operations = [
        migrations.AddIndex(
            model_name="trailsubjects",
            index=django.contrib.postgres.indexes.GinIndex(
                condition=models.Q(("record_ids", []), _negated=True),
                fields=["record_ids"],
                name="trail_subjects",
            ),
        ),
    ]

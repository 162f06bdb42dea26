import django.contrib.postgres.fields
import django.contrib.postgres.indexes
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("register", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="SearchKey",
            fields=[
                ("record_id", models.UUIDField(primary_key=True, serialize=False)),
                ("history_no", models.PositiveIntegerField()),
                (
                    "tokens",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.IntegerField(), size=None
                    ),
                ),
                ("kana", models.TextField()),
                ("kanji", models.TextField()),
                ("roman", models.TextField()),
                ("address", models.TextField()),
                ("building", models.TextField()),
                ("numbers", models.TextField()),
                ("born_from", models.DateField(null=True)),
                ("born_until", models.DateField(null=True)),
                ("sex", models.CharField(max_length=40)),
                ("state", models.CharField(max_length=40)),
                ("closing_reason", models.CharField(max_length=40)),
            ],
            options={
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["tokens"], gin_pending_list_limit=512, name="search_tokens"
                    )
                ],
            },
        ),
    ]

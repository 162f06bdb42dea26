"""住民票コードの備え: a record whose code was changed has been given more than one."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("register", "0011_nobody_who_lives_here")]

    operations = [
        migrations.AlterField(
            model_name="recordcode",
            name="record_id",
            field=models.UUIDField(db_index=True, null=True),
        ),
    ]

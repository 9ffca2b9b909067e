import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("candidates", "0007_notices_printed_until_now")]

    operations = [
        migrations.AddField(
            model_name="application",
            name="passed_images",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.UUIDField(),
                db_default=[],  # code that runs beside this migration does not know the column
                default=list,
                size=None,
                verbose_name="退回时已合格的图片",
            ),
        ),
    ]

"""The column is named as elsewhere, in the back office; nothing in the database changes."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("candidates", "0014_further_institutions"),
    ]

    operations = [
        migrations.AlterField(
            model_name="application",
            name="residency",
            field=models.CharField(
                choices=[
                    ("mainland", "大陆"),
                    ("hongkong", "香港"),
                    ("macao", "澳门"),
                    ("taiwan", "台湾"),
                    ("foreign", "外籍"),
                ],
                max_length=8,
                verbose_name="考生身份",
            ),
        ),
    ]

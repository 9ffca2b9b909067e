import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("materials", "0003_one_index_of_an_applications_pictures"),
    ]

    operations = [
        migrations.CreateModel(
            name="UploadCost",
            fields=[
                (
                    "account",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="账号",
                    ),
                ),
                ("seconds", models.FloatField(verbose_name="处理图片用时（CPU 秒）")),
                ("at", models.DateTimeField(verbose_name="时间")),
            ],
            options={
                "verbose_name": "上传用时",
                "verbose_name_plural": "上传用时",
            },
        ),
        # a crash may forget it, and its commits wait for no disk
        migrations.RunSQL(
            "ALTER TABLE materials_uploadcost SET UNLOGGED", "ALTER TABLE materials_uploadcost SET LOGGED"
        ),
    ]

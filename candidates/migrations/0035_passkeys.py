import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("candidates", "0034_one_time_passwords_until_now")]

    operations = [
        migrations.CreateModel(
            name="Passkey",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("label", models.CharField(max_length=30, verbose_name="名称")),
                ("credential", models.BinaryField(max_length=1023, unique=True, verbose_name="凭据标识")),
                ("public_key", models.BinaryField(verbose_name="公钥")),
                ("uses", models.PositiveBigIntegerField(default=0, verbose_name="使用次数")),
                ("added_at", models.DateTimeField(verbose_name="添加时间")),
                ("used_at", models.DateTimeField(null=True, verbose_name="最近使用时间")),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="passkeys",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="账号",
                    ),
                ),
            ],
            options={"verbose_name": "通行密钥", "verbose_name_plural": "通行密钥", "ordering": ["id"]},
        ),
    ]

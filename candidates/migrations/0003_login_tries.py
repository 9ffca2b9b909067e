from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("candidates", "0002_login_sessions")]

    operations = [
        migrations.CreateModel(
            name="LoginTries",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("account_hash", models.CharField(max_length=64, verbose_name="账号索引")),
                ("place_hash", models.CharField(max_length=64, verbose_name="来源索引")),
                ("is_known", models.BooleanField(verbose_name="登录过的浏览器")),
                ("failures", models.PositiveIntegerField(default=0, verbose_name="连续失败次数")),
                ("last_at", models.DateTimeField(db_index=True, verbose_name="最近一次失败时间")),
                ("paused_until", models.DateTimeField(verbose_name="暂停至")),
            ],
            options={
                "verbose_name": "登录失败",
                "verbose_name_plural": "登录失败",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("account_hash", "place_hash"), name="one_count_of_an_account_and_place"
                    )
                ],
            },
        ),
    ]

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("candidates", "0032_check_runs")]

    operations = [
        migrations.AddField(
            model_name="loginsession",
            name="last_at",
            field=models.DateTimeField(null=True, verbose_name="最近使用时间"),
        ),
        migrations.AddField(
            model_name="account",
            name="password_given_at",
            field=models.DateTimeField(editable=False, null=True, verbose_name="一次性密码设置时间"),
        ),
    ]

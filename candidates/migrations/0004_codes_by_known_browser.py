from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("candidates", "0003_login_tries")]

    operations = [
        migrations.AddField(
            model_name="onetimecode",
            name="is_known",
            field=models.BooleanField(db_default=False, default=False, verbose_name="登录过的浏览器"),
        ),
    ]

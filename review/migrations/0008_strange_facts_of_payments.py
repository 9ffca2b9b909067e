from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("review", "0001_squashed_0007_providers_by_name")]

    operations = [
        migrations.AddField(
            "payment",
            "strange",
            models.TextField("渠道通知中的异常内容", blank=True, default="", db_default=""),
        )
    ]

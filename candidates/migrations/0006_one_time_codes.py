from django.db import migrations, models
from django.db.models import Q

PURPOSES = [("password", "重置密码"), ("mobile", "确认手机号码")]


class Migration(migrations.Migration):
    """Codes for passwords become codes of any purpose; the table keeps its name, old code goes on with it."""

    dependencies = [
        ("candidates", "0005_fill_counters"),
    ]

    operations = [
        migrations.AlterModelTable("PasswordReset", "candidates_passwordreset"),
        migrations.RenameModel("PasswordReset", "OneTimeCode"),
        migrations.AlterModelOptions("OneTimeCode", {"verbose_name": "验证码", "verbose_name_plural": "验证码"}),
        migrations.AddField(
            "OneTimeCode",
            "purpose",
            models.CharField("用途", max_length=8, default="password", db_default="password", choices=PURPOSES),
        ),
        migrations.AddField(
            "OneTimeCode",
            "address_hash",
            models.CharField("网络地址索引", max_length=64, blank=True, default="", db_default=""),
        ),
        migrations.AddIndex("OneTimeCode", models.Index(name="code_by_address", fields=["address_hash", "sent_at"])),
        migrations.AddConstraint(
            "OneTimeCode",
            models.CheckConstraint(name="code_has_a_purpose", condition=Q(purpose__in=["password", "mobile"])),
        ),
    ]

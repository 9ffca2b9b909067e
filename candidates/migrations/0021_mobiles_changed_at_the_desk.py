import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import candidates.models.sealed


class Migration(migrations.Migration):
    dependencies = [
        ("candidates", "0020_messages_have_a_kind"),
    ]

    operations = [
        migrations.CreateModel(
            name="MobileChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("mobile", candidates.models.sealed.EncryptedField(editable=True, verbose_name="新的手机号码")),
                ("reason", models.TextField(max_length=200, verbose_name="原因")),
                ("token", models.UUIDField(verbose_name="验证码的请求编号")),
                ("asked_at", models.DateTimeField(verbose_name="申请时间")),
                ("code_at", models.DateTimeField(null=True, verbose_name="新号码确认时间")),
                ("agreed_at", models.DateTimeField(null=True, verbose_name="确认时间")),
                ("changed_on", models.DateField(null=True, verbose_name="更改日期")),
                ("dropped_at", models.DateTimeField(null=True, verbose_name="作废时间")),
            ],
            options={
                "verbose_name": "更换手机号码",
                "verbose_name_plural": "更换手机号码",
                "ordering": ["-id"],
            },
        ),
        migrations.AddField(
            model_name="account",
            name="contact_changed_at",
            field=models.DateTimeField(null=True, verbose_name="联系方式更改时间"),
        ),
        migrations.AddField(
            model_name="account",
            name="former_contact",
            field=candidates.models.sealed.EncryptedField(editable=True, null=True, verbose_name="原联系方式"),
        ),
        migrations.AddConstraint(
            model_name="account",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("former_contact__isnull", True), ("contact_changed_at__isnull", False), _connector="OR"
                ),
                name="a_former_contact_was_changed_at_some_time",
            ),
        ),
        migrations.AddField(
            model_name="mobilechange",
            name="account",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="mobile_changes",
                to=settings.AUTH_USER_MODEL,
                verbose_name="考生",
            ),
        ),
        migrations.AddField(
            model_name="mobilechange",
            name="agreed_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="确认人",
            ),
        ),
        migrations.AddField(
            model_name="mobilechange",
            name="application",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="candidates.application",
                verbose_name="报名",
            ),
        ),
        migrations.AddField(
            model_name="mobilechange",
            name="asked_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="申请人",
            ),
        ),
        migrations.AddConstraint(
            model_name="mobilechange",
            constraint=models.UniqueConstraint(
                condition=models.Q(("agreed_at", None), ("dropped_at", None)),
                fields=("account",),
                name="one_open_change_of_mobile",
            ),
        ),
        migrations.AddConstraint(
            model_name="mobilechange",
            constraint=models.UniqueConstraint(fields=("account", "changed_on"), name="one_change_of_mobile_a_day"),
        ),
        migrations.AddConstraint(
            model_name="mobilechange",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("agreed_by", None), models.Q(("agreed_by", models.F("asked_by")), _negated=True), _connector="OR"
                ),
                name="mobile_is_changed_by_two_people",
            ),
        ),
        migrations.AddConstraint(
            model_name="mobilechange",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("agreed_at", None), ("agreed_by", None), ("changed_on", None)),
                    models.Q(
                        ("agreed_at__isnull", False),
                        ("agreed_by__isnull", False),
                        ("changed_on__isnull", False),
                        ("code_at__isnull", False),
                        ("dropped_at", None),
                    ),
                    _connector="OR",
                ),
                name="mobile_change_is_agreed_to_as_a_whole",
            ),
        ),
    ]

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import candidates.models.sealed


class Migration(migrations.Migration):
    """Messages get a kind, parameters and deliveries. What the version before writes has neither, and its words are
    read as they were; its workers are stopped first, since they know no kinds."""

    dependencies = [
        ("candidates", "0019_clean_text"),
    ]

    operations = [
        migrations.CreateModel(
            name="Delivery",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "channel",
                    models.CharField(choices=[("sms", "短信"), ("mail", "邮件")], max_length=4, verbose_name="渠道"),
                ),
                ("sender", models.CharField(max_length=80, verbose_name="服务商")),
                ("at", models.DateTimeField(verbose_name="时间")),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "发送中"),
                            ("sent", "已发送"),
                            ("unreachable", "号码或邮箱不可达"),
                            ("refused", "被服务商拒绝"),
                            ("later", "稍后再试"),
                            ("perhaps", "结果不明"),
                        ],
                        default="",
                        max_length=11,
                        verbose_name="结果",
                    ),
                ),
                ("code", models.CharField(blank=True, max_length=80, verbose_name="服务商的回答")),
                ("provider_id", models.CharField(blank=True, max_length=80, verbose_name="服务商的编号")),
                ("delivered_at", models.DateTimeField(null=True, verbose_name="送达时间")),
                ("failed_at", models.DateTimeField(null=True, verbose_name="未送达时间")),
            ],
            options={
                "verbose_name": "发送",
                "verbose_name_plural": "发送",
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="SmsCount",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField(verbose_name="日期")),
                ("kind", models.CharField(max_length=24, verbose_name="种类")),
                ("number", models.PositiveIntegerField(default=0, verbose_name="条数")),
            ],
            options={
                "verbose_name": "短信条数",
                "verbose_name_plural": "短信条数",
                "ordering": ["-day", "kind"],
            },
        ),
        migrations.RemoveIndex(
            model_name="message",
            name="message_due",
        ),
        # the words of messages until now stay where they are, under another name
        migrations.AlterField(
            "message",
            "subject",
            models.CharField(db_column="subject", db_default="", default="", max_length=80, verbose_name="标题"),
        ),
        migrations.AlterField(
            "message", "text", models.TextField(db_column="text", db_default="", default="", verbose_name="内容")
        ),
        migrations.RenameField("message", "subject", "old_subject"),
        migrations.RenameField("message", "text", "old_text"),
        migrations.AddField(
            model_name="account",
            name="no_mail",
            field=models.BooleanField(db_default=False, default=False, verbose_name="不发邮件"),
        ),
        migrations.AddField(
            model_name="account",
            name="no_sms",
            field=models.BooleanField(db_default=False, default=False, verbose_name="不发短信"),
        ),
        migrations.AddField(
            model_name="message",
            name="channel",
            field=models.CharField(db_default="", default="", max_length=4, verbose_name="下一渠道"),
        ),
        migrations.AddField(
            model_name="message",
            name="contact",
            field=candidates.models.sealed.EncryptedField(editable=True, null=True, verbose_name="发往"),
        ),
        migrations.AddField(
            model_name="message",
            name="doubtful_at",
            field=models.DateTimeField(null=True, verbose_name="结果不明的时间"),
        ),
        migrations.AddField(
            model_name="message",
            name="kind",
            field=models.CharField(db_default="", default="", max_length=24, verbose_name="种类"),
        ),
        migrations.AddField(
            model_name="message",
            name="parameters",
            field=candidates.models.sealed.EncryptedField(editable=True, null=True, verbose_name="参数"),
        ),
        migrations.AddField(
            model_name="message",
            name="urgency",
            field=models.PositiveSmallIntegerField(db_default=2, default=2, verbose_name="缓急"),
        ),
        migrations.AlterField(
            model_name="message",
            name="account",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="inbox",
                to=settings.AUTH_USER_MODEL,
                verbose_name="账号",
            ),
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(
                condition=models.Q(("next_try_at__isnull", False)),
                fields=["urgency", "next_try_at", "id"],
                name="message_by_urgency",
            ),
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(
                condition=models.Q(("doubtful_at__isnull", False)), fields=["doubtful_at"], name="message_doubtful"
            ),
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(condition=models.Q(("kind", "code")), fields=["at"], name="message_code"),
        ),
        migrations.AddConstraint(
            model_name="message",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("doubtful_at", None),
                    models.Q(("claimed_at", None), ("next_try_at", None), ("sent_at", None), ("unreachable_at", None)),
                    _connector="OR",
                ),
                name="doubtful_message_has_no_other_outcome",
            ),
        ),
        migrations.AddConstraint(
            model_name="message",
            constraint=models.CheckConstraint(
                condition=models.Q(("account__isnull", False), ("kind__in", ["code", "test"]), _connector="OR"),
                name="message_is_for_somebody",
            ),
        ),
        migrations.AddField(
            model_name="delivery",
            name="message",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="deliveries",
                to="candidates.message",
                verbose_name="消息",
            ),
        ),
        migrations.AddConstraint(
            model_name="smscount",
            constraint=models.UniqueConstraint(fields=("day", "kind"), name="one_count_a_day_and_kind"),
        ),
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(
                condition=models.Q(("provider_id", ""), _negated=True),
                fields=["provider_id"],
                name="delivery_by_provider_id",
            ),
        ),
        migrations.AddConstraint(
            model_name="delivery",
            constraint=models.UniqueConstraint(
                condition=models.Q(("outcome__in", ["", "sent", "perhaps"])),
                fields=("message", "channel"),
                name="nobody_is_told_twice_by_one_channel",
            ),
        ),
        migrations.AddConstraint(
            model_name="delivery",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("delivered_at", None), ("failed_at", None)),
                    ("outcome__in", ["sent", "perhaps"]),
                    _connector="OR",
                ),
                name="only_what_was_sent_has_a_receipt",
            ),
        ),
    ]

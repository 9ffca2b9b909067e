import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("review", "0025_terms_of_levels"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ReviewerAct",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "act",
                    models.CharField(
                        choices=[
                            ("created", "新建"),
                            ("disabled", "停用"),
                            ("enabled", "启用"),
                            ("password", "重设密码"),
                            ("second_factor", "重设两步验证"),
                            ("head", "设为负责人"),
                            ("no_head", "不再担任负责人"),
                        ],
                        max_length=13,
                        verbose_name="办理",
                    ),
                ),
                ("at", models.DateTimeField(verbose_name="时间")),
                (
                    "account",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="审核员",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="办理人",
                    ),
                ),
            ],
            options={
                "verbose_name": "审核员账号的办理",
                "verbose_name_plural": "审核员账号的办理",
                "ordering": ["-id"],
                "indexes": [models.Index(fields=["account", "-at"], name="acts_on_an_account")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "act__in",
                                ["created", "disabled", "enabled", "password", "second_factor", "head", "no_head"],
                            )
                        ),
                        name="reviewer_act_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("account", models.F("by")), _negated=True),
                        name="nobody_acts_on_the_own_account",
                    ),
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="revieweract",
            trigger=pgtrigger.compiler.Trigger(
                name="reviewer_acts_are_append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="20b066111cdb6b167d23816e21cc372edb6af7ea",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_reviewer_acts_are_append_only_6c4a2",
                    table="review_revieweract",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="revieweract",
            trigger=pgtrigger.compiler.Trigger(
                name="reviewer_acts_are_not_truncated",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'the rows of % are append-only', TG_TABLE_NAME;",
                    hash="7a2aa2b45396dc87d9fa8744e6cfccaa9b7c4a09",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_reviewer_acts_are_not_truncated_bb6a6",
                    table="review_revieweract",
                    when="BEFORE",
                ),
            ),
        ),
    ]

import django.db.models.deletion
import pghistory.utils
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

import candidates.models.kind_rule


class Migration(migrations.Migration):
    dependencies = [
        ("candidates", "0021_mobiles_changed_at_the_desk"),
    ]

    operations = [
        migrations.CreateModel(
            name="KindRuleEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("id", models.BigIntegerField()),
                ("kind", models.CharField(max_length=24, verbose_name="消息种类")),
                (
                    "order",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "缺省（按缓急）"),
                            ("sms,mail", "先短信，后邮件"),
                            ("mail,sms", "先邮件，后短信"),
                            ("sms", "只发短信"),
                            ("mail", "只发邮件"),
                            ("portal", "只在站内"),
                        ],
                        default="",
                        max_length=8,
                        verbose_name="渠道",
                    ),
                ),
                (
                    "days",
                    models.CharField(
                        blank=True,
                        default="",
                        help_text="只用于提醒：截止前几天提醒，例如 7,3,1。留空用缺省的日子。",
                        max_length=20,
                        validators=[candidates.models.kind_rule.are_days],
                        verbose_name="提醒日子",
                    ),
                ),
            ],
            options={
                "verbose_name": "消息规则的更改历史",
                "verbose_name_plural": "消息规则的更改历史",
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="KindRule",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=24, unique=True, verbose_name="消息种类")),
                (
                    "order",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "缺省（按缓急）"),
                            ("sms,mail", "先短信，后邮件"),
                            ("mail,sms", "先邮件，后短信"),
                            ("sms", "只发短信"),
                            ("mail", "只发邮件"),
                            ("portal", "只在站内"),
                        ],
                        default="",
                        max_length=8,
                        verbose_name="渠道",
                    ),
                ),
                (
                    "days",
                    models.CharField(
                        blank=True,
                        default="",
                        help_text="只用于提醒：截止前几天提醒，例如 7,3,1。留空用缺省的日子。",
                        max_length=20,
                        validators=[candidates.models.kind_rule.are_days],
                        verbose_name="提醒日子",
                    ),
                ),
            ],
            options={
                "verbose_name": "消息规则",
                "verbose_name_plural": "消息规则",
                "ordering": ["kind"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("order__in", ["", "sms,mail", "mail,sms", "sms", "mail", "portal"])),
                        name="kind_rule_has_an_order",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["code", "test"]), ("order", "portal"), _negated=True),
                        name="a_code_is_sent_somewhere",
                        violation_error_message="验证码不能只在站内。",
                    ),
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="kindrule",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "candidates_kindruleevent" ("days", "id", "kind", "order", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."days", NEW."id", NEW."kind", NEW."order", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'insert\', NEW."id"); RETURN NULL;',
                    hash="3208045617a2ff998696d3531639895a95408b1c",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_876ff",
                    table="candidates_kindrule",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="kindrule",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "candidates_kindruleevent" ("days", "id", "kind", "order", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."days", NEW."id", NEW."kind", NEW."order", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', NEW."id"); RETURN NULL;',
                    hash="48a08fcc96995a725637689af527e8bd12f8ec5c",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_101db",
                    table="candidates_kindrule",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="kindrule",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "candidates_kindruleevent" ("days", "id", "kind", "order", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (OLD."days", OLD."id", OLD."kind", OLD."order", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', OLD."id"); RETURN NULL;',
                    hash="ce7a39df10bf97025f213072afcab2355759d040",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_28f5b",
                    table="candidates_kindrule",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddField(
            model_name="kindruleevent",
            name="pgh_obj",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="history",
                related_query_name="history",
                to="candidates.kindrule",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="kindruleevent",
            trigger=pgtrigger.compiler.Trigger(
                name="history_is_not_truncated",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'the rows of % are append-only', TG_TABLE_NAME;",
                    hash="ef5c2e550b78a1f9c41bd2e79b5337bd5383b61d",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_history_is_not_truncated_90683",
                    table="candidates_kindruleevent",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="kindruleevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="076cdaac6dbaf932c5fbc8fc070089e2ee6eec1b",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_7c16e",
                    table="candidates_kindruleevent",
                    when="BEFORE",
                ),
            ),
        ),
    ]

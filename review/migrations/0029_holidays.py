import datetime

import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.comparison
import pghistory.utils
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("review", "0028_deputies"),
    ]

    operations = [
        migrations.CreateModel(
            name="HolidayEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("id", models.BigIntegerField()),
                ("name", models.CharField(help_text="例如：国庆节、国庆节调休。", max_length=20, verbose_name="名称")),
                ("first_day", models.DateField(verbose_name="从")),
                ("last_day", models.DateField(verbose_name="至")),
                (
                    "is_worked",
                    models.BooleanField(
                        choices=[(False, "放假"), (True, "上班")],
                        default=False,
                        help_text="没有登记的：星期一至五上班。",
                        verbose_name="这些天",
                    ),
                ),
            ],
            options={
                "verbose_name": "放假与调休的更改历史",
                "verbose_name_plural": "放假与调休的更改历史",
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Holiday",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(help_text="例如：国庆节、国庆节调休。", max_length=20, verbose_name="名称")),
                ("first_day", models.DateField(verbose_name="从")),
                ("last_day", models.DateField(verbose_name="至")),
                (
                    "is_worked",
                    models.BooleanField(
                        choices=[(False, "放假"), (True, "上班")],
                        default=False,
                        help_text="没有登记的：星期一至五上班。",
                        verbose_name="这些天",
                    ),
                ),
            ],
            options={
                "verbose_name": "放假与调休",
                "verbose_name_plural": "放假与调休",
                "ordering": ["-first_day"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("last_day__gte", models.F("first_day"))),
                        name="holiday_ends_after_it_begins",
                        violation_error_message="最后一天不能早于第一天。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "last_day__lte",
                                django.db.models.expressions.CombinedExpression(
                                    models.F("first_day"), "+", models.Value(datetime.timedelta(days=30))
                                ),
                            )
                        ),
                        name="holiday_is_a_month_at_most",
                        violation_error_message="一次最多登记一个月。",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[
                            (
                                models.Func(
                                    django.db.models.functions.comparison.Least("first_day", "last_day"),
                                    django.db.models.functions.comparison.Greatest("first_day", "last_day"),
                                    models.Value("[]"),
                                    function="daterange",
                                    output_field=django.contrib.postgres.fields.ranges.DateRangeField(),
                                ),
                                "&&",
                            )
                        ],
                        name="no_day_is_told_twice",
                        violation_error_message="其中有的日子已经登记过。",
                    ),
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="holiday",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "review_holidayevent" ("first_day", "id", "is_worked", "last_day", "name", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."first_day", NEW."id", NEW."is_worked", NEW."last_day", NEW."name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'insert\', NEW."id"); RETURN NULL;',
                    hash="19d7b18b1df1948a0d866797f54564dda236be52",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_24d0c",
                    table="review_holiday",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="holiday",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "review_holidayevent" ("first_day", "id", "is_worked", "last_day", "name", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."first_day", NEW."id", NEW."is_worked", NEW."last_day", NEW."name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', NEW."id"); RETURN NULL;',
                    hash="4f3783293d1c0225818e936f903fe6461c210078",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_81ede",
                    table="review_holiday",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="holiday",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "review_holidayevent" ("first_day", "id", "is_worked", "last_day", "name", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (OLD."first_day", OLD."id", OLD."is_worked", OLD."last_day", OLD."name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', OLD."id"); RETURN NULL;',
                    hash="029f368076cb975799f5bbe4e999e30b3281e66c",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_773bf",
                    table="review_holiday",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddField(
            model_name="holidayevent",
            name="pgh_obj",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="history",
                related_query_name="history",
                to="review.holiday",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="holidayevent",
            trigger=pgtrigger.compiler.Trigger(
                name="history_is_not_truncated",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'the rows of % are append-only', TG_TABLE_NAME;",
                    hash="cb0d2e7702a5816e29af0e085622b6247bb5a46d",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_history_is_not_truncated_b739e",
                    table="review_holidayevent",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="holidayevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="fff103d98100172cc5e3204abe8cb318fb11ef9a",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_4ffe6",
                    table="review_holidayevent",
                    when="BEFORE",
                ),
            ),
        ),
    ]

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("candidates", "0036_looks_and_consents"),
        ("review", "0034_backups"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ExportMade",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=12, verbose_name="内容")),
                ("held", models.JSONField(default=dict, verbose_name="范围")),
                ("number", models.PositiveIntegerField(default=0, verbose_name="申请数")),
                ("at", models.DateTimeField(verbose_name="时间")),
                (
                    "account",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="导出人",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="candidates.unit",
                        verbose_name="单位",
                    ),
                ),
            ],
            options={
                "verbose_name": "导出记录",
                "verbose_name_plural": "导出记录",
                "ordering": ["-id"],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="exportmade",
            trigger=pgtrigger.compiler.Trigger(
                name="exports_made_are_append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="5e1e56b08f6912da407a58cbfb0ba74b91fc2446",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_exports_made_are_append_only_37253",
                    table="review_exportmade",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="exportmade",
            trigger=pgtrigger.compiler.Trigger(
                name="exports_made_are_not_truncated",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'the rows of % are append-only', TG_TABLE_NAME;",
                    hash="e4493698e97df5b3f155a369db8c3405a9f7ff65",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_exports_made_are_not_truncated_def08",
                    table="review_exportmade",
                    when="BEFORE",
                ),
            ),
        ),
    ]

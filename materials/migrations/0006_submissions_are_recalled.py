import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("candidates", "0011_recalled_ones_were_handled_by_nobody"),
        ("materials", "0005_choices_by_the_catalogue"),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name="submission",
            name="submissions_are_append_only",
        ),
        migrations.RemoveConstraint(
            model_name="submission",
            name="one_submission_a_round",
        ),
        migrations.AddField(
            model_name="submission",
            name="before",
            field=models.JSONField(null=True, verbose_name="提交前的申请"),
        ),
        migrations.AddField(
            model_name="submission",
            name="declared_at",
            field=models.DateTimeField(null=True, verbose_name="承诺时间"),
        ),
        migrations.AddField(
            model_name="submission",
            name="recalled_at",
            field=models.DateTimeField(null=True, verbose_name="撤回时间"),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="submission",
            trigger=pgtrigger.compiler.Trigger(
                name="submissions_are_append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (NOT (OLD.recalled_at IS NULL AND NEW.recalled_at IS NOT NULL AND to_jsonb(OLD) - 'recalled_at' = to_jsonb(NEW) - 'recalled_at'))",
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="1d597ddeea8fcda0a9c4046f8c58d4f8b916d29f",
                    operation="UPDATE",
                    pgid="pgtrigger_submissions_are_append_only_e7b53",
                    table="materials_submission",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="submission",
            trigger=pgtrigger.compiler.Trigger(
                name="submissions_are_not_deleted",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                    hash="0b2d854627f22d9d15dcbb72979236db86836958",
                    operation="DELETE",
                    pgid="pgtrigger_submissions_are_not_deleted_87d1e",
                    table="materials_submission",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="submission",
            constraint=models.UniqueConstraint(
                condition=models.Q(("recalled_at", None)),
                fields=("application", "round"),
                name="one_submission_a_round",
            ),
        ),
    ]

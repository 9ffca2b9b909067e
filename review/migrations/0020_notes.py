import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("candidates", "0024_what_the_office_writes"),
        ("materials", "0009_clean_text"),
        ("review", "0018_how_decisions_came_about"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Note",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("words", models.CharField(max_length=500, verbose_name="备注")),
                ("for_below", models.BooleanField(default=False, verbose_name="下级单位可见")),
                ("at", models.DateTimeField(verbose_name="时间")),
                ("withdrawn_at", models.DateTimeField(null=True, verbose_name="撤回时间")),
                (
                    "account",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="审核员",
                    ),
                ),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="notes",
                        to="candidates.application",
                        verbose_name="报名",
                    ),
                ),
                (
                    "image",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="notes",
                        to="materials.materialimage",
                        verbose_name="图片",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="candidates.unit",
                        verbose_name="单位",
                    ),
                ),
            ],
            options={
                "verbose_name": "备注",
                "verbose_name_plural": "备注",
                "ordering": ["id"],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("words__regex", "\\S")), name="note_has_words")
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="note",
            trigger=pgtrigger.compiler.Trigger(
                name="notes_are_withdrawn_not_edited",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (NOT (OLD.withdrawn_at IS NULL AND NEW.withdrawn_at IS NOT NULL AND to_jsonb(OLD) - 'withdrawn_at' = to_jsonb(NEW) - 'withdrawn_at'))",
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="bef4e9b70bb8067d465119b8ec5b49ec5326e93f",
                    operation="UPDATE",
                    pgid="pgtrigger_notes_are_withdrawn_not_edited_83cb6",
                    table="review_note",
                    when="BEFORE",
                ),
            ),
        ),
    ]

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """The table stays where it is; its trigger is named for the model's app, and so set up anew."""

    dependencies = [
        ("candidates", "0008_passed_images"),
        ("review", "0011_text_without_invisible_characters"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.CreateModel(
                    name="Look",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("case", "案卷"),
                                    ("packet", "材料册"),
                                    ("export", "导出"),
                                    ("picture", "图片"),
                                ],
                                max_length=8,
                                verbose_name="查阅内容",
                            ),
                        ),
                        ("round", models.PositiveSmallIntegerField(verbose_name="提交次数")),
                        ("at", models.DateTimeField(verbose_name="时间")),
                        (
                            "account",
                            models.ForeignKey(
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="查阅人",
                            ),
                        ),
                        (
                            "application",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="looks",
                                to="candidates.application",
                                verbose_name="报名",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "查阅记录",
                        "verbose_name_plural": "查阅记录",
                        "db_table": "review_look",
                        "ordering": ["id"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("application", "account", "round", "kind"), name="a_look_is_recorded_once"
                            )
                        ],
                    },
                ),
            ],
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="look",
            trigger=pgtrigger.compiler.Trigger(
                name="looks_are_append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="ecffa951246ec82a91e91a5fe90c416982b4023c",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_looks_are_append_only_f0008",
                    table="review_look",
                    when="BEFORE",
                ),
            ),
        ),
    ]

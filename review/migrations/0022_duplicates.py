import django.contrib.postgres.fields
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("candidates", "0024_what_the_office_writes"),
        ("review", "0021_questions"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="DuplicateSettled",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "shared",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=60), size=None, verbose_name="相同之处"
                    ),
                ),
                ("reason", models.CharField(max_length=300, verbose_name="核实的结果")),
                ("at", models.DateTimeField(verbose_name="时间")),
                (
                    "account",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="办理人",
                    ),
                ),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="duplicates_settled_here",
                        to="candidates.application",
                        verbose_name="报名",
                    ),
                ),
                (
                    "other",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="duplicates_settled_there",
                        to="candidates.application",
                        verbose_name="另一份报名",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="candidates.unit",
                        verbose_name="单位",
                    ),
                ),
            ],
            options={
                "verbose_name": "疑似重复的核实",
                "verbose_name_plural": "疑似重复的核实",
                "ordering": ["id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("reason__regex", "\\S")), name="settled_duplicate_has_reason"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("application", models.F("other")), _negated=True),
                        name="duplicate_is_of_two",
                    ),
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="duplicatesettled",
            trigger=pgtrigger.compiler.Trigger(
                name="settled_duplicates_stay",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="73a4a3a766bb12c25e76a983a22c9f38868a4aa3",
                    operation="UPDATE",
                    pgid="pgtrigger_settled_duplicates_stay_6c35f",
                    table="review_duplicatesettled",
                    when="BEFORE",
                ),
            ),
        ),
    ]

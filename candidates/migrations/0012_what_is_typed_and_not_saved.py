import django.db.models.deletion
from django.db import migrations, models
from django.db.models.lookups import LessThanOrEqual

import candidates.models.sealed


class Migration(migrations.Migration):
    dependencies = [("candidates", "0011_recalled_ones_were_handled_by_nobody")]

    operations = [
        migrations.CreateModel(
            name="FormDraft",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("section", models.CharField(max_length=9, verbose_name="部分")),
                ("typed", candidates.models.sealed.EncryptedField(verbose_name="填写的内容")),
                ("kept_at", models.DateTimeField(verbose_name="填写时间")),
                ("page", models.CharField(blank=True, max_length=32, verbose_name="页面")),
                ("drawn", models.CharField(blank=True, max_length=64, verbose_name="页面上已保存的内容")),
                ("offered_until", models.DateTimeField(null=True, verbose_name="保留至")),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="form_drafts",
                        to="candidates.application",
                        verbose_name="报名",
                    ),
                ),
            ],
            options={
                "verbose_name": "未保存的填写内容",
                "verbose_name_plural": "未保存的填写内容",
                "indexes": [
                    models.Index(
                        condition=models.Q(("offered_until__isnull", False)),
                        fields=["offered_until"],
                        name="form_draft_by_end",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("application", "section"), name="one_form_draft_a_section"),
                    models.CheckConstraint(
                        condition=LessThanOrEqual(
                            models.Func(models.F("typed"), function="octet_length", output_field=models.IntegerField()),
                            80028,
                        ),
                        name="form_draft_is_bounded",
                    ),
                ],
            },
        ),
    ]

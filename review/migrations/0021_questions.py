import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import materials.models


class Migration(migrations.Migration):
    dependencies = [
        ("candidates", "0024_what_the_office_writes"),
        ("materials", "0011_pictures_of_answers"),
        ("review", "0020_notes"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Question",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "level",
                    models.CharField(
                        choices=[("region", "考区"), ("site", "考点"), ("point", "报名点")],
                        max_length=6,
                        verbose_name="级别",
                    ),
                ),
                ("words", models.CharField(max_length=500, verbose_name="问题")),
                (
                    "category",
                    models.CharField(
                        blank=True,
                        choices=materials.models.category_choices,
                        max_length=20,
                        verbose_name="请考生附图片的材料类别",
                    ),
                ),
                ("at", models.DateTimeField(verbose_name="时间")),
                ("until", models.DateTimeField(verbose_name="答复期限")),
                ("answer", models.CharField(blank=True, max_length=500, verbose_name="答复")),
                ("answered_at", models.DateTimeField(null=True, verbose_name="答复时间")),
                ("closed_at", models.DateTimeField(null=True, verbose_name="不再等待答复的时间")),
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
                        related_name="questions",
                        to="candidates.application",
                        verbose_name="报名",
                    ),
                ),
                (
                    "image",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="question",
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
                "verbose_name": "询问",
                "verbose_name_plural": "询问",
                "ordering": ["id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("answered_at", None), ("closed_at", None)),
                        fields=("application",),
                        name="one_open_question_at_a_time",
                    ),
                    models.CheckConstraint(condition=models.Q(("words__regex", "\\S")), name="question_has_words"),
                    models.CheckConstraint(
                        condition=models.Q(("until__gt", models.F("at"))), name="question_leaves_time_to_answer"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("answer", ""), ("answered_at", None), ("image", None)),
                            models.Q(("answer__regex", "\\S"), ("answered_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="answer_has_words_and_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("image", None), models.Q(("category", ""), _negated=True), _connector="OR"),
                        name="only_a_picture_that_was_asked_for",
                    ),
                ],
            },
        ),
    ]

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.operations import AddConstraintNotValid, AddIndexConcurrently, ValidateConstraint
from django.db import migrations, models
from django.db.models import Q

LEVELS = ("point", "site", "region")
FLAGS = {
    "notes": Q(has_notes=True),
    "asked": Q(question__isnull=False),
    "answered": Q(question_answered=True),
    "duplicates": ~Q(duplicates=[]),
}
IN_REVIEW = ("point_review", "site_review", "region_review")


def keys(name: str) -> ArrayField:
    """A list of short keys, empty for whoever does not know the column."""
    return ArrayField(
        base_field=models.CharField(max_length=60), db_default=[], default=list, size=None, verbose_name=name
    )


class Migration(migrations.Migration):
    """Notes, questions and duplicates leave their marks on the application's row. Old code may go on meanwhile."""

    atomic = False
    dependencies = [("candidates", "0023_undone_acts_and_messages_that_wait")]

    operations = [
        migrations.AddField(
            "application", "has_notes", models.BooleanField(db_default=False, default=False, verbose_name="有备注")
        ),
        migrations.AddField("application", "question", models.BigIntegerField(null=True, verbose_name="询问")),
        migrations.AddField("application", "question_until", models.DateTimeField(null=True, verbose_name="答复期限")),
        migrations.AddField(
            "application",
            "question_answered",
            models.BooleanField(db_default=False, default=False, verbose_name="已答复"),
        ),
        migrations.AddField("application", "certificate_numbers", keys("证书编号索引")),
        migrations.AddField("application", "duplicates", keys("疑似重复")),
        migrations.AddField("application", "duplicates_settled", keys("已核实的疑似重复")),
        AddConstraintNotValid(
            "application",
            models.CheckConstraint(
                name="open_question_has_its_day",
                condition=Q(question=None, question_until=None)
                | Q(question__isnull=False, question_until__isnull=False, status__in=IN_REVIEW),
            ),
        ),
        ValidateConstraint("application", "open_question_has_its_day"),
        *(
            AddIndexConcurrently(
                "application",
                models.Index(
                    name=f"{flag}_queue_of_{level}", fields=[level, "status", "submitted_at", "id"], condition=condition
                ),
            )
            for flag, condition in FLAGS.items()
            for level in LEVELS
        ),
        AddIndexConcurrently(
            "application",
            GinIndex(name="application_by_certificate", fields=["certificate_numbers"], fastupdate=False),
        ),
    ]

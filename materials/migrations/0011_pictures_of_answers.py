from django.contrib.postgres.operations import AddConstraintNotValid, AddIndexConcurrently, ValidateConstraint
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    """Pictures that come with an answer, beside every round's set. Uploads go on meanwhile.

    The rule on equal bytes is replaced by a narrower one that is made first, so that it never lacks.
    """

    atomic = False
    dependencies = [("materials", "0009_clean_text")]

    operations = [
        migrations.AddField(
            "materialimage",
            "is_answer",
            models.BooleanField(db_default=False, default=False, verbose_name="随答复提交"),
        ),
        AddConstraintNotValid(
            "materialimage",
            models.CheckConstraint(
                name="answers_picture_is_outside_the_set",
                condition=Q(is_answer=False) | Q(is_owed=False, submitted=False),
            ),
        ),
        ValidateConstraint("materialimage", "answers_picture_is_outside_the_set"),
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RemoveConstraint("materialimage", "same_bytes_once_in_a_category"),
                migrations.AddConstraint(
                    "materialimage",
                    models.UniqueConstraint(
                        name="same_bytes_once_in_a_category",
                        fields=["application", "category", "received_sha256"],
                        condition=Q(removed_at=None, is_answer=False),
                    ),
                ),
            ],
            database_operations=[
                migrations.RunSQL(
                    [
                        "CREATE UNIQUE INDEX CONCURRENTLY same_bytes_once ON materials_materialimage"
                        " (application_id, category, received_sha256) WHERE NOT is_answer AND removed_at IS NULL",
                        "DROP INDEX CONCURRENTLY same_bytes_once_in_a_category",
                        "ALTER INDEX same_bytes_once RENAME TO same_bytes_once_in_a_category",
                    ]
                ),
            ],
        ),
        AddIndexConcurrently(
            "materialimage",
            models.Index(
                name="picture_by_received_bytes",
                fields=["received_sha256"],
                condition=Q(
                    category__in=["identity", "diploma", "degree", "assistant_licence", "education_proof"],
                    submitted=True,
                ),
            ),
        ),
    ]

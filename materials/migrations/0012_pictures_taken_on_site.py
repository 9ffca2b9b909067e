from django.contrib.postgres.operations import AddConstraintNotValid, ValidateConstraint
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    """Pictures that the registration point takes of originals, beside every round's set. Uploads go on meanwhile.

    The rule on equal bytes is replaced by a narrower one that is made first, so that it never lacks.
    """

    atomic = False
    dependencies = [("materials", "0011_pictures_of_answers")]

    operations = [
        migrations.AddField(
            "materialimage",
            "is_onsite",
            models.BooleanField(db_default=False, default=False, verbose_name="现场采集"),
        ),
        AddConstraintNotValid(
            "materialimage",
            models.CheckConstraint(
                name="picture_taken_on_site_is_outside_the_set",
                condition=Q(is_onsite=False) | Q(is_answer=False, is_owed=False, submitted=False),
            ),
        ),
        ValidateConstraint("materialimage", "picture_taken_on_site_is_outside_the_set"),
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RemoveConstraint("materialimage", "same_bytes_once_in_a_category"),
                migrations.AddConstraint(
                    "materialimage",
                    models.UniqueConstraint(
                        name="same_bytes_once_in_a_category",
                        fields=["application", "category", "received_sha256"],
                        condition=Q(removed_at=None, is_answer=False, is_onsite=False),
                    ),
                ),
            ],
            database_operations=[
                migrations.RunSQL(
                    [
                        "CREATE UNIQUE INDEX CONCURRENTLY same_bytes_once ON materials_materialimage"
                        " (application_id, category, received_sha256)"
                        " WHERE NOT is_answer AND NOT is_onsite AND removed_at IS NULL",
                        "DROP INDEX CONCURRENTLY same_bytes_once_in_a_category",
                        "ALTER INDEX same_bytes_once RENAME TO same_bytes_once_in_a_category",
                    ]
                ),
            ],
        ),
    ]

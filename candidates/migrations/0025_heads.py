from django.contrib.postgres.operations import AddConstraintNotValid, ValidateConstraint
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    """Who is head of a unit stands on the account."""

    atomic = False
    dependencies = [("candidates", "0024_what_the_office_writes")]

    operations = [
        migrations.AddField(
            "account", "is_head", models.BooleanField(db_default=False, default=False, verbose_name="负责人")
        ),
        AddConstraintNotValid(
            "account",
            models.CheckConstraint(name="only_a_reviewer_is_head", condition=Q(is_head=False) | Q(kind="reviewer")),
        ),
        ValidateConstraint("account", "only_a_reviewer_is_head"),
    ]

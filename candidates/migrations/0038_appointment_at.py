from django.contrib.postgres.operations import AddConstraintNotValid, ValidateConstraint
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    """When the on-site appointment begins stands on the application's row. Old code may go on meanwhile."""

    atomic = False
    dependencies = [("candidates", "0037_consents_until_now")]

    operations = [
        migrations.AddField(
            "application", "appointment_at", models.DateTimeField(null=True, verbose_name="现场审核预约")
        ),
        AddConstraintNotValid(
            "application",
            models.CheckConstraint(
                name="appointment_is_before_the_points_pass",
                condition=Q(appointment_at=None) | Q(status__in=("registered", "point_review", "returned")),
            ),
        ),
        ValidateConstraint("application", "appointment_is_before_the_points_pass"),
    ]

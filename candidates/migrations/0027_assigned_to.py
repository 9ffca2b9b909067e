from django.conf import settings
from django.contrib.postgres.operations import AddConstraintNotValid, AddIndexConcurrently, ValidateConstraint
from django.db import migrations, models
from django.db.models import Q

WAITING_AT = {"point": "point_review", "site": "site_review", "region": "region_review"}


class Migration(migrations.Migration):
    """Who shall handle a case stands on its row. Old code may go on meanwhile."""

    atomic = False
    dependencies = [("candidates", "0026_heads")]

    operations = [
        migrations.AddField(
            "application",
            "assigned_to",
            models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=models.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="分派给",
            ),
        ),
        AddConstraintNotValid(
            "application",
            models.CheckConstraint(
                name="only_what_waits_is_assigned",
                condition=Q(assigned_to=None) | Q(status__in=tuple(WAITING_AT.values())),
            ),
        ),
        ValidateConstraint("application", "only_what_waits_is_assigned"),
        AddIndexConcurrently(
            "application",
            models.Index(
                name="assigned_queue",
                fields=["assigned_to", "status", "submitted_at", "id"],
                condition=Q(assigned_to__isnull=False),
            ),
        ),
        *(
            AddIndexConcurrently(
                "application",
                models.Index(
                    name=f"free_queue_of_{level}",
                    fields=[level, "submitted_at", "id"],
                    condition=Q(status=status, assigned_to=None),
                ),
            )
            for level, status in WAITING_AT.items()
        ),
    ]

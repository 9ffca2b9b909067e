from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.models import Q

LEVELS = ("point", "site", "region")
ORDERS = {"waiting": "status_since", "number": "number"}


class Migration(migrations.Migration):
    """Lists in another order than that of submission read an index of their own. Old code may go on meanwhile."""

    atomic = False
    dependencies = [("candidates", "0027_assigned_to")]

    operations = [
        *(
            AddIndexConcurrently(
                "application",
                models.Index(name=f"{order}_queue_of_{level}", fields=[level, "status", column, "id"]),
            )
            for order, column in ORDERS.items()
            for level in LEVELS
        ),
        *(
            AddIndexConcurrently(
                "application",
                models.Index(
                    name=f"deadline_queue_of_{level}",
                    fields=[level, "return_deadline", "id"],
                    condition=Q(status="returned"),
                ),
            )
            for level in LEVELS
        ),
    ]

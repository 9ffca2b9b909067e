from django.contrib.postgres.operations import AddConstraintNotValid, AddIndexConcurrently, ValidateConstraint
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    """A message that had nowhere to be sent to. Messages go on being written meanwhile: nothing locks the table long."""

    atomic = False
    dependencies = [("candidates", "0004_codes_by_known_browser")]

    operations = [
        migrations.AddField(
            model_name="message",
            name="unreachable_at",
            field=models.DateTimeField(null=True, verbose_name="发现没有联系方式的时间"),
        ),
        AddConstraintNotValid(
            model_name="message",
            constraint=models.CheckConstraint(
                name="unreachable_message_has_no_other_outcome",
                condition=Q(unreachable_at=None) | Q(next_try_at=None, claimed_at=None, sent_at=None),
            ),
        ),
        ValidateConstraint(model_name="message", name="unreachable_message_has_no_other_outcome"),
        AddIndexConcurrently(
            model_name="message",
            index=models.Index(
                name="message_unreachable",
                fields=["unreachable_at"],
                condition=Q(unreachable_at__isnull=False, read_at=None),
            ),
        ),
    ]

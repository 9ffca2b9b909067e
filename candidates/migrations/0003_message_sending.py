from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    """Messages that were there before are not sent: their `next_try_at` is empty."""

    dependencies = [
        ("candidates", "0002_password_reset"),
    ]

    operations = [
        migrations.AddField("message", "next_try_at", models.DateTimeField("下次发送时间", null=True)),
        # a default of the database's own: old code goes on writing messages meanwhile
        migrations.AddField("message", "tries", models.PositiveSmallIntegerField("发送次数", default=0, db_default=0)),
        migrations.AddField("message", "claimed_at", models.DateTimeField("开始发送时间", null=True)),
        migrations.AddField("message", "sent_at", models.DateTimeField("发送时间", null=True)),
        migrations.AddIndex(
            "message",
            models.Index(name="message_due", fields=["next_try_at"], condition=Q(next_try_at__isnull=False)),
        ),
        migrations.AddIndex(
            "message",
            models.Index(name="message_claimed", fields=["claimed_at"], condition=Q(claimed_at__isnull=False)),
        ),
        migrations.AddConstraint(
            "message",
            models.CheckConstraint(
                name="message_is_due_or_claimed_or_sent",
                condition=Q(next_try_at=None, claimed_at=None)
                | Q(next_try_at=None, sent_at=None)
                | Q(claimed_at=None, sent_at=None),
            ),
        ),
    ]

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """Verdicts go with the decision that is undone; a draft keeps the whole page."""

    dependencies = [
        ("materials", "0009_clean_text"),
        ("review", "0015_refunds_by_two_operators"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="draftverdicts",
            name="rest",
            field=models.JSONField(db_default={}, default=dict, verbose_name="其余内容"),
        ),
        migrations.AddField(
            model_name="verdict",
            name="undone_at",
            field=models.DateTimeField(null=True, verbose_name="撤回时间"),
        ),
        migrations.AddConstraint(
            model_name="verdict",
            constraint=models.CheckConstraint(
                condition=models.Q(("undone_at", None), ("is_current", False), _connector="OR"),
                name="what_is_undone_is_not_current",
            ),
        ),
    ]

from django.db import migrations, models


class Migration(migrations.Migration):
    """What the version before does not know stays empty there, and means everybody's deadline."""

    dependencies = [("candidates", "0024_what_the_office_writes")]

    operations = [
        migrations.AddField(
            model_name="application",
            name="payment_deadline",
            field=models.DateTimeField(null=True, verbose_name="单独的缴费截止"),
        ),
    ]

from django.db import migrations, models
from django.db.models.lookups import LessThanOrEqual


class Migration(migrations.Migration):
    """Several institutions of one trial or practice. The column's own default serves processes of the version before."""

    dependencies = [("candidates", "0013_permanent_residents_cards")]

    operations = [
        migrations.AddField(
            "application",
            "further_institutions",
            models.JSONField(blank=True, db_default=[], default=list, verbose_name="其他试用（执业）机构"),
        ),
        migrations.AddConstraint(
            "application",
            models.CheckConstraint(
                condition=LessThanOrEqual(
                    models.Func(
                        models.F("further_institutions"),
                        function="jsonb_array_length",
                        output_field=models.IntegerField(),
                    ),
                    5,
                ),
                name="further_institutions_are_few",
            ),
        ),
    ]

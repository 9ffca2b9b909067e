"""Standard reasons in the spelling that is stored today; what was said with them stays as it was said."""

from django.db import migrations

from candidates.migrations._cleaning import clean_tables

TABLES = {"review_reason": ("label", "sentence")}


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("review", "0013_passed_images_of_the_returned"), ("candidates", "0019_clean_text")]

    operations = [migrations.RunPython(clean_tables(TABLES), migrations.RunPython.noop)]

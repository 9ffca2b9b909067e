"""Words of regions and sites in the spelling that is stored today; a document is printed whatever no font has."""

from django.db import migrations, models
from django.db.models import Q

from candidates.migrations._cleaning import clean_tables

TABLES = {"materials_materialnotice": ("words",), "materials_unitline": ("title", "remark")}


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("materials", "0008_notices_on_other_become_lines"), ("candidates", "0019_clean_text")]

    operations = [
        migrations.RunPython(clean_tables(TABLES), migrations.RunPython.noop),
        # wider than before: what old code writes meanwhile fits it
        migrations.RemoveConstraint("rendereddocument", "rendering_has_a_file_or_missing_characters"),
        migrations.AddConstraint(
            "rendereddocument",
            models.CheckConstraint(
                name="rendering_has_a_file_or_missing_characters",
                condition=Q(size__gt=0) & ~Q(file="") & ~Q(sha256="") | ~Q(missing="") & Q(file="", size=0, sha256=""),
            ),
        ),
    ]

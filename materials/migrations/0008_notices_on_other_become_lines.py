"""What made 考点规定的其他材料 required becomes a line of the unit, with its words; back again, it is a notice."""

import pghistory
from django.db import migrations

GENERAL = "考点规定的其他材料"
LONGEST_TITLE = 50  # characters


def to_lines(apps, schema_editor):
    notices = apps.get_model("materials", "MaterialNotice").objects.filter(category="other", required=True)
    lines = apps.get_model("materials", "UnitLine").objects
    with pghistory.context(who="系统升级", command="migrate"):
        for notice in notices:
            short = bool(notice.words.strip()) and len(notice.words) <= LONGEST_TITLE
            lines.create(
                unit_id=notice.unit_id,
                title=notice.words if short else GENERAL,
                upload="required",
                remark="" if short else notice.words,
                is_active=notice.is_active,
            )
        notices.delete()


def to_notices(apps, schema_editor):
    notices = apps.get_model("materials", "MaterialNotice").objects
    lines = apps.get_model("materials", "UnitLine").objects.filter(upload="required", is_active=True)
    with pghistory.context(who="系统退回上一版本", command="migrate"):
        for line in lines.order_by("unit", "position", "id"):
            words = line.remark if line.title == GENERAL else line.title
            notices.get_or_create(unit_id=line.unit_id, category="other", defaults={"required": True, "words": words})


class Migration(migrations.Migration):
    dependencies = [("materials", "0007_lines_of_regions_and_sites")]

    operations = [migrations.RunPython(to_lines, to_notices)]

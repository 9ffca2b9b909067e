from django.db import migrations

MODELS = ("Reason", "Fee")


def begin(apps, schema_editor):
    """Rows that were there before the history: what they are now is what the first change is compared with."""
    for name in MODELS:
        rows, event = apps.get_model("review", name).objects, apps.get_model("review", f"{name}Event")
        fields = [field.attname for field in rows.model._meta.concrete_fields]
        untold = rows.exclude(pk__in=event.objects.values("pgh_obj")).order_by("pk").values(*fields)
        event.objects.bulk_create(
            (event(pgh_label="baseline", pgh_obj_id=row["id"], **row) for row in untold), batch_size=1000
        )


class Migration(migrations.Migration):
    dependencies = [
        ("review", "0003_history_of_reference_data"),
    ]

    operations = [
        migrations.RunPython(begin, migrations.RunPython.noop),
    ]

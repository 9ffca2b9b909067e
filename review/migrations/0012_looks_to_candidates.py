import pgtrigger.migrations
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("review", "0011_text_without_invisible_characters"),
        ("candidates", "0009_looks_from_review"),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(model_name="look", name="looks_are_append_only"),
        migrations.SeparateDatabaseAndState(state_operations=[migrations.DeleteModel(name="Look")]),
    ]

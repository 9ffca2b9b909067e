from django.db import migrations
from django.db.models import Exists, OuterRef


def say_so(apps, schema_editor):
    sessions = apps.get_model("candidates", "ExamSession").objects
    applications = apps.get_model("candidates", "Application").objects.filter(session=OuterRef("pk"))
    sessions.filter(Exists(applications), ~Exists(applications.exclude(name=""))).update(state="purged")


class Migration(migrations.Migration):
    """Sessions that were purged before their state was kept. Old code knows nothing of it and may go on."""

    dependencies = [("candidates", "0030_session_states")]

    operations = [migrations.RunPython(say_so, migrations.RunPython.noop)]

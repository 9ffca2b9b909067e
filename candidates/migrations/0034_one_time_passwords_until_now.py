from django.db import migrations
from django.utils import timezone


def count_from_now(apps, schema_editor):
    """Give the one-time passwords that nobody has used yet their 72 hours from today."""
    accounts = apps.get_model("candidates", "Account").objects
    accounts.filter(must_change_password=True, password_given_at=None).update(password_given_at=timezone.now())


class Migration(migrations.Migration):
    dependencies = [("candidates", "0033_limits_of_logins")]

    operations = [migrations.RunPython(count_from_now, migrations.RunPython.noop)]

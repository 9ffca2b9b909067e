from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.models import Q
from django.db.models.functions import Upper

AT_ONCE = 10_000
JUDGING = (
    "pass",
    "first_pass",
    "second_pass",
    "second_differs",
    "second_up",
    "return",
    "reject",
    "send_back",
    "reopen",
)
FILL = """
UPDATE candidates_application AS one SET deciders = found.deciders FROM (
    SELECT application_id, jsonb_agg(DISTINCT jsonb_build_array(level, account_id)) AS deciders
    FROM candidates_record
    WHERE application_id BETWEEN %s AND %s AND action = ANY(%s) AND account_id IS NOT NULL
    AND level IN ('point', 'site', 'region')
    GROUP BY application_id
) AS found WHERE one.id = found.application_id AND one.deciders = '[]'
"""


def fill(apps, schema_editor):
    """Take from the records who has decided so far, ten thousand applications at a time."""
    connection = schema_editor.connection
    last = apps.get_model("candidates", "Application").objects.aggregate(last=models.Max("pk"))["last"] or 0
    for first in range(0, last + 1, AT_ONCE):
        with connection.cursor() as cursor:
            cursor.execute(FILL, [first, first + AT_ONCE - 1, list(JUDGING)])


class Migration(migrations.Migration):
    """Who has decided at one level of a case decides at no other. Old code may go on meanwhile."""

    atomic = False
    dependencies = [("candidates", "0028_orders_of_lists")]

    operations = [
        migrations.AddField(
            "application",
            "deciders",
            models.JSONField(db_default=[], default=list, verbose_name="作出过决定的审核员"),
        ),
        AddIndexConcurrently(
            "account",
            models.Index(Upper("email"), name="reviewers_by_email", condition=Q(kind="reviewer") & ~Q(email="")),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop, elidable=True),
    ]

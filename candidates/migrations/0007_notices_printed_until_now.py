from django.db import migrations

# who has printed was not kept until now: whoever could, is told when the point's contact changes
PRINTED = "UPDATE candidates_noticeversion SET printed_at = issued_at WHERE replaced_at IS NULL"


class Migration(migrations.Migration):
    dependencies = [("candidates", "0006_who_has_printed_the_notice")]

    operations = [migrations.RunSQL(PRINTED, migrations.RunSQL.noop)]

from django.db import migrations

ARRIVED = """
UPDATE candidates_application AS application SET status_since = arrived.at FROM (
    SELECT DISTINCT ON (application_id) application_id, at FROM candidates_record
    WHERE from_status <> to_status ORDER BY application_id, id DESC
) AS arrived
WHERE arrived.application_id = application.id
"""
COUNTED = """
INSERT INTO candidates_pointcount (session_id, region_id, site_id, point_id, status, number)
SELECT session_id, region_id, site_id, point_id, status, count(*) FROM candidates_application
WHERE point_id IS NOT NULL GROUP BY session_id, region_id, site_id, point_id, status
"""


class Migration(migrations.Migration):
    dependencies = [("candidates", "0004_counters_and_column_names")]
    operations = [
        migrations.RunSQL(["DELETE FROM candidates_pointcount", COUNTED], migrations.RunSQL.noop),
        migrations.RunSQL(ARRIVED, migrations.RunSQL.noop),
    ]

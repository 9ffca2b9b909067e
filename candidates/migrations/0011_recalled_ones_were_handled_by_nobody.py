import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("candidates", "0010_rename_one_time_codes"),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name="application",
            name="moved_ones_are_counted_anew",
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="application",
            trigger=pgtrigger.compiler.Trigger(
                name="moved_ones_are_counted_anew",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\nINSERT INTO candidates_pointcount (session_id, region_id, site_id, point_id, status, number)\nSELECT session_id, region_id, site_id, point_id, status, sum(change) FROM (SELECT session_id, region_id, site_id, point_id, status, 1 AS change FROM new_rows WHERE point_id IS NOT NULL UNION ALL SELECT session_id, region_id, site_id, point_id, status, -1 AS change FROM old_rows WHERE point_id IS NOT NULL) AS moved\nGROUP BY session_id, region_id, site_id, point_id, status HAVING sum(change) <> 0 ORDER BY session_id, region_id, site_id, point_id, status\nON CONFLICT (session_id, region_id, site_id, point_id, status) DO UPDATE SET number = candidates_pointcount.number + EXCLUDED.number;\n\nINSERT INTO candidates_handledcount (session_id, region_id, site_id, point_id, status, day, hours, number)\nSELECT session_id, region_id, site_id, point_id, status, day, CASE WHEN hours < 72 THEN hours ELSE hours / 24 * 24 END AS waited, count(*) FROM (\n    SELECT was.session_id, was.region_id, was.site_id, was.point_id, was.status,\n        (became.status_since AT TIME ZONE 'Asia/Shanghai')::date AS day,\n        greatest(0, floor(extract(epoch FROM became.status_since - was.status_since) / 3600))::integer AS hours\n    FROM old_rows AS was JOIN new_rows AS became USING (id)\n    WHERE was.status IN ('point_review', 'site_review', 'region_review') AND became.status <> was.status\n        AND became.status_since >= was.status_since\n) AS handled\nGROUP BY session_id, region_id, site_id, point_id, status, day, waited ORDER BY session_id, region_id, site_id, point_id, status, day, waited\nON CONFLICT (session_id, region_id, site_id, point_id, status, day, hours) DO UPDATE SET number = candidates_handledcount.number + EXCLUDED.number;\n RETURN NULL;",
                    hash="8da912f38d2e885e3e932477dd8c07e0978a7e6e",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_moved_ones_are_counted_anew_15d96",
                    referencing="REFERENCING OLD TABLE AS old_rows  NEW TABLE AS new_rows ",
                    table="candidates_application",
                    when="AFTER",
                ),
            ),
        ),
    ]

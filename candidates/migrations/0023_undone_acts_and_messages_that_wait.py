import django.core.validators
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):
    """A pass or a return may be undone for a unit's minutes: its message waits, and its handling is counted no more."""

    dependencies = [
        ("candidates", "0022_what_operators_set_of_messages"),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name="application",
            name="moved_ones_are_counted_anew",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="unit",
            name="insert_insert",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="unit",
            name="update_update",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="unit",
            name="delete_delete",
        ),
        migrations.AddField(
            model_name="message",
            name="held_until",
            field=models.DateTimeField(null=True, verbose_name="在此之前不发出"),
        ),
        migrations.AddField(
            model_name="unit",
            name="undo_minutes",
            field=models.PositiveSmallIntegerField(
                db_default=5,
                default=5,
                help_text="本单位的审核员通过或退回以后，在这段时间内可以撤回；给考生的通知在此之后才发出。填 0 表示不能撤回。",
                validators=[django.core.validators.MaxValueValidator(60)],
                verbose_name="撤回操作的时限（分钟）",
            ),
        ),
        migrations.AddField(
            model_name="unitevent",
            name="undo_minutes",
            field=models.PositiveSmallIntegerField(
                db_default=5,
                default=5,
                help_text="本单位的审核员通过或退回以后，在这段时间内可以撤回；给考生的通知在此之后才发出。填 0 表示不能撤回。",
                validators=[django.core.validators.MaxValueValidator(60)],
                verbose_name="撤回操作的时限（分钟）",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="application",
            trigger=pgtrigger.compiler.Trigger(
                name="moved_ones_are_counted_anew",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\nINSERT INTO candidates_pointcount (session_id, region_id, site_id, point_id, status, number)\nSELECT session_id, region_id, site_id, point_id, status, sum(change) FROM (SELECT session_id, region_id, site_id, point_id, status, 1 AS change FROM new_rows WHERE point_id IS NOT NULL UNION ALL SELECT session_id, region_id, site_id, point_id, status, -1 AS change FROM old_rows WHERE point_id IS NOT NULL) AS moved\nGROUP BY session_id, region_id, site_id, point_id, status HAVING sum(change) <> 0 ORDER BY session_id, region_id, site_id, point_id, status\nON CONFLICT (session_id, region_id, site_id, point_id, status) DO UPDATE SET number = candidates_pointcount.number + EXCLUDED.number;\n\nINSERT INTO candidates_handledcount (session_id, region_id, site_id, point_id, status, day, hours, number)\nSELECT session_id, region_id, site_id, point_id, status, day, CASE WHEN hours < 72 THEN hours ELSE hours / 24 * 24 END AS waited, sum(change) FROM (\n    SELECT was.session_id, was.region_id, was.site_id, was.point_id, was.status,\n        (became.status_since AT TIME ZONE 'Asia/Shanghai')::date AS day,\n        greatest(0, floor(extract(epoch FROM became.status_since - was.status_since) / 3600))::integer AS hours,\n        1 AS change\n    FROM old_rows AS was JOIN new_rows AS became USING (id)\n    WHERE was.status IN ('point_review', 'site_review', 'region_review') AND became.status <> was.status\n        AND became.status_since >= was.status_since\n    UNION ALL\n    SELECT was.session_id, was.region_id, was.site_id, was.point_id, became.status,\n        (was.status_since AT TIME ZONE 'Asia/Shanghai')::date AS day,\n        greatest(0, floor(extract(epoch FROM was.status_since - became.status_since) / 3600))::integer AS hours,\n        -1 AS change\n    FROM old_rows AS was JOIN new_rows AS became USING (id)\n    WHERE became.status IN ('point_review', 'site_review', 'region_review') AND became.status <> was.status\n        AND became.status_since < was.status_since\n) AS handled\nGROUP BY session_id, region_id, site_id, point_id, status, day, waited ORDER BY session_id, region_id, site_id, point_id, status, day, waited\nON CONFLICT (session_id, region_id, site_id, point_id, status, day, hours) DO UPDATE SET number = candidates_handledcount.number + EXCLUDED.number;\n RETURN NULL;",
                    hash="a2a750fd5e6acee8dc1a28aa100eb2c8499ecf2f",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_moved_ones_are_counted_anew_15d96",
                    referencing="REFERENCING OLD TABLE AS old_rows  NEW TABLE AS new_rows ",
                    table="candidates_application",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="unit",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "candidates_unitevent" ("address", "code", "hours", "id", "is_active", "level", "name", "onsite_list_required", "parent_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "telephone", "undo_minutes") VALUES (NEW."address", NEW."code", NEW."hours", NEW."id", NEW."is_active", NEW."level", NEW."name", NEW."onsite_list_required", NEW."parent_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'insert\', NEW."id", NEW."telephone", NEW."undo_minutes"); RETURN NULL;',
                    hash="b363f59eb5b7b51ef96ccfcc906429bd85757eea",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_09a83",
                    table="candidates_unit",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="unit",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "candidates_unitevent" ("address", "code", "hours", "id", "is_active", "level", "name", "onsite_list_required", "parent_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "telephone", "undo_minutes") VALUES (NEW."address", NEW."code", NEW."hours", NEW."id", NEW."is_active", NEW."level", NEW."name", NEW."onsite_list_required", NEW."parent_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', NEW."id", NEW."telephone", NEW."undo_minutes"); RETURN NULL;',
                    hash="b0e4cdcc26f9c8bb590d29df002647a37b3c8f46",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_62821",
                    table="candidates_unit",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="unit",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "candidates_unitevent" ("address", "code", "hours", "id", "is_active", "level", "name", "onsite_list_required", "parent_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "telephone", "undo_minutes") VALUES (OLD."address", OLD."code", OLD."hours", OLD."id", OLD."is_active", OLD."level", OLD."name", OLD."onsite_list_required", OLD."parent_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', OLD."id", OLD."telephone", OLD."undo_minutes"); RETURN NULL;',
                    hash="1e642c4513d5a6f4bfe4fd832105b07e15bd3162",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_5c363",
                    table="candidates_unit",
                    when="AFTER",
                ),
            ),
        ),
    ]

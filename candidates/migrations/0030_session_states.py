import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("candidates", "0029_deciders"),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name="examsession",
            name="insert_insert",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="examsession",
            name="update_update",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="examsession",
            name="delete_delete",
        ),
        migrations.AddField(
            model_name="examsession",
            name="state",
            field=models.CharField(
                choices=[("draft", "草稿"), ("open", "开放"), ("closed", "已关闭"), ("purged", "已清除")],
                db_default="open",
                default="open",
                max_length=6,
                verbose_name="状态",
            ),
        ),
        migrations.AddField(
            model_name="examsessionevent",
            name="state",
            field=models.CharField(
                choices=[("draft", "草稿"), ("open", "开放"), ("closed", "已关闭"), ("purged", "已清除")],
                db_default="open",
                default="open",
                max_length=6,
                verbose_name="状态",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="examsession",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "candidates_examsessionevent" ("correction_days", "id", "payment_closes", "payment_opens", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "registration_closes", "registration_opens", "review_closes", "review_opens", "state", "upload_closes", "upload_opens", "year") VALUES (NEW."correction_days", NEW."id", NEW."payment_closes", NEW."payment_opens", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'insert\', NEW."id", NEW."registration_closes", NEW."registration_opens", NEW."review_closes", NEW."review_opens", NEW."state", NEW."upload_closes", NEW."upload_opens", NEW."year"); RETURN NULL;',
                    hash="e2a77973f104b955b5bcaae988ed5217e5e27726",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_98625",
                    table="candidates_examsession",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="examsession",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "candidates_examsessionevent" ("correction_days", "id", "payment_closes", "payment_opens", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "registration_closes", "registration_opens", "review_closes", "review_opens", "state", "upload_closes", "upload_opens", "year") VALUES (NEW."correction_days", NEW."id", NEW."payment_closes", NEW."payment_opens", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', NEW."id", NEW."registration_closes", NEW."registration_opens", NEW."review_closes", NEW."review_opens", NEW."state", NEW."upload_closes", NEW."upload_opens", NEW."year"); RETURN NULL;',
                    hash="36701ed049ab8734dbf21831e16bf0eede695a9f",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_e8f68",
                    table="candidates_examsession",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="examsession",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "candidates_examsessionevent" ("correction_days", "id", "payment_closes", "payment_opens", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "registration_closes", "registration_opens", "review_closes", "review_opens", "state", "upload_closes", "upload_opens", "year") VALUES (OLD."correction_days", OLD."id", OLD."payment_closes", OLD."payment_opens", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', OLD."id", OLD."registration_closes", OLD."registration_opens", OLD."review_closes", OLD."review_opens", OLD."state", OLD."upload_closes", OLD."upload_opens", OLD."year"); RETURN NULL;',
                    hash="5e134260c29bca88824a42ff8e4b66d623fbc259",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_eb8fa",
                    table="candidates_examsession",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="examsession",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["draft", "open", "closed", "purged"])),
                name="session_has_a_known_state",
            ),
        ),
    ]

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("candidates", "0005_unreachable_messages")]

    operations = [
        migrations.AddField("noticeversion", "printed_at", models.DateTimeField("首次打印时间", null=True)),
        # code that runs beside this migration still fills the column: a later release drops it
        migrations.SeparateDatabaseAndState(
            state_operations=[migrations.RemoveField("noticeversion", "data_hash")],
            database_operations=[
                migrations.RunSQL(
                    "ALTER TABLE candidates_noticeversion ALTER COLUMN data_hash SET DEFAULT ''",
                    "ALTER TABLE candidates_noticeversion ALTER COLUMN data_hash DROP DEFAULT",
                )
            ],
        ),
    ]

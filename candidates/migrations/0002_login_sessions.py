import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

# who is logged in stays so: whose a session is stands in its data, and in the column from its next change on
MOVE = """
DO $$ BEGIN
    IF to_regclass('django_session') IS NOT NULL THEN
        INSERT INTO candidates_loginsession (session_key, session_data, expire_date)
        SELECT session_key, session_data, expire_date FROM django_session WHERE expire_date > now();
        DROP TABLE django_session;
    END IF;
END $$
"""


class Migration(migrations.Migration):
    dependencies = [("candidates", "0001_squashed_0013_jobs")]

    operations = [
        migrations.CreateModel(
            name="LoginSession",
            fields=[
                (
                    "session_key",
                    models.CharField(max_length=40, primary_key=True, serialize=False, verbose_name="session key"),
                ),
                ("session_data", models.TextField(verbose_name="session data")),
                ("expire_date", models.DateTimeField(db_index=True, verbose_name="expire date")),
                (
                    "account",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="账号",
                    ),
                ),
            ],
            options={"verbose_name": "登录", "verbose_name_plural": "登录"},
        ),
        migrations.RunSQL(MOVE, migrations.RunSQL.noop),
    ]

from django.db import migrations

COPY = """
INSERT INTO candidates_consent (account_id, version, at)
SELECT id, consent_version, consented_at FROM candidates_account
WHERE consented_at IS NOT NULL AND consent_version <> ''
ON CONFLICT DO NOTHING
"""


class Migration(migrations.Migration):
    dependencies = [("candidates", "0036_looks_and_consents")]

    operations = [migrations.RunSQL(COPY, migrations.RunSQL.noop)]

from django.db import migrations

# what stands as passed of those that are with their candidates now; every later return writes it itself
PASSED = """
UPDATE candidates_application AS application SET passed_images = passed.images
FROM (
    SELECT submission.application_id, array_agg(image.id) AS images
    FROM materials_submission AS submission
    JOIN materials_materialimage AS image ON image.id = ANY (submission.images)
    JOIN review_verdict AS verdict ON verdict.image_id = image.id AND verdict.is_current AND verdict.verdict = 'ok'
    JOIN candidates_application AS returned
        ON returned.id = submission.application_id AND returned.round = submission.round
    WHERE returned.status = 'returned' AND verdict.round >= COALESCE(
        (
            SELECT max(earlier.round) FROM materials_submission AS earlier
            WHERE earlier.application_id = submission.application_id AND image.category = ANY (earlier.unjudged)
        ),
        0
    )
    GROUP BY submission.application_id
) AS passed
WHERE application.id = passed.application_id
"""


class Migration(migrations.Migration):
    dependencies = [
        ("review", "0012_looks_to_candidates"),
        ("candidates", "0008_passed_images"),
        ("materials", "0004_what_an_accounts_uploads_cost"),
    ]

    operations = [migrations.RunSQL(PASSED, migrations.RunSQL.noop)]

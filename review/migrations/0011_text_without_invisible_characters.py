from django.db import migrations

# control characters, and Unicode's Default_Ignorable_Code_Point, in PostgreSQL's spelling
INVISIBLE = (
    r"[\u0001-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u00ad\u034f\u061c\u115f-\u1160\u17b4-\u17b5\u180b-\u180f"
    r"\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb"
    r"\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
# what people typed or pasted; records, submissions and histories stay as they were
TEXTS = {
    "candidates_application": (
        *("name", "email", "address", "postcode", "school", "major", "diploma_number", "academic_degree"),
        *("degree_number", "employer_name", "employer_address", "employer_postcode", "employer_registration_number"),
        *("employer_legal_representative", "employer_telephone", "post", "trial_name", "trial_address"),
        *("trial_postcode", "trial_registration_number", "trial_legal_representative", "trial_telephone"),
        *("licence_number", "practice_number"),
    ),
    "candidates_account": ("name", "email"),
    "candidates_announcement": ("title", "text"),
    "candidates_examcategory": ("name",),
    "candidates_unit": ("name", "address", "telephone", "hours"),
    "materials_materialnotice": ("words",),
    "review_reason": ("label", "sentence"),
}


def clean(cursor):
    """Take out what cannot be seen; give how many rows of each table held any."""
    counts = {}
    for table, columns in TEXTS.items():
        cleaned = ", ".join(f"{column} = regexp_replace({column}, %(invisible)s, '', 'g')" for column in columns)
        found = " OR ".join(f"{column} ~ %(invisible)s" for column in columns)
        cursor.execute(f"UPDATE {table} SET {cleaned} WHERE {found}", {"invisible": INVISIBLE})  # noqa: S608
        counts[table] = cursor.rowcount
    return counts


def clean_and_tell(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        for table, count in clean(cursor).items():
            if count:
                print(f"\n    {table}: {count} rows held invisible characters", end="")


class Migration(migrations.Migration):
    dependencies = [
        ("review", "0010_payments_are_of_this_century"),
        ("candidates", "0007_notices_printed_until_now"),
        ("materials", "0003_one_index_of_an_applications_pictures"),
    ]

    operations = [migrations.RunPython(clean_and_tell, migrations.RunPython.noop)]

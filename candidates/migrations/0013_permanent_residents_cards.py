from django.db import migrations, models

TYPES = [
    ("resident_id", "居民身份证"),
    ("temporary_id", "临时居民身份证"),
    ("officer", "军官证"),
    ("police", "警官证"),
    ("civil_cadre", "文职干部证"),
    ("soldier", "士兵（官）证"),
    ("military_student", "军队学员证"),
    ("hmt_permit", "港澳台居民居住证"),
    ("hk_id", "香港居民身份证"),
    ("macao_id", "澳门居民身份证"),
    ("tw_id", "台湾居民身份证"),
    ("passport", "护照"),
    ("permanent_resident", "外国人永久居留身份证"),
]


class Migration(migrations.Migration):
    """A longer column rewrites no row, and the code before goes on with it."""

    dependencies = [("candidates", "0012_what_is_typed_and_not_saved")]

    operations = [
        migrations.AlterField(
            "account",
            "document_type",
            models.CharField(blank=True, choices=TYPES, max_length=18, verbose_name="证件类型"),
        ),
        migrations.AlterField(
            "application",
            "document_type",
            models.CharField(choices=TYPES, max_length=18, verbose_name="证件类型"),
        ),
    ]

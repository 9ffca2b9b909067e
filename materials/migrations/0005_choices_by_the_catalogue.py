from django.conf import settings
from django.db import migrations, models

import materials.models


class Migration(migrations.Migration):
    dependencies = [
        ("candidates", "0009_looks_from_review"),
        ("materials", "0004_what_an_accounts_uploads_cost"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="materialimage",
            name="picture_is_jpeg_or_png",
        ),
        migrations.AlterField(
            model_name="materialimage",
            name="category",
            field=models.CharField(choices=materials.models.category_choices, max_length=20, verbose_name="材料类别"),
        ),
        migrations.AlterField(
            model_name="materialnotice",
            name="category",
            field=models.CharField(choices=materials.models.category_choices, max_length=20, verbose_name="材料类别"),
        ),
        migrations.AlterField(
            model_name="materialnoticeevent",
            name="category",
            field=models.CharField(choices=materials.models.category_choices, max_length=20, verbose_name="材料类别"),
        ),
        migrations.AddConstraint(
            model_name="materialimage",
            constraint=models.CheckConstraint(
                condition=models.Q(("content_type__in", ("image/jpeg", "image/png"))),
                name="picture_is_of_a_known_format",
            ),
        ),
    ]

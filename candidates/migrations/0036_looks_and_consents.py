import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("candidates", "0035_passkeys"),
    ]

    operations = [
        migrations.RemoveConstraint(model_name="message", name="message_is_for_somebody"),
        migrations.AddConstraint(
            model_name="message",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("account__isnull", False), ("kind__in", ["code", "test", "registered_before"]), _connector="OR"
                ),
                name="message_is_for_somebody",
            ),
        ),
        migrations.AddField(
            model_name="look",
            name="unit",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="candidates.unit",
                verbose_name="单位",
            ),
        ),
        migrations.CreateModel(
            name="Consent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.CharField(max_length=20, verbose_name="隐私声明版本")),
                ("at", models.DateTimeField(verbose_name="同意时间")),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="consents",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="账号",
                    ),
                ),
            ],
            options={
                "verbose_name": "同意",
                "verbose_name_plural": "同意",
                "ordering": ["id"],
                "constraints": [
                    models.UniqueConstraint(fields=("account", "version"), name="a_version_is_agreed_to_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="PictureLook",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("picture", models.UUIDField(verbose_name="图片")),
                ("day", models.DateField(verbose_name="日期")),
                ("at", models.DateTimeField(verbose_name="时间")),
                (
                    "account",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="查阅人",
                    ),
                ),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="picture_looks",
                        to="candidates.application",
                        verbose_name="报名",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="candidates.unit",
                        verbose_name="单位",
                    ),
                ),
            ],
            options={
                "verbose_name": "图片查阅记录",
                "verbose_name_plural": "图片查阅记录",
                "ordering": ["id"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("picture", "account", "day"), name="a_picture_is_looked_at_once_a_day"
                    )
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="picturelook",
            trigger=pgtrigger.compiler.Trigger(
                name="picture_looks_are_append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="469443c3cf49a1b2e0d695e453fc45140a97aaf7",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_picture_looks_are_append_only_9b886",
                    table="candidates_picturelook",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="picturelook",
            trigger=pgtrigger.compiler.Trigger(
                name="picture_looks_are_not_truncated",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'the rows of % are append-only', TG_TABLE_NAME;",
                    hash="138d17d9e92bab5543a3d149e0ec88ae9d64a3d8",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_picture_looks_are_not_truncated_ed0c0",
                    table="candidates_picturelook",
                    when="BEFORE",
                ),
            ),
        ),
    ]

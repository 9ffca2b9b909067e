import uuid

import django.contrib.postgres.fields
import django.db.models.deletion
import pghistory.utils
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import candidates.models.sealed


class Migration(migrations.Migration):
    replaces = [
        ("materials", "0001_initial"),
        ("materials", "0002_column_names"),
        ("materials", "0003_rendered_documents"),
        ("materials", "0004_history_of_reference_data"),
        ("materials", "0005_history_begins"),
    ]

    initial = True

    dependencies = [
        ("candidates", "0001_squashed_0013_jobs"),
    ]

    operations = [
        migrations.CreateModel(
            name="MaterialNotice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "category",
                    models.CharField(
                        choices=[
                            ("identity", "本人有效身份证明"),
                            ("diploma", "毕业证书"),
                            ("degree", "学位证书"),
                            ("education_proof", "其他学历证明材料"),
                            ("probation", "医师资格考试试用期考核证明"),
                            ("institution_licence", "医疗机构执业许可证"),
                            ("assistant_licence", "执业助理医师证书及执业期考核证明"),
                            ("fresh_commitment", "应届医学专业毕业生医师资格考试报考承诺书"),
                            ("supplementary_form", "医师资格考试短线医学专业加试申请表"),
                            ("military", "军队考生证明材料"),
                            ("other", "考点规定的其他材料"),
                        ],
                        max_length=20,
                        verbose_name="材料类别",
                    ),
                ),
                ("required", models.BooleanField(default=False, verbose_name="必须上传")),
                ("words", models.CharField(blank=True, max_length=200, verbose_name="说明")),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="material_notices",
                        to="candidates.unit",
                        verbose_name="考区或考点",
                    ),
                ),
            ],
            options={
                "verbose_name": "考区、考点的材料要求",
                "verbose_name_plural": "考区、考点的材料要求",
                "ordering": ["unit", "category"],
                "constraints": [
                    models.UniqueConstraint(fields=("unit", "category"), name="one_notice_per_unit_and_category")
                ],
            },
        ),
        migrations.CreateModel(
            name="MaterialNoticeEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("id", models.BigIntegerField()),
                (
                    "category",
                    models.CharField(
                        choices=[
                            ("identity", "本人有效身份证明"),
                            ("diploma", "毕业证书"),
                            ("degree", "学位证书"),
                            ("education_proof", "其他学历证明材料"),
                            ("probation", "医师资格考试试用期考核证明"),
                            ("institution_licence", "医疗机构执业许可证"),
                            ("assistant_licence", "执业助理医师证书及执业期考核证明"),
                            ("fresh_commitment", "应届医学专业毕业生医师资格考试报考承诺书"),
                            ("supplementary_form", "医师资格考试短线医学专业加试申请表"),
                            ("military", "军队考生证明材料"),
                            ("other", "考点规定的其他材料"),
                        ],
                        max_length=20,
                        verbose_name="材料类别",
                    ),
                ),
                ("required", models.BooleanField(default=False, verbose_name="必须上传")),
                ("words", models.CharField(blank=True, max_length=200, verbose_name="说明")),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="history",
                        related_query_name="history",
                        to="materials.materialnotice",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="candidates.unit",
                        verbose_name="考区或考点",
                    ),
                ),
            ],
            options={
                "verbose_name": "考区、考点的材料要求的更改历史",
                "verbose_name_plural": "考区、考点的材料要求的更改历史",
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="RenderedDocument",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("slug", models.CharField(max_length=30, verbose_name="文书")),
                ("data_hash", models.CharField(max_length=64, verbose_name="内容摘要")),
                ("file", models.CharField(blank=True, max_length=80, verbose_name="文件")),
                ("size", models.PositiveIntegerField(default=0, verbose_name="大小（字节）")),
                ("sha256", models.CharField(blank=True, max_length=64, verbose_name="文件摘要")),
                ("missing", models.CharField(blank=True, max_length=200, verbose_name="字库缺少的字")),
                ("rendered_at", models.DateTimeField(verbose_name="生成时间")),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="rendered_documents",
                        to="candidates.application",
                        verbose_name="报名",
                    ),
                ),
            ],
            options={
                "verbose_name": "已生成的文书",
                "verbose_name_plural": "已生成的文书",
                "ordering": ["-rendered_at", "-id"],
                "indexes": [
                    models.Index(fields=["-rendered_at", "-id"], name="renderings_by_time"),
                    models.Index(
                        condition=models.Q(("missing", ""), _negated=True),
                        fields=["-rendered_at"],
                        name="renderings_refused",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("application", "slug"), name="one_rendering_per_document"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("missing", ""),
                                ("size__gt", 0),
                                models.Q(("file", ""), _negated=True),
                                models.Q(("sha256", ""), _negated=True),
                            ),
                            models.Q(
                                models.Q(("missing", ""), _negated=True), ("file", ""), ("sha256", ""), ("size", 0)
                            ),
                            _connector="OR",
                        ),
                        name="rendering_has_a_file_or_missing_characters",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Submission",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("round", models.PositiveSmallIntegerField(verbose_name="提交次数")),
                ("at", models.DateTimeField(verbose_name="时间")),
                (
                    "images",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.UUIDField(), size=None, verbose_name="图片"
                    ),
                ),
                (
                    "required",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=20), size=None, verbose_name="必须的类别"
                    ),
                ),
                (
                    "shown",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=20), size=None, verbose_name="列出的类别"
                    ),
                ),
                (
                    "unjudged",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=20),
                        default=list,
                        size=None,
                        verbose_name="须重新审核的类别",
                    ),
                ),
                ("form", candidates.models.sealed.EncryptedField(editable=True, verbose_name="填报信息")),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="submissions",
                        to="candidates.application",
                        verbose_name="报名",
                    ),
                ),
            ],
            options={
                "verbose_name": "提交",
                "verbose_name_plural": "提交",
                "ordering": ["application", "round"],
                "constraints": [
                    models.UniqueConstraint(fields=("application", "round"), name="one_submission_a_round")
                ],
            },
        ),
        migrations.CreateModel(
            name="MaterialImage",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "category",
                    models.CharField(
                        choices=[
                            ("identity", "本人有效身份证明"),
                            ("diploma", "毕业证书"),
                            ("degree", "学位证书"),
                            ("education_proof", "其他学历证明材料"),
                            ("probation", "医师资格考试试用期考核证明"),
                            ("institution_licence", "医疗机构执业许可证"),
                            ("assistant_licence", "执业助理医师证书及执业期考核证明"),
                            ("fresh_commitment", "应届医学专业毕业生医师资格考试报考承诺书"),
                            ("supplementary_form", "医师资格考试短线医学专业加试申请表"),
                            ("military", "军队考生证明材料"),
                            ("other", "考点规定的其他材料"),
                        ],
                        max_length=20,
                        verbose_name="材料类别",
                    ),
                ),
                ("position", models.PositiveIntegerField(default=0, verbose_name="次序")),
                ("file", models.CharField(max_length=80, verbose_name="文件")),
                ("thumbnail", models.CharField(max_length=80, verbose_name="缩略图")),
                ("content_type", models.CharField(max_length=10, verbose_name="格式")),
                ("width", models.PositiveIntegerField(verbose_name="宽（像素）")),
                ("height", models.PositiveIntegerField(verbose_name="高（像素）")),
                ("size", models.PositiveIntegerField(verbose_name="大小（字节）")),
                ("sha256", models.CharField(max_length=64, verbose_name="文件摘要")),
                ("received_sha256", models.CharField(max_length=64, verbose_name="收到时的摘要")),
                (
                    "warnings",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=40), default=list, size=None, verbose_name="提示"
                    ),
                ),
                ("uploaded_at", models.DateTimeField(verbose_name="上传时间")),
                ("uploaded_round", models.PositiveSmallIntegerField(verbose_name="上传时的提交次数")),
                ("is_owed", models.BooleanField(default=False, verbose_name="补传的待补材料")),
                ("submitted", models.BooleanField(default=False, verbose_name="已提交")),
                ("removed_at", models.DateTimeField(null=True, verbose_name="删除时间")),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="images",
                        to="candidates.application",
                        verbose_name="报名",
                    ),
                ),
                (
                    "removed_by",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="删除人",
                    ),
                ),
            ],
            options={
                "verbose_name": "材料图片",
                "verbose_name_plural": "材料图片",
                "ordering": ["position", "uploaded_at", "id"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("removed_at", None)),
                        fields=["application", "category"],
                        name="images_of_application",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("removed_at", None)),
                        fields=("application", "category", "received_sha256"),
                        name="same_bytes_once_in_a_category",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("content_type__in", ["image/jpeg", "image/png"])),
                        name="picture_is_jpeg_or_png",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("size__gt", 0), ("size__lte", 204800)), name="picture_has_at_most_200_kb"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("is_owed", False), ("submitted", False), _connector="OR"),
                        name="owed_picture_is_outside_the_set",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("removed_at", None), ("removed_by", None)),
                            models.Q(("removed_at__isnull", False), ("removed_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="removal_has_time_and_person",
                    ),
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="materialnotice",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "materials_materialnoticeevent" ("category", "id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "required", "unit_id", "words") VALUES (NEW."category", NEW."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'insert\', NEW."id", NEW."required", NEW."unit_id", NEW."words"); RETURN NULL;',
                    hash="e8eb9f38302edf6ac52cb7ba39692a6c7cafe602",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_5eb40",
                    table="materials_materialnotice",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="materialnotice",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "materials_materialnoticeevent" ("category", "id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "required", "unit_id", "words") VALUES (NEW."category", NEW."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', NEW."id", NEW."required", NEW."unit_id", NEW."words"); RETURN NULL;',
                    hash="f59d4d340eead5ff40cc34c9cf0d7f8453cb01f6",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_48a53",
                    table="materials_materialnotice",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="materialnotice",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "materials_materialnoticeevent" ("category", "id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "required", "unit_id", "words") VALUES (OLD."category", OLD."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', OLD."id", OLD."required", OLD."unit_id", OLD."words"); RETURN NULL;',
                    hash="c2a23476a683ba11da455391d7a61b1101b19766",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_e8061",
                    table="materials_materialnotice",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="materialnoticeevent",
            trigger=pgtrigger.compiler.Trigger(
                name="history_is_not_truncated",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'the rows of % are append-only', TG_TABLE_NAME;",
                    hash="f0afd28011afa2213c6b89554fc25ec6bb816d36",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_history_is_not_truncated_cb7c7",
                    table="materials_materialnoticeevent",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="materialnoticeevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="73b957f57fbb7d49167343bc14b2627d5989b04c",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_2da12",
                    table="materials_materialnoticeevent",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="submission",
            trigger=pgtrigger.compiler.Trigger(
                name="submissions_are_append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="ff7c2fa6940ac3b9f2dd2cda33bb38ef02c7b5ce",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_submissions_are_append_only_e7b53",
                    table="materials_submission",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="submission",
            trigger=pgtrigger.compiler.Trigger(
                name="submissions_are_not_truncated",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'the rows of % are append-only', TG_TABLE_NAME;",
                    hash="906cb3879164055848a4230d10ca8256cac9dbb9",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_submissions_are_not_truncated_f5937",
                    table="materials_submission",
                    when="BEFORE",
                ),
            ),
        ),
    ]

import uuid

import django.contrib.postgres.fields
import django.db.models.deletion
import django.utils.timezone
import pghistory.utils
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import candidates.models.sealed


class Migration(migrations.Migration):
    replaces = [
        ("candidates", "0001_initial"),
        ("candidates", "0002_password_reset"),
        ("candidates", "0003_message_sending"),
        ("candidates", "0004_counters_and_column_names"),
        ("candidates", "0005_fill_counters"),
        ("candidates", "0006_one_time_codes"),
        ("candidates", "0007_operator_acts"),
        ("candidates", "0008_second_factor"),
        ("candidates", "0009_history_of_reference_data"),
        ("candidates", "0010_history_begins"),
        ("candidates", "0011_announcements"),
        ("candidates", "0012_queue_filters"),
        ("candidates", "0013_jobs"),
    ]

    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="ExamCategory",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=3, unique=True, verbose_name="代码")),
                ("name", models.CharField(max_length=40, verbose_name="名称")),
                (
                    "level",
                    models.CharField(
                        choices=[("physician", "执业医师"), ("assistant", "执业助理医师")],
                        max_length=9,
                        verbose_name="级别",
                    ),
                ),
                (
                    "routes",
                    models.CharField(
                        help_text="degree、apprentice、expertise，多个以 | 分隔。",
                        max_length=40,
                        verbose_name="报考途径",
                    ),
                ),
                ("is_active", models.BooleanField(default=True, verbose_name="启用")),
            ],
            options={
                "verbose_name": "报考类别",
                "verbose_name_plural": "报考类别",
                "ordering": ["code"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("code__regex", "^\\d{3}$")), name="exam_category_code_has_three_digits"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("level__in", ["physician", "assistant"])), name="exam_category_has_a_level"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ExamCategoryEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("id", models.BigIntegerField()),
                ("code", models.CharField(max_length=3, verbose_name="代码")),
                ("name", models.CharField(max_length=40, verbose_name="名称")),
                (
                    "level",
                    models.CharField(
                        choices=[("physician", "执业医师"), ("assistant", "执业助理医师")],
                        max_length=9,
                        verbose_name="级别",
                    ),
                ),
                (
                    "routes",
                    models.CharField(
                        help_text="degree、apprentice、expertise，多个以 | 分隔。",
                        max_length=40,
                        verbose_name="报考途径",
                    ),
                ),
                ("is_active", models.BooleanField(default=True, verbose_name="启用")),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="history",
                        related_query_name="history",
                        to="candidates.examcategory",
                    ),
                ),
            ],
            options={
                "verbose_name": "报考类别的更改历史",
                "verbose_name_plural": "报考类别的更改历史",
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="ExamSession",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("year", models.PositiveSmallIntegerField(unique=True, verbose_name="考试年度")),
                ("registration_opens", models.DateTimeField(verbose_name="网上报名开始")),
                ("registration_closes", models.DateTimeField(verbose_name="网上报名截止")),
                ("upload_opens", models.DateTimeField(verbose_name="上传材料开始")),
                ("upload_closes", models.DateTimeField(verbose_name="上传材料截止")),
                ("review_opens", models.DateTimeField(verbose_name="审核开始")),
                ("review_closes", models.DateTimeField(verbose_name="审核截止")),
                ("payment_opens", models.DateTimeField(verbose_name="缴费开始")),
                ("payment_closes", models.DateTimeField(verbose_name="缴费截止")),
                ("correction_days", models.PositiveSmallIntegerField(default=7, verbose_name="退回补正期限（天）")),
            ],
            options={
                "verbose_name": "考试年度",
                "verbose_name_plural": "考试年度",
                "ordering": ["-year"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("registration_closes__gt", models.F("registration_opens"))),
                        name="registration_closes_after_it_opens",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("upload_closes__gt", models.F("upload_opens"))),
                        name="upload_closes_after_it_opens",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("review_closes__gt", models.F("review_opens"))),
                        name="review_closes_after_it_opens",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("payment_closes__gt", models.F("payment_opens"))),
                        name="payment_closes_after_it_opens",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("year__gte", 2000), ("year__lte", 2999)),
                        name="session_year_has_four_digits",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("correction_days__gte", 1)), name="correction_takes_a_day_or_more"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ExamSessionEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("id", models.BigIntegerField()),
                ("year", models.PositiveSmallIntegerField(verbose_name="考试年度")),
                ("registration_opens", models.DateTimeField(verbose_name="网上报名开始")),
                ("registration_closes", models.DateTimeField(verbose_name="网上报名截止")),
                ("upload_opens", models.DateTimeField(verbose_name="上传材料开始")),
                ("upload_closes", models.DateTimeField(verbose_name="上传材料截止")),
                ("review_opens", models.DateTimeField(verbose_name="审核开始")),
                ("review_closes", models.DateTimeField(verbose_name="审核截止")),
                ("payment_opens", models.DateTimeField(verbose_name="缴费开始")),
                ("payment_closes", models.DateTimeField(verbose_name="缴费截止")),
                ("correction_days", models.PositiveSmallIntegerField(default=7, verbose_name="退回补正期限（天）")),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="history",
                        related_query_name="history",
                        to="candidates.examsession",
                    ),
                ),
            ],
            options={
                "verbose_name": "考试年度的更改历史",
                "verbose_name_plural": "考试年度的更改历史",
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Unit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=7, unique=True, verbose_name="代码")),
                (
                    "level",
                    models.CharField(
                        choices=[("region", "考区"), ("site", "考点"), ("point", "报名点")],
                        max_length=6,
                        verbose_name="级别",
                    ),
                ),
                ("name", models.CharField(max_length=60, verbose_name="名称")),
                ("address", models.CharField(blank=True, max_length=80, verbose_name="地址")),
                ("telephone", models.CharField(blank=True, max_length=40, verbose_name="电话")),
                ("hours", models.CharField(blank=True, max_length=80, verbose_name="现场审核时间")),
                (
                    "onsite_list_required",
                    models.BooleanField(
                        default=False, help_text="只对考区有效。", verbose_name="要求逐项核对现场审核清单"
                    ),
                ),
                ("is_active", models.BooleanField(default=True, verbose_name="启用")),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="children",
                        to="candidates.unit",
                        verbose_name="上级",
                    ),
                ),
            ],
            options={
                "verbose_name": "考区、考点、报名点",
                "verbose_name_plural": "考区、考点、报名点",
                "ordering": ["code"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("code__regex", "^\\d+$"),
                            models.Q(
                                models.Q(("code__length", 2), ("level", "region")),
                                models.Q(("code__length", 4), ("level", "site")),
                                models.Q(("code__length", 7), ("level", "point")),
                                _connector="OR",
                            ),
                        ),
                        name="unit_code_has_its_levels_length",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("level", "region"), ("parent", None)),
                            models.Q(models.Q(("level", "region"), _negated=True), ("parent__isnull", False)),
                            _connector="OR",
                        ),
                        name="only_a_region_has_no_parent",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Account",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("password", models.CharField(max_length=128, verbose_name="password")),
                ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                (
                    "kind",
                    models.CharField(
                        choices=[("candidate", "考生"), ("reviewer", "审核员"), ("operator", "操作员")],
                        default="candidate",
                        max_length=9,
                        verbose_name="身份",
                    ),
                ),
                (
                    "username",
                    models.CharField(blank=True, max_length=40, null=True, unique=True, verbose_name="用户名"),
                ),
                ("name", models.CharField(max_length=50, verbose_name="姓名")),
                ("is_active", models.BooleanField(default=True, verbose_name="启用")),
                ("date_joined", models.DateTimeField(auto_now_add=True, verbose_name="注册时间")),
                ("must_change_password", models.BooleanField(default=False, verbose_name="下次登录须修改密码")),
                (
                    "document_type",
                    models.CharField(
                        blank=True,
                        choices=[
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
                        ],
                        max_length=16,
                        verbose_name="证件类型",
                    ),
                ),
                (
                    "document_number",
                    candidates.models.sealed.EncryptedField(
                        blank=True, default="", editable=True, verbose_name="证件号码"
                    ),
                ),
                (
                    "identity_hash",
                    models.CharField(
                        editable=False, max_length=64, null=True, unique=True, verbose_name="证件号码索引"
                    ),
                ),
                (
                    "valid_until",
                    models.DateField(blank=True, help_text="长期有效的留空。", null=True, verbose_name="证件有效期至"),
                ),
                (
                    "sex",
                    models.CharField(
                        blank=True, choices=[("male", "男"), ("female", "女")], max_length=6, verbose_name="性别"
                    ),
                ),
                ("birth_date", models.DateField(blank=True, null=True, verbose_name="出生日期")),
                (
                    "mobile",
                    candidates.models.sealed.EncryptedField(
                        blank=True, default="", editable=True, verbose_name="手机号码"
                    ),
                ),
                (
                    "mobile_hash",
                    models.CharField(
                        editable=False, max_length=64, null=True, unique=True, verbose_name="手机号码索引"
                    ),
                ),
                ("email", models.EmailField(blank=True, max_length=254, verbose_name="电子邮箱")),
                ("consent_version", models.CharField(blank=True, max_length=20, verbose_name="隐私声明版本")),
                ("consented_at", models.DateTimeField(blank=True, null=True, verbose_name="同意时间")),
                (
                    "unit",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="candidates.unit",
                        verbose_name="所属单位",
                    ),
                ),
                (
                    "session_epoch",
                    models.PositiveIntegerField(db_default=0, default=0, editable=False, verbose_name="登录批次"),
                ),
            ],
            options={
                "verbose_name": "账号",
                "verbose_name_plural": "账号",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "candidate"), _negated=True),
                            models.Q(
                                ("consented_at__isnull", False),
                                ("identity_hash__isnull", False),
                                ("mobile_hash__isnull", False),
                                ("unit", None),
                                ("username", None),
                            ),
                            _connector="OR",
                        ),
                        name="candidate_has_document_and_mobile",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "reviewer"), _negated=True),
                            models.Q(("unit__isnull", False), ("username__isnull", False)),
                            _connector="OR",
                        ),
                        name="reviewer_has_a_unit",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "operator"), _negated=True),
                            models.Q(("unit", None), ("username__isnull", False)),
                            _connector="OR",
                        ),
                        name="operator_has_no_unit",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["candidate", "reviewer", "operator"])),
                        name="account_has_a_kind",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Application",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "number",
                    models.CharField(blank=True, max_length=16, null=True, unique=True, verbose_name="报名编号"),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("draft", "填报中"),
                            ("registered", "报名成功，待上传材料"),
                            ("point_review", "待报名点审核"),
                            ("site_review", "待考点审核"),
                            ("region_review", "待考区审核"),
                            ("returned", "退回补正"),
                            ("payment_due", "待缴费"),
                            ("paid", "报名完成"),
                            ("rejected", "审核不通过"),
                            ("cancelled", "资格已取消"),
                            ("withdrawn", "已撤销"),
                        ],
                        default="draft",
                        max_length=16,
                        verbose_name="状态",
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="创建时间")),
                ("registered_at", models.DateTimeField(null=True, verbose_name="报名时间")),
                ("first_submitted_at", models.DateTimeField(null=True, verbose_name="首次提交时间")),
                ("submitted_at", models.DateTimeField(null=True, verbose_name="提交时间")),
                ("round", models.PositiveSmallIntegerField(default=0, verbose_name="提交次数")),
                (
                    "saved_sections",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=9), default=list, size=None, verbose_name="已保存的部分"
                    ),
                ),
                ("unlocked", models.JSONField(default=dict, verbose_name="退回时解锁的内容")),
                ("return_deadline", models.DateTimeField(null=True, verbose_name="补正期限")),
                ("returned_level", models.CharField(blank=True, max_length=6, verbose_name="退回的级别")),
                ("times_returned", models.PositiveSmallIntegerField(default=0, verbose_name="退回次数")),
                ("has_warnings", models.BooleanField(default=False, verbose_name="图片有提示")),
                (
                    "owed",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=20), default=list, size=None, verbose_name="待补材料"
                    ),
                ),
                (
                    "owed_received",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=20),
                        default=list,
                        size=None,
                        verbose_name="已收到的待补材料",
                    ),
                ),
                ("name", models.CharField(max_length=50, verbose_name="姓名")),
                (
                    "sex",
                    models.CharField(
                        blank=True, choices=[("male", "男"), ("female", "女")], max_length=6, verbose_name="性别"
                    ),
                ),
                ("birth_date", models.DateField(null=True, verbose_name="出生日期")),
                (
                    "document_type",
                    models.CharField(
                        choices=[
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
                        ],
                        max_length=16,
                        verbose_name="证件类型",
                    ),
                ),
                ("document_number", candidates.models.sealed.EncryptedField(editable=True, verbose_name="证件号码")),
                ("identity_hash", models.CharField(max_length=64, verbose_name="证件号码索引")),
                ("valid_until", models.DateField(null=True, verbose_name="证件有效期至")),
                (
                    "residency",
                    models.CharField(
                        choices=[
                            ("mainland", "大陆"),
                            ("hongkong", "香港"),
                            ("macao", "澳门"),
                            ("taiwan", "台湾"),
                            ("foreign", "外籍"),
                        ],
                        max_length=8,
                        verbose_name="居民类别",
                    ),
                ),
                ("ethnicity", models.CharField(blank=True, max_length=10, verbose_name="民族")),
                ("serving_military", models.BooleanField(null=True, verbose_name="军队现役")),
                ("mobile", candidates.models.sealed.EncryptedField(editable=True, verbose_name="手机号码")),
                ("mobile_hash", models.CharField(max_length=64, verbose_name="手机号码索引")),
                ("email", models.EmailField(blank=True, max_length=254, verbose_name="电子邮箱")),
                ("address", models.CharField(blank=True, max_length=80, verbose_name="通讯地址")),
                ("postcode", models.CharField(blank=True, max_length=10, verbose_name="邮政编码")),
                (
                    "supplementary_test",
                    models.CharField(
                        blank=True,
                        choices=[("none", "不加试"), ("prehospital", "院前急救"), ("paediatrics", "儿科")],
                        max_length=11,
                        verbose_name="短线医学专业加试",
                    ),
                ),
                (
                    "route",
                    models.CharField(
                        blank=True,
                        choices=[("degree", "具有规定学历"), ("apprentice", "师承"), ("expertise", "确有专长")],
                        max_length=10,
                        verbose_name="报考途径",
                    ),
                ),
                (
                    "education",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("secondary", "中专"),
                            ("associate", "大专"),
                            ("bachelor", "本科"),
                            ("master", "硕士"),
                            ("doctor", "博士"),
                        ],
                        max_length=9,
                        verbose_name="学历",
                    ),
                ),
                ("school", models.CharField(blank=True, max_length=60, verbose_name="毕业学校")),
                ("major", models.CharField(blank=True, max_length=30, verbose_name="所学专业")),
                ("full_time", models.BooleanField(null=True, verbose_name="全日制学历")),
                ("graduated_on", models.DateField(blank=True, null=True, verbose_name="毕业日期")),
                ("diploma_number", models.CharField(blank=True, max_length=40, verbose_name="毕业证书编号")),
                ("academic_degree", models.CharField(blank=True, max_length=30, verbose_name="学位")),
                ("degree_number", models.CharField(blank=True, max_length=40, verbose_name="学位证书编号")),
                ("overseas_education", models.BooleanField(null=True, verbose_name="非大陆学历")),
                ("fresh_graduate", models.BooleanField(null=True, verbose_name="应届医学专业毕业生")),
                ("graduating_postgraduate", models.BooleanField(null=True, verbose_name="当年毕业研究生")),
                ("employer_is_medical_institution", models.BooleanField(null=True, verbose_name="工作单位是医疗机构")),
                ("employer_name", models.CharField(blank=True, max_length=60, verbose_name="工作单位名称")),
                ("employer_address", models.CharField(blank=True, max_length=80, verbose_name="工作单位地址")),
                ("employer_postcode", models.CharField(blank=True, max_length=10, verbose_name="工作单位邮编")),
                (
                    "employer_registration_number",
                    models.CharField(blank=True, max_length=40, verbose_name="工作单位登记号"),
                ),
                (
                    "employer_legal_representative",
                    models.CharField(blank=True, max_length=50, verbose_name="工作单位法定代表人"),
                ),
                ("employer_telephone", models.CharField(blank=True, max_length=30, verbose_name="工作单位电话")),
                ("post", models.CharField(blank=True, max_length=30, verbose_name="工作岗位")),
                ("trial_name", models.CharField(blank=True, max_length=60, verbose_name="试用机构名称")),
                ("trial_address", models.CharField(blank=True, max_length=80, verbose_name="试用机构地址")),
                ("trial_postcode", models.CharField(blank=True, max_length=10, verbose_name="试用机构邮编")),
                (
                    "trial_registration_number",
                    models.CharField(blank=True, max_length=40, verbose_name="试用机构登记号"),
                ),
                (
                    "trial_legal_representative",
                    models.CharField(blank=True, max_length=50, verbose_name="试用机构法定代表人"),
                ),
                ("trial_telephone", models.CharField(blank=True, max_length=30, verbose_name="试用机构电话")),
                ("period_from", models.DateField(blank=True, null=True, verbose_name="试用（执业）开始年月")),
                ("period_to", models.DateField(blank=True, null=True, verbose_name="试用（执业）结束年月")),
                (
                    "holds_assistant_licence",
                    models.BooleanField(null=True, verbose_name="持有执业助理医师资格申报执业医师"),
                ),
                ("licence_number", models.CharField(blank=True, max_length=40, verbose_name="医师资格证书编号")),
                ("licence_date", models.DateField(blank=True, null=True, verbose_name="医师资格证书发证日期")),
                ("practice_number", models.CharField(blank=True, max_length=40, verbose_name="医师执业证书编号")),
                ("first_registered_on", models.DateField(blank=True, null=True, verbose_name="首次执业注册日期")),
                ("registration_changed", models.BooleanField(null=True, verbose_name="执业注册有变更")),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="applications",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="账号",
                    ),
                ),
                (
                    "exam_category",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="candidates.examcategory",
                        verbose_name="报考类别",
                    ),
                ),
                (
                    "session",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="applications",
                        to="candidates.examsession",
                        verbose_name="考试年度",
                    ),
                ),
                (
                    "point",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="candidates.unit",
                        verbose_name="报名点",
                    ),
                ),
                (
                    "region",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="candidates.unit",
                        verbose_name="考区",
                    ),
                ),
                (
                    "site",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="candidates.unit",
                        verbose_name="考点",
                    ),
                ),
                ("status_since", models.DateTimeField(null=True, verbose_name="进入当前状态的时间")),
            ],
            options={
                "verbose_name": "报名",
                "verbose_name_plural": "报名",
                "indexes": [
                    models.Index(fields=["point", "status", "submitted_at", "id"], name="queue_of_point"),
                    models.Index(fields=["site", "status", "submitted_at", "id"], name="queue_of_site"),
                    models.Index(fields=["region", "status", "submitted_at", "id"], name="queue_of_region"),
                    models.Index(
                        fields=["point", "status", "exam_category", "submitted_at", "id"],
                        name="category_queue_of_point",
                    ),
                    models.Index(
                        fields=["site", "status", "exam_category", "submitted_at", "id"], name="category_queue_of_site"
                    ),
                    models.Index(
                        fields=["region", "status", "exam_category", "submitted_at", "id"],
                        name="category_queue_of_region",
                    ),
                    models.Index(
                        condition=models.Q(("times_returned__gt", 0)),
                        fields=["point", "status", "submitted_at", "id"],
                        name="returned_queue_of_point",
                    ),
                    models.Index(
                        condition=models.Q(("times_returned__gt", 0)),
                        fields=["site", "status", "submitted_at", "id"],
                        name="returned_queue_of_site",
                    ),
                    models.Index(
                        condition=models.Q(("times_returned__gt", 0)),
                        fields=["region", "status", "submitted_at", "id"],
                        name="returned_queue_of_region",
                    ),
                    models.Index(
                        condition=models.Q(("owed", []), _negated=True),
                        fields=["point", "status", "submitted_at", "id"],
                        name="owed_queue_of_point",
                    ),
                    models.Index(
                        condition=models.Q(("owed", []), _negated=True),
                        fields=["site", "status", "submitted_at", "id"],
                        name="owed_queue_of_site",
                    ),
                    models.Index(
                        condition=models.Q(("owed", []), _negated=True),
                        fields=["region", "status", "submitted_at", "id"],
                        name="owed_queue_of_region",
                    ),
                    models.Index(
                        condition=models.Q(("has_warnings", True)),
                        fields=["point", "status", "submitted_at", "id"],
                        name="warnings_queue_of_point",
                    ),
                    models.Index(
                        condition=models.Q(("has_warnings", True)),
                        fields=["site", "status", "submitted_at", "id"],
                        name="warnings_queue_of_site",
                    ),
                    models.Index(
                        condition=models.Q(("has_warnings", True)),
                        fields=["region", "status", "submitted_at", "id"],
                        name="warnings_queue_of_region",
                    ),
                    models.Index(
                        fields=["point", "name"], name="names_of_point", opclasses=["int8_ops", "varchar_pattern_ops"]
                    ),
                    models.Index(
                        fields=["site", "name"], name="names_of_site", opclasses=["int8_ops", "varchar_pattern_ops"]
                    ),
                    models.Index(
                        fields=["region", "name"], name="names_of_region", opclasses=["int8_ops", "varchar_pattern_ops"]
                    ),
                    models.Index(fields=["identity_hash"], name="application_by_document"),
                    models.Index(fields=["mobile_hash"], name="application_by_mobile"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("status", "withdrawn"), _negated=True),
                        fields=("account", "session"),
                        name="one_application_per_candidate_and_session",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "status__in",
                                [
                                    "draft",
                                    "registered",
                                    "point_review",
                                    "site_review",
                                    "region_review",
                                    "returned",
                                    "payment_due",
                                    "paid",
                                    "rejected",
                                    "cancelled",
                                    "withdrawn",
                                ],
                            )
                        ),
                        name="application_has_a_status",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("point", None), ("region", None), ("site", None)),
                            models.Q(("point__isnull", False), ("region__isnull", False), ("site__isnull", False)),
                            _connector="OR",
                        ),
                        name="units_are_set_together",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("number", None), ("status", "draft")),
                            ("status", "withdrawn"),
                            models.Q(
                                models.Q(("status", "draft"), _negated=True),
                                ("number__regex", "^\\d{16}$"),
                                ("point__isnull", False),
                                ("registered_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="only_a_draft_has_no_number",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("first_submitted_at", None), ("round", 0), ("submitted_at", None)),
                            models.Q(("round__gt", 0), ("submitted_at__gte", models.F("first_submitted_at"))),
                            _connector="OR",
                        ),
                        name="submissions_have_their_times",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("status__in", ["draft", "registered", "withdrawn"]), ("round__gt", 0), _connector="OR"
                        ),
                        name="review_needs_a_submission",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("return_deadline__isnull", False),
                                ("returned_level__in", ["point", "site", "region"]),
                                ("status", "returned"),
                            ),
                            ("status", "rejected"),
                            models.Q(
                                models.Q(("status", "returned"), _negated=True),
                                ("return_deadline", None),
                                ("unlocked", {}),
                            ),
                            _connector="OR",
                        ),
                        name="only_a_returned_one_is_unlocked",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="HandledCount",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("status", models.CharField(max_length=16, verbose_name="状态")),
                ("number", models.IntegerField(verbose_name="件数")),
                ("day", models.DateField(verbose_name="日期")),
                ("hours", models.PositiveIntegerField(verbose_name="等待小时数")),
                (
                    "point",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="candidates.unit",
                        verbose_name="报名点",
                    ),
                ),
                (
                    "region",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="candidates.unit",
                        verbose_name="考区",
                    ),
                ),
                (
                    "session",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="candidates.examsession",
                        verbose_name="考试年度",
                    ),
                ),
                (
                    "site",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="candidates.unit",
                        verbose_name="考点",
                    ),
                ),
            ],
            options={
                "verbose_name": "办理计数",
                "verbose_name_plural": "办理计数",
                "indexes": [
                    models.Index(fields=["region", "day"], name="handled_by_region_and_day"),
                    models.Index(fields=["site", "day"], name="handled_by_site_and_day"),
                    models.Index(fields=["point", "day"], name="handled_by_point_and_day"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("region", "site", "point", "session", "status", "day", "hours"),
                        name="one_count_per_day_and_wait",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Job",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=40, verbose_name="种类")),
                ("arguments", models.JSONField(default=dict, verbose_name="参数")),
                (
                    "state",
                    models.CharField(
                        choices=[("waiting", "等待"), ("running", "进行中"), ("done", "完成"), ("failed", "未完成")],
                        default="waiting",
                        max_length=7,
                        verbose_name="状态",
                    ),
                ),
                ("attempts", models.PositiveSmallIntegerField(default=0, verbose_name="次数")),
                ("last_attempt", models.PositiveSmallIntegerField(verbose_name="最多次数")),
                ("done", models.PositiveIntegerField(default=0, verbose_name="已完成")),
                ("total", models.PositiveIntegerField(default=0, verbose_name="总数")),
                ("outcome", models.JSONField(default=dict, verbose_name="结果")),
                ("error", models.CharField(blank=True, max_length=80, verbose_name="最近的错误")),
                ("asked_at", models.DateTimeField(verbose_name="申请时间")),
                ("next_try_at", models.DateTimeField(null=True, verbose_name="下次执行时间")),
                ("heartbeat_at", models.DateTimeField(null=True, verbose_name="最近的动静")),
                ("ended_at", models.DateTimeField(null=True, verbose_name="结束时间")),
                (
                    "asked_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="申请人",
                    ),
                ),
            ],
            options={
                "verbose_name": "后台任务",
                "verbose_name_plural": "后台任务",
                "ordering": ["-id"],
                "indexes": [
                    models.Index(condition=models.Q(("ended_at", None)), fields=["state"], name="job_to_do"),
                    models.Index(condition=models.Q(("state", "failed")), fields=["state"], name="job_failed"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("ended_at", None),
                                ("heartbeat_at", None),
                                ("next_try_at__isnull", False),
                                ("state", "waiting"),
                            ),
                            models.Q(
                                ("ended_at", None),
                                ("heartbeat_at__isnull", False),
                                ("next_try_at", None),
                                ("state", "running"),
                            ),
                            models.Q(
                                ("ended_at__isnull", False),
                                ("heartbeat_at", None),
                                ("next_try_at", None),
                                ("state__in", ["done", "failed"]),
                            ),
                            _connector="OR",
                        ),
                        name="job_is_waiting_or_running_or_ended",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at", None)),
                        fields=("kind", "arguments"),
                        name="nothing_is_asked_for_twice_at_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="NoticeVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveSmallIntegerField(verbose_name="版本")),
                ("code", models.CharField(max_length=20, unique=True, verbose_name="验证码")),
                ("issued_at", models.DateTimeField(verbose_name="生成时间")),
                ("replaced_at", models.DateTimeField(null=True, verbose_name="作废时间")),
                ("data_hash", models.CharField(max_length=64, verbose_name="内容摘要")),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="notice_versions",
                        to="candidates.application",
                        verbose_name="报名",
                    ),
                ),
            ],
            options={
                "verbose_name": "通知单版本",
                "verbose_name_plural": "通知单版本",
                "ordering": ["application", "version"],
                "constraints": [
                    models.UniqueConstraint(fields=("application", "version"), name="notice_versions_are_numbered"),
                    models.UniqueConstraint(
                        condition=models.Q(("replaced_at", None)), fields=("application",), name="one_current_notice"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="NumberCounter",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("last", models.PositiveIntegerField(default=0, verbose_name="最后的序号")),
                (
                    "session",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="candidates.examsession",
                        verbose_name="考试年度",
                    ),
                ),
                (
                    "point",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="candidates.unit",
                        verbose_name="报名点",
                    ),
                ),
            ],
            options={
                "verbose_name": "报名编号计数",
                "verbose_name_plural": "报名编号计数",
                "constraints": [
                    models.UniqueConstraint(fields=("session", "point"), name="one_counter_per_session_and_point"),
                    models.CheckConstraint(condition=models.Q(("last__lte", 99999)), name="serial_has_five_digits"),
                ],
            },
        ),
        migrations.CreateModel(
            name="OneTimeCode",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("token", models.UUIDField(db_index=True, default=uuid.uuid4, verbose_name="请求编号")),
                ("login_hash", models.CharField(max_length=64, verbose_name="登录名索引")),
                ("code_hash", models.CharField(max_length=64, verbose_name="验证码摘要")),
                ("sent_at", models.DateTimeField(verbose_name="发送时间")),
                ("tries", models.PositiveSmallIntegerField(default=0, verbose_name="尝试次数")),
                ("used_at", models.DateTimeField(null=True, verbose_name="使用时间")),
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
                (
                    "purpose",
                    models.CharField(
                        choices=[("password", "重置密码"), ("mobile", "确认手机号码")],
                        db_default="password",
                        default="password",
                        max_length=8,
                        verbose_name="用途",
                    ),
                ),
                (
                    "address_hash",
                    models.CharField(blank=True, db_default="", default="", max_length=64, verbose_name="网络地址索引"),
                ),
            ],
            options={
                "verbose_name": "验证码",
                "verbose_name_plural": "验证码",
                "db_table": "candidates_passwordreset",
                "indexes": [
                    models.Index(fields=["login_hash", "sent_at"], name="reset_by_login_name"),
                    models.Index(fields=["account", "sent_at"], name="reset_by_account"),
                    models.Index(fields=["address_hash", "sent_at"], name="code_by_address"),
                ],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("tries__lte", 5)), name="reset_has_at_most_five_tries"),
                    models.CheckConstraint(
                        condition=models.Q(("purpose__in", ["password", "mobile"])), name="code_has_a_purpose"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="OperatorAct",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("run", models.UUIDField(default=uuid.uuid4, verbose_name="运行")),
                (
                    "phase",
                    models.CharField(
                        choices=[("begun", "开始"), ("done", "完成"), ("failed", "未完成")],
                        max_length=6,
                        verbose_name="阶段",
                    ),
                ),
                ("at", models.DateTimeField(verbose_name="时间")),
                ("who", models.CharField(max_length=80, verbose_name="操作人")),
                ("command", models.CharField(max_length=40, verbose_name="命令")),
                ("arguments", models.JSONField(default=dict, verbose_name="参数")),
                ("outcome", models.JSONField(default=dict, verbose_name="结果")),
                (
                    "account",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="账号",
                    ),
                ),
            ],
            options={
                "verbose_name": "操作记录",
                "verbose_name_plural": "操作记录",
                "ordering": ["-id"],
                "constraints": [
                    models.UniqueConstraint(fields=("run", "phase"), name="a_run_begins_and_ends_once"),
                    models.CheckConstraint(
                        condition=models.Q(("phase__in", ["begun", "done", "failed"])), name="operator_act_has_a_phase"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PointCount",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("status", models.CharField(max_length=16, verbose_name="状态")),
                ("number", models.IntegerField(verbose_name="件数")),
                (
                    "point",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="candidates.unit",
                        verbose_name="报名点",
                    ),
                ),
                (
                    "region",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="candidates.unit",
                        verbose_name="考区",
                    ),
                ),
                (
                    "session",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="candidates.examsession",
                        verbose_name="考试年度",
                    ),
                ),
                (
                    "site",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="candidates.unit",
                        verbose_name="考点",
                    ),
                ),
            ],
            options={
                "verbose_name": "状态计数",
                "verbose_name_plural": "状态计数",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("region", "site", "point", "session", "status"), name="one_count_per_point_and_status"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Record",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(verbose_name="时间")),
                ("action", models.CharField(max_length=20, verbose_name="办理")),
                ("from_status", models.CharField(max_length=16, verbose_name="原状态")),
                ("to_status", models.CharField(max_length=16, verbose_name="新状态")),
                ("level", models.CharField(max_length=9, verbose_name="级别")),
                ("round", models.PositiveSmallIntegerField(verbose_name="提交次数")),
                ("data", models.JSONField(default=dict, verbose_name="内容")),
                ("previous_hash", models.CharField(blank=True, max_length=64, verbose_name="上一条的摘要")),
                ("hash", models.CharField(max_length=64, verbose_name="摘要")),
                (
                    "account",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="办理人",
                    ),
                ),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="records",
                        to="candidates.application",
                        verbose_name="报名",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="candidates.unit",
                        verbose_name="单位",
                    ),
                ),
            ],
            options={
                "verbose_name": "办理记录",
                "verbose_name_plural": "办理记录",
                "ordering": ["id"],
                "constraints": [
                    models.UniqueConstraint(fields=("application", "previous_hash"), name="record_chain_does_not_fork")
                ],
            },
        ),
        migrations.CreateModel(
            name="Message",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(verbose_name="时间")),
                ("subject", models.CharField(max_length=80, verbose_name="标题")),
                ("text", models.TextField(verbose_name="内容")),
                ("read_at", models.DateTimeField(null=True, verbose_name="阅读时间")),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="inbox",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="账号",
                    ),
                ),
                (
                    "application",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="messages",
                        to="candidates.application",
                        verbose_name="报名",
                    ),
                ),
                (
                    "record",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="message",
                        to="candidates.record",
                        verbose_name="办理记录",
                    ),
                ),
                ("next_try_at", models.DateTimeField(null=True, verbose_name="下次发送时间")),
                ("tries", models.PositiveSmallIntegerField(db_default=0, default=0, verbose_name="发送次数")),
                ("claimed_at", models.DateTimeField(null=True, verbose_name="开始发送时间")),
                ("sent_at", models.DateTimeField(null=True, verbose_name="发送时间")),
            ],
            options={
                "verbose_name": "消息",
                "verbose_name_plural": "消息",
                "ordering": ["-id"],
                "indexes": [
                    models.Index(fields=["account", "-id"], name="message_by_account"),
                    models.Index(
                        condition=models.Q(("next_try_at__isnull", False)), fields=["next_try_at"], name="message_due"
                    ),
                    models.Index(
                        condition=models.Q(("claimed_at__isnull", False)), fields=["claimed_at"], name="message_claimed"
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("claimed_at", None), ("next_try_at", None)),
                            models.Q(("next_try_at", None), ("sent_at", None)),
                            models.Q(("claimed_at", None), ("sent_at", None)),
                            _connector="OR",
                        ),
                        name="message_is_due_or_claimed_or_sent",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="RecoveryCode",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code_hash", models.CharField(max_length=64, unique=True, verbose_name="恢复码摘要")),
                ("used_at", models.DateTimeField(null=True, verbose_name="使用时间")),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="recovery_codes",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="账号",
                    ),
                ),
            ],
            options={
                "verbose_name": "恢复码",
                "verbose_name_plural": "恢复码",
            },
        ),
        migrations.CreateModel(
            name="SecondFactor",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("secret", candidates.models.sealed.EncryptedField(editable=True, verbose_name="密钥")),
                ("last_step", models.BigIntegerField(verbose_name="最近一次验证码的时间步")),
                ("enrolled_at", models.DateTimeField(verbose_name="绑定时间")),
                (
                    "throttling_failure_timestamp",
                    models.DateTimeField(blank=True, null=True, verbose_name="最近一次错误时间"),
                ),
                ("throttling_failure_count", models.PositiveIntegerField(default=0, verbose_name="连续错误次数")),
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="second_factor",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="账号",
                    ),
                ),
            ],
            options={
                "verbose_name": "两步验证",
                "verbose_name_plural": "两步验证",
            },
        ),
        migrations.CreateModel(
            name="UnitEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("id", models.BigIntegerField()),
                ("code", models.CharField(max_length=7, verbose_name="代码")),
                (
                    "level",
                    models.CharField(
                        choices=[("region", "考区"), ("site", "考点"), ("point", "报名点")],
                        max_length=6,
                        verbose_name="级别",
                    ),
                ),
                ("name", models.CharField(max_length=60, verbose_name="名称")),
                ("address", models.CharField(blank=True, max_length=80, verbose_name="地址")),
                ("telephone", models.CharField(blank=True, max_length=40, verbose_name="电话")),
                ("hours", models.CharField(blank=True, max_length=80, verbose_name="现场审核时间")),
                (
                    "onsite_list_required",
                    models.BooleanField(
                        default=False, help_text="只对考区有效。", verbose_name="要求逐项核对现场审核清单"
                    ),
                ),
                ("is_active", models.BooleanField(default=True, verbose_name="启用")),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="candidates.unit",
                        verbose_name="上级",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="history",
                        related_query_name="history",
                        to="candidates.unit",
                    ),
                ),
            ],
            options={
                "verbose_name": "考区、考点、报名点的更改历史",
                "verbose_name_plural": "考区、考点、报名点的更改历史",
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Announcement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("title", models.CharField(max_length=60, verbose_name="标题")),
                (
                    "text",
                    models.TextField(
                        help_text="纯文本，分段用空行；网址会成为链接。", max_length=4000, verbose_name="内容"
                    ),
                ),
                (
                    "pinned",
                    models.BooleanField(
                        default=False,
                        help_text="系统维护、延期等人人须知的才选；其余只在首页和“通知”中。",
                        verbose_name="在每一页顶部提示",
                    ),
                ),
                ("starts_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="开始显示")),
                (
                    "ends_at",
                    models.DateTimeField(blank=True, help_text="留空则一直显示。", null=True, verbose_name="停止显示"),
                ),
            ],
            options={
                "verbose_name": "全体通知",
                "verbose_name_plural": "全体通知",
                "ordering": ["-starts_at", "-id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("ends_at", None), ("ends_at__gt", models.F("starts_at")), _connector="OR"),
                        name="announcement_ends_after_it_starts",
                        violation_error_message="停止显示的时间应晚于开始显示的时间。",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="AnnouncementEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("id", models.BigIntegerField()),
                ("title", models.CharField(max_length=60, verbose_name="标题")),
                (
                    "text",
                    models.TextField(
                        help_text="纯文本，分段用空行；网址会成为链接。", max_length=4000, verbose_name="内容"
                    ),
                ),
                (
                    "pinned",
                    models.BooleanField(
                        default=False,
                        help_text="系统维护、延期等人人须知的才选；其余只在首页和“通知”中。",
                        verbose_name="在每一页顶部提示",
                    ),
                ),
                ("starts_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="开始显示")),
                (
                    "ends_at",
                    models.DateTimeField(blank=True, help_text="留空则一直显示。", null=True, verbose_name="停止显示"),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="history",
                        related_query_name="history",
                        to="candidates.announcement",
                    ),
                ),
            ],
            options={
                "verbose_name": "全体通知的更改历史",
                "verbose_name_plural": "全体通知的更改历史",
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="RecordNote",
            fields=[
                (
                    "record",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="note",
                        serialize=False,
                        to="candidates.record",
                        verbose_name="办理记录",
                    ),
                ),
                ("actor_name", models.CharField(blank=True, max_length=80, verbose_name="办理人")),
                ("address", models.GenericIPAddressField(null=True, verbose_name="网络地址")),
                ("reason", models.TextField(blank=True, verbose_name="原因")),
                ("data", models.JSONField(default=dict, verbose_name="意见")),
            ],
            options={
                "verbose_name": "办理意见",
                "verbose_name_plural": "办理意见",
            },
        ),
        migrations.AddField(
            model_name="application",
            name="last_record",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="candidates.record",
                verbose_name="最近一次办理",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="announcement",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "candidates_announcementevent" ("ends_at", "id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "pinned", "starts_at", "text", "title") VALUES (NEW."ends_at", NEW."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'insert\', NEW."id", NEW."pinned", NEW."starts_at", NEW."text", NEW."title"); RETURN NULL;',
                    hash="dfae8d5a6cd19ae670454d6b2c6da0d27edd12df",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_e4bc3",
                    table="candidates_announcement",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="announcement",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "candidates_announcementevent" ("ends_at", "id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "pinned", "starts_at", "text", "title") VALUES (NEW."ends_at", NEW."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', NEW."id", NEW."pinned", NEW."starts_at", NEW."text", NEW."title"); RETURN NULL;',
                    hash="3f9a27616f501d577dae87eb0293500f5635d727",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_0aebf",
                    table="candidates_announcement",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="announcement",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "candidates_announcementevent" ("ends_at", "id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "pinned", "starts_at", "text", "title") VALUES (OLD."ends_at", OLD."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', OLD."id", OLD."pinned", OLD."starts_at", OLD."text", OLD."title"); RETURN NULL;',
                    hash="f85a039b1d6863a2a5298a7b063161d37a8b2f61",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_1e746",
                    table="candidates_announcement",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="examcategory",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "candidates_examcategoryevent" ("code", "id", "is_active", "level", "name", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "routes") VALUES (NEW."code", NEW."id", NEW."is_active", NEW."level", NEW."name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'insert\', NEW."id", NEW."routes"); RETURN NULL;',
                    hash="03ed66c9651d41e209373e993ddbb9b2351ddb07",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_38b14",
                    table="candidates_examcategory",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="examcategory",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "candidates_examcategoryevent" ("code", "id", "is_active", "level", "name", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "routes") VALUES (NEW."code", NEW."id", NEW."is_active", NEW."level", NEW."name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', NEW."id", NEW."routes"); RETURN NULL;',
                    hash="4997f110101b95d8d023eeb6434c1e8889caf10b",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_090f1",
                    table="candidates_examcategory",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="examcategory",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "candidates_examcategoryevent" ("code", "id", "is_active", "level", "name", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "routes") VALUES (OLD."code", OLD."id", OLD."is_active", OLD."level", OLD."name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', OLD."id", OLD."routes"); RETURN NULL;',
                    hash="897264d868fa95bd230bc36509b3ce2eda6915f5",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_f5bcd",
                    table="candidates_examcategory",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="examsession",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "candidates_examsessionevent" ("correction_days", "id", "payment_closes", "payment_opens", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "registration_closes", "registration_opens", "review_closes", "review_opens", "upload_closes", "upload_opens", "year") VALUES (NEW."correction_days", NEW."id", NEW."payment_closes", NEW."payment_opens", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'insert\', NEW."id", NEW."registration_closes", NEW."registration_opens", NEW."review_closes", NEW."review_opens", NEW."upload_closes", NEW."upload_opens", NEW."year"); RETURN NULL;',
                    hash="f80bc025f52e98169cd38983fe098b914774d690",
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
                    func='INSERT INTO "candidates_examsessionevent" ("correction_days", "id", "payment_closes", "payment_opens", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "registration_closes", "registration_opens", "review_closes", "review_opens", "upload_closes", "upload_opens", "year") VALUES (NEW."correction_days", NEW."id", NEW."payment_closes", NEW."payment_opens", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', NEW."id", NEW."registration_closes", NEW."registration_opens", NEW."review_closes", NEW."review_opens", NEW."upload_closes", NEW."upload_opens", NEW."year"); RETURN NULL;',
                    hash="b13a23813ef4e1e99230ed8197c8b14055d20494",
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
                    func='INSERT INTO "candidates_examsessionevent" ("correction_days", "id", "payment_closes", "payment_opens", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "registration_closes", "registration_opens", "review_closes", "review_opens", "upload_closes", "upload_opens", "year") VALUES (OLD."correction_days", OLD."id", OLD."payment_closes", OLD."payment_opens", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', OLD."id", OLD."registration_closes", OLD."registration_opens", OLD."review_closes", OLD."review_opens", OLD."upload_closes", OLD."upload_opens", OLD."year"); RETURN NULL;',
                    hash="631c6f441960138a933a81e75ff265c33fb928bc",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_eb8fa",
                    table="candidates_examsession",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="announcementevent",
            trigger=pgtrigger.compiler.Trigger(
                name="history_is_not_truncated",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'the rows of % are append-only', TG_TABLE_NAME;",
                    hash="82340415cced0214168915ef6790ead4c1dbc030",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_history_is_not_truncated_1b6d1",
                    table="candidates_announcementevent",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="announcementevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="e4b9d2b19c52c1fcda2d0bdb0f674bb5986f37ef",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_0cc8b",
                    table="candidates_announcementevent",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="examcategoryevent",
            trigger=pgtrigger.compiler.Trigger(
                name="history_is_not_truncated",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'the rows of % are append-only', TG_TABLE_NAME;",
                    hash="12170b1759d35e4274c4e8fc81208311b22956fa",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_history_is_not_truncated_f53bd",
                    table="candidates_examcategoryevent",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="examcategoryevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="6a0ad04cf1a134f50fa051daa0651bcc162febc8",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_701ca",
                    table="candidates_examcategoryevent",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="examsessionevent",
            trigger=pgtrigger.compiler.Trigger(
                name="history_is_not_truncated",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'the rows of % are append-only', TG_TABLE_NAME;",
                    hash="96a12edfbd6a21dfd9b91c728529a5d4b7c3e03f",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_history_is_not_truncated_d795a",
                    table="candidates_examsessionevent",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="examsessionevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="402a65e7b944a15ecf1adb073ef94ed53e6671a2",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_be758",
                    table="candidates_examsessionevent",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="operatoract",
            trigger=pgtrigger.compiler.Trigger(
                name="operator_acts_are_append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="735bf0e0e29cece9d491b1a51108bb2d2f34ff02",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_operator_acts_are_append_only_5acdd",
                    table="candidates_operatoract",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="operatoract",
            trigger=pgtrigger.compiler.Trigger(
                name="operator_acts_are_not_truncated",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'the rows of % are append-only', TG_TABLE_NAME;",
                    hash="e167a2fb39ec0908a282400dbe1f363070776c6a",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_operator_acts_are_not_truncated_9f44a",
                    table="candidates_operatoract",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="unit",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "candidates_unitevent" ("address", "code", "hours", "id", "is_active", "level", "name", "onsite_list_required", "parent_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "telephone") VALUES (NEW."address", NEW."code", NEW."hours", NEW."id", NEW."is_active", NEW."level", NEW."name", NEW."onsite_list_required", NEW."parent_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'insert\', NEW."id", NEW."telephone"); RETURN NULL;',
                    hash="b115d18837681fa003be68505413e8250fc3042c",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_09a83",
                    table="candidates_unit",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="unit",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "candidates_unitevent" ("address", "code", "hours", "id", "is_active", "level", "name", "onsite_list_required", "parent_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "telephone") VALUES (NEW."address", NEW."code", NEW."hours", NEW."id", NEW."is_active", NEW."level", NEW."name", NEW."onsite_list_required", NEW."parent_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', NEW."id", NEW."telephone"); RETURN NULL;',
                    hash="84a79e2ea01754acf56edb0cf57731f437bb86f0",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_62821",
                    table="candidates_unit",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="unit",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "candidates_unitevent" ("address", "code", "hours", "id", "is_active", "level", "name", "onsite_list_required", "parent_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "telephone") VALUES (OLD."address", OLD."code", OLD."hours", OLD."id", OLD."is_active", OLD."level", OLD."name", OLD."onsite_list_required", OLD."parent_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', OLD."id", OLD."telephone"); RETURN NULL;',
                    hash="8d1ffe8b1f829a4de9c2d17c794619579b9d15ec",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_5c363",
                    table="candidates_unit",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="record",
            trigger=pgtrigger.compiler.Trigger(
                name="records_are_append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="882fcf5ac28b9b63cb480c9be039d15f664edd12",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_records_are_append_only_66596",
                    table="candidates_record",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="record",
            trigger=pgtrigger.compiler.Trigger(
                name="records_are_not_truncated",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'the rows of % are append-only', TG_TABLE_NAME;",
                    hash="bcc0d6c732174935284513608e8ab094dbdc1bf7",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_records_are_not_truncated_03db8",
                    table="candidates_record",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="application",
            trigger=pgtrigger.compiler.Trigger(
                name="new_ones_are_counted",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\nINSERT INTO candidates_pointcount (session_id, region_id, site_id, point_id, status, number)\nSELECT session_id, region_id, site_id, point_id, status, sum(change) FROM (SELECT session_id, region_id, site_id, point_id, status, 1 AS change FROM new_rows WHERE point_id IS NOT NULL) AS moved\nGROUP BY session_id, region_id, site_id, point_id, status HAVING sum(change) <> 0 ORDER BY session_id, region_id, site_id, point_id, status\nON CONFLICT (session_id, region_id, site_id, point_id, status) DO UPDATE SET number = candidates_pointcount.number + EXCLUDED.number;\n RETURN NULL;",
                    hash="937e12ef58479ffd274b5153257cfba61f2e3330",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_new_ones_are_counted_b55cc",
                    referencing="REFERENCING NEW TABLE AS new_rows ",
                    table="candidates_application",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="application",
            trigger=pgtrigger.compiler.Trigger(
                name="deleted_ones_are_not_counted",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\nINSERT INTO candidates_pointcount (session_id, region_id, site_id, point_id, status, number)\nSELECT session_id, region_id, site_id, point_id, status, sum(change) FROM (SELECT session_id, region_id, site_id, point_id, status, -1 AS change FROM old_rows WHERE point_id IS NOT NULL) AS moved\nGROUP BY session_id, region_id, site_id, point_id, status HAVING sum(change) <> 0 ORDER BY session_id, region_id, site_id, point_id, status\nON CONFLICT (session_id, region_id, site_id, point_id, status) DO UPDATE SET number = candidates_pointcount.number + EXCLUDED.number;\n RETURN NULL;",
                    hash="c2d7ef241ce872da4fe603b005eaa42b1299da8f",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_deleted_ones_are_not_counted_c52fe",
                    referencing="REFERENCING OLD TABLE AS old_rows ",
                    table="candidates_application",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="application",
            trigger=pgtrigger.compiler.Trigger(
                name="moved_ones_are_counted_anew",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\nINSERT INTO candidates_pointcount (session_id, region_id, site_id, point_id, status, number)\nSELECT session_id, region_id, site_id, point_id, status, sum(change) FROM (SELECT session_id, region_id, site_id, point_id, status, 1 AS change FROM new_rows WHERE point_id IS NOT NULL UNION ALL SELECT session_id, region_id, site_id, point_id, status, -1 AS change FROM old_rows WHERE point_id IS NOT NULL) AS moved\nGROUP BY session_id, region_id, site_id, point_id, status HAVING sum(change) <> 0 ORDER BY session_id, region_id, site_id, point_id, status\nON CONFLICT (session_id, region_id, site_id, point_id, status) DO UPDATE SET number = candidates_pointcount.number + EXCLUDED.number;\n\nINSERT INTO candidates_handledcount (session_id, region_id, site_id, point_id, status, day, hours, number)\nSELECT session_id, region_id, site_id, point_id, status, day, CASE WHEN hours < 72 THEN hours ELSE hours / 24 * 24 END AS waited, count(*) FROM (\n    SELECT was.session_id, was.region_id, was.site_id, was.point_id, was.status,\n        (became.status_since AT TIME ZONE 'Asia/Shanghai')::date AS day,\n        greatest(0, floor(extract(epoch FROM became.status_since - was.status_since) / 3600))::integer AS hours\n    FROM old_rows AS was JOIN new_rows AS became USING (id)\n    WHERE was.status IN ('point_review', 'site_review', 'region_review') AND became.status <> was.status\n        AND was.status_since IS NOT NULL AND became.status_since IS NOT NULL\n) AS handled\nGROUP BY session_id, region_id, site_id, point_id, status, day, waited ORDER BY session_id, region_id, site_id, point_id, status, day, waited\nON CONFLICT (session_id, region_id, site_id, point_id, status, day, hours) DO UPDATE SET number = candidates_handledcount.number + EXCLUDED.number;\n RETURN NULL;",
                    hash="ce38b2c9e86a4d5028d94412f79bb8986d417f32",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_moved_ones_are_counted_anew_15d96",
                    referencing="REFERENCING OLD TABLE AS old_rows  NEW TABLE AS new_rows ",
                    table="candidates_application",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="unitevent",
            trigger=pgtrigger.compiler.Trigger(
                name="history_is_not_truncated",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'the rows of % are append-only', TG_TABLE_NAME;",
                    hash="e4104887c84ebe6e9a47d61024ebdbdea693c2f5",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_history_is_not_truncated_09be6",
                    table="candidates_unitevent",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="unitevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="9484d64a661c5a2e48ae3d1dfbbdd117b65c5b17",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_84ef8",
                    table="candidates_unitevent",
                    when="BEFORE",
                ),
            ),
        ),
    ]

import django.core.validators
import django.db.models.deletion
import django.db.models.expressions
import pghistory.utils
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("candidates", "0038_appointment_at"),
        ("materials", "0012_pictures_taken_on_site"),
        ("review", "0029_holidays"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="AppointmentSetting",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("is_on", models.BooleanField(default=False, verbose_name="启用现场审核预约")),
                (
                    "from_registered",
                    models.BooleanField(
                        default=False, help_text="不勾选的，考生提交审核以后才能预约。", verbose_name="报名成功即可预约"
                    ),
                ),
                (
                    "minutes",
                    models.PositiveSmallIntegerField(
                        default=30,
                        help_text="15 至 60 分钟，只影响以后生成的时段。",
                        validators=[
                            django.core.validators.MinValueValidator(15),
                            django.core.validators.MaxValueValidator(60),
                        ],
                        verbose_name="时段长度（分钟）",
                    ),
                ),
                (
                    "capacity",
                    models.PositiveSmallIntegerField(
                        default=10,
                        help_text="包括留给没有预约的人的名额，只影响以后生成的时段。",
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(200),
                        ],
                        verbose_name="每个时段的名额",
                    ),
                ),
                (
                    "walk_in",
                    models.PositiveSmallIntegerField(
                        default=0,
                        help_text="这些名额不在网上预约，由窗口现场取号。",
                        verbose_name="其中留给没有预约的人",
                    ),
                ),
                (
                    "point",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="appointments",
                        to="candidates.unit",
                        verbose_name="报名点",
                    ),
                ),
            ],
            options={
                "verbose_name": "现场审核预约设置",
                "verbose_name_plural": "现场审核预约设置",
            },
        ),
        migrations.CreateModel(
            name="AppointmentSettingEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("id", models.BigIntegerField()),
                ("is_on", models.BooleanField(default=False, verbose_name="启用现场审核预约")),
                (
                    "from_registered",
                    models.BooleanField(
                        default=False, help_text="不勾选的，考生提交审核以后才能预约。", verbose_name="报名成功即可预约"
                    ),
                ),
                (
                    "minutes",
                    models.PositiveSmallIntegerField(
                        default=30,
                        help_text="15 至 60 分钟，只影响以后生成的时段。",
                        validators=[
                            django.core.validators.MinValueValidator(15),
                            django.core.validators.MaxValueValidator(60),
                        ],
                        verbose_name="时段长度（分钟）",
                    ),
                ),
                (
                    "capacity",
                    models.PositiveSmallIntegerField(
                        default=10,
                        help_text="包括留给没有预约的人的名额，只影响以后生成的时段。",
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(200),
                        ],
                        verbose_name="每个时段的名额",
                    ),
                ),
                (
                    "walk_in",
                    models.PositiveSmallIntegerField(
                        default=0,
                        help_text="这些名额不在网上预约，由窗口现场取号。",
                        verbose_name="其中留给没有预约的人",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="history",
                        related_query_name="history",
                        to="review.appointmentsetting",
                    ),
                ),
                (
                    "point",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="candidates.unit",
                        verbose_name="报名点",
                    ),
                ),
            ],
            options={
                "verbose_name": "现场审核预约设置的更改历史",
                "verbose_name_plural": "现场审核预约设置的更改历史",
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Board",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("token", models.CharField(max_length=40, unique=True, verbose_name="口令")),
                ("at", models.DateTimeField(verbose_name="生成时间")),
                (
                    "by",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="生成人",
                    ),
                ),
                (
                    "point",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="board",
                        to="candidates.unit",
                        verbose_name="报名点",
                    ),
                ),
            ],
            options={
                "verbose_name": "候场屏幕地址",
                "verbose_name_plural": "候场屏幕地址",
            },
        ),
        migrations.CreateModel(
            name="Capture",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(verbose_name="时间")),
                (
                    "account",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="审核员",
                    ),
                ),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="captures",
                        to="candidates.application",
                        verbose_name="报名",
                    ),
                ),
                (
                    "image",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="capture",
                        to="materials.materialimage",
                        verbose_name="图片",
                    ),
                ),
                (
                    "record",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="capture",
                        to="candidates.record",
                        verbose_name="办理记录",
                    ),
                ),
            ],
            options={
                "verbose_name": "现场采集",
                "verbose_name_plural": "现场采集",
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="ClosedDay",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField(verbose_name="日期")),
                ("words", models.CharField(blank=True, max_length=40, verbose_name="说明")),
                (
                    "setting",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="closed_days",
                        to="review.appointmentsetting",
                        verbose_name="报名点",
                    ),
                ),
            ],
            options={
                "verbose_name": "不办理的日子",
                "verbose_name_plural": "不办理的日子",
                "ordering": ["day"],
            },
        ),
        migrations.CreateModel(
            name="ClosedDayEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("id", models.BigIntegerField()),
                ("day", models.DateField(verbose_name="日期")),
                ("words", models.CharField(blank=True, max_length=40, verbose_name="说明")),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="history",
                        related_query_name="history",
                        to="review.closedday",
                    ),
                ),
                (
                    "setting",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="review.appointmentsetting",
                        verbose_name="报名点",
                    ),
                ),
            ],
            options={
                "verbose_name": "不办理的日子的更改历史",
                "verbose_name_plural": "不办理的日子的更改历史",
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="DayNumbers",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField(verbose_name="日期")),
                ("last", models.PositiveSmallIntegerField(default=0, verbose_name="最后的号码")),
                (
                    "point",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="candidates.unit",
                        verbose_name="报名点",
                    ),
                ),
            ],
            options={
                "verbose_name": "当天号码",
                "verbose_name_plural": "当天号码",
            },
        ),
        migrations.CreateModel(
            name="Handover",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("serial", models.PositiveIntegerField(verbose_name="第几次")),
                ("until", models.DateTimeField(verbose_name="截至")),
                ("at", models.DateTimeField(verbose_name="生成时间")),
                (
                    "by",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="生成人",
                    ),
                ),
                (
                    "point",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="candidates.unit",
                        verbose_name="报名点",
                    ),
                ),
            ],
            options={
                "verbose_name": "材料交接",
                "verbose_name_plural": "材料交接",
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="HandedOver",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="candidates.application",
                        verbose_name="报名",
                    ),
                ),
                (
                    "record",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="candidates.record",
                        verbose_name="通过的记录",
                    ),
                ),
                (
                    "handover",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="folders",
                        to="review.handover",
                        verbose_name="交接",
                    ),
                ),
            ],
            options={
                "verbose_name": "交接的材料袋",
                "verbose_name_plural": "交接的材料袋",
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="OpeningHours",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "weekday",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (1, "星期一"),
                            (2, "星期二"),
                            (3, "星期三"),
                            (4, "星期四"),
                            (5, "星期五"),
                            (6, "星期六"),
                            (7, "星期日"),
                        ],
                        verbose_name="星期",
                    ),
                ),
                ("opens", models.TimeField(verbose_name="开始")),
                ("closes", models.TimeField(verbose_name="结束")),
                (
                    "setting",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="hours",
                        to="review.appointmentsetting",
                        verbose_name="报名点",
                    ),
                ),
            ],
            options={
                "verbose_name": "现场审核时间",
                "verbose_name_plural": "现场审核时间",
                "ordering": ["weekday", "opens", "id"],
            },
        ),
        migrations.CreateModel(
            name="OpeningHoursEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("id", models.BigIntegerField()),
                (
                    "weekday",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (1, "星期一"),
                            (2, "星期二"),
                            (3, "星期三"),
                            (4, "星期四"),
                            (5, "星期五"),
                            (6, "星期六"),
                            (7, "星期日"),
                        ],
                        verbose_name="星期",
                    ),
                ),
                ("opens", models.TimeField(verbose_name="开始")),
                ("closes", models.TimeField(verbose_name="结束")),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="history",
                        related_query_name="history",
                        to="review.openinghours",
                    ),
                ),
                (
                    "setting",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="review.appointmentsetting",
                        verbose_name="报名点",
                    ),
                ),
            ],
            options={
                "verbose_name": "现场审核时间的更改历史",
                "verbose_name_plural": "现场审核时间的更改历史",
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="ParkedLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("document", models.CharField(max_length=120, verbose_name="材料")),
                ("at", models.DateTimeField(verbose_name="时间")),
                ("settled_at", models.DateTimeField(null=True, verbose_name="了结时间")),
                (
                    "account",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="审核员",
                    ),
                ),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="parked_lines",
                        to="candidates.application",
                        verbose_name="报名",
                    ),
                ),
            ],
            options={
                "verbose_name": "下午补看",
                "verbose_name_plural": "下午补看",
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="Slot",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField(verbose_name="日期")),
                ("starts_at", models.DateTimeField(verbose_name="开始")),
                ("ends_at", models.DateTimeField(verbose_name="结束")),
                ("capacity", models.PositiveSmallIntegerField(verbose_name="名额")),
                ("walk_in", models.PositiveSmallIntegerField(default=0, verbose_name="留给没有预约的人")),
                ("taken", models.PositiveSmallIntegerField(default=0, verbose_name="已约")),
                ("is_closed", models.BooleanField(default=False, verbose_name="停止预约")),
                (
                    "point",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="slots",
                        to="candidates.unit",
                        verbose_name="报名点",
                    ),
                ),
            ],
            options={
                "verbose_name": "预约时段",
                "verbose_name_plural": "预约时段",
                "ordering": ["starts_at"],
            },
        ),
        migrations.CreateModel(
            name="Appointment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField(verbose_name="日期")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("booked", "未到"),
                            ("arrived", "已到"),
                            ("called", "正在受理"),
                            ("done", "已办结"),
                            ("absent", "没有到场"),
                            ("ended", "已取消"),
                        ],
                        default="booked",
                        max_length=8,
                        verbose_name="状态",
                    ),
                ),
                (
                    "ending",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("given_back", "考生取消"),
                            ("case", "申请已不在报名点"),
                            ("slot", "时段取消"),
                            ("desk", "窗口取消"),
                        ],
                        max_length=10,
                        verbose_name="取消的原因",
                    ),
                ),
                ("booked_at", models.DateTimeField(verbose_name="预约时间")),
                ("moved", models.PositiveSmallIntegerField(default=0, verbose_name="改期次数")),
                ("number", models.PositiveSmallIntegerField(null=True, verbose_name="当天号码")),
                ("due_at", models.DateTimeField(null=True, verbose_name="排队时间")),
                ("arrived_at", models.DateTimeField(null=True, verbose_name="到场时间")),
                ("called_at", models.DateTimeField(null=True, verbose_name="叫号时间")),
                ("times_called", models.PositiveSmallIntegerField(default=0, verbose_name="叫号次数")),
                ("ended_at", models.DateTimeField(null=True, verbose_name="结束时间")),
                (
                    "application",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="appointments",
                        to="candidates.application",
                        verbose_name="报名",
                    ),
                ),
                (
                    "called_by",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="叫号人",
                    ),
                ),
                (
                    "point",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="candidates.unit",
                        verbose_name="报名点",
                    ),
                ),
                (
                    "slot",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="appointments",
                        to="review.slot",
                        verbose_name="时段",
                    ),
                ),
            ],
            options={
                "verbose_name": "现场审核预约",
                "verbose_name_plural": "现场审核预约",
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="Waiting",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField(verbose_name="日期")),
                ("at", models.DateTimeField(verbose_name="登记时间")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "候补中"),
                            ("offered", "已递补，等待确认"),
                            ("taken", "已确认"),
                            ("missed", "没有按时确认"),
                            ("left", "考生退出"),
                            ("ended", "已失效"),
                        ],
                        default="waiting",
                        max_length=8,
                        verbose_name="状态",
                    ),
                ),
                ("until", models.DateTimeField(null=True, verbose_name="确认期限")),
                (
                    "application",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="waiting",
                        to="candidates.application",
                        verbose_name="报名",
                    ),
                ),
                (
                    "point",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="candidates.unit",
                        verbose_name="报名点",
                    ),
                ),
                (
                    "slot",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="review.slot",
                        verbose_name="留出的时段",
                    ),
                ),
            ],
            options={
                "verbose_name": "候补",
                "verbose_name_plural": "候补",
                "ordering": ["id"],
            },
        ),
        migrations.AddConstraint(
            model_name="appointmentsetting",
            constraint=models.CheckConstraint(
                condition=models.Q(("minutes__gte", 15), ("minutes__lte", 60)),
                name="slot_lasts_15_to_60_minutes",
                violation_error_message="时段长度应在 15 至 60 分钟之间。",
            ),
        ),
        migrations.AddConstraint(
            model_name="appointmentsetting",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("capacity__gte", 1), ("capacity__lte", 200), ("walk_in__lte", models.F("capacity"))
                ),
                name="walk_in_share_is_part_of_the_places",
                violation_error_message="留给没有预约的人的名额不能多于每个时段的名额。",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="appointmentsetting",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "review_appointmentsettingevent" ("capacity", "from_registered", "id", "is_on", "minutes", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "point_id", "walk_in") VALUES (NEW."capacity", NEW."from_registered", NEW."id", NEW."is_on", NEW."minutes", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'insert\', NEW."id", NEW."point_id", NEW."walk_in"); RETURN NULL;',
                    hash="10bcbd572bae0acfce7619ab8fe9dba64b6f0e0c",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_a887c",
                    table="review_appointmentsetting",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="appointmentsetting",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "review_appointmentsettingevent" ("capacity", "from_registered", "id", "is_on", "minutes", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "point_id", "walk_in") VALUES (NEW."capacity", NEW."from_registered", NEW."id", NEW."is_on", NEW."minutes", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', NEW."id", NEW."point_id", NEW."walk_in"); RETURN NULL;',
                    hash="4dd025147ef760e1916df6c747282731a01c0adb",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_adbfb",
                    table="review_appointmentsetting",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="appointmentsetting",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "review_appointmentsettingevent" ("capacity", "from_registered", "id", "is_on", "minutes", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "point_id", "walk_in") VALUES (OLD."capacity", OLD."from_registered", OLD."id", OLD."is_on", OLD."minutes", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', OLD."id", OLD."point_id", OLD."walk_in"); RETURN NULL;',
                    hash="faeb6c5f8251053b2933744eba7a5c37bfa9da1e",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_711bf",
                    table="review_appointmentsetting",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="appointmentsettingevent",
            trigger=pgtrigger.compiler.Trigger(
                name="history_is_not_truncated",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'the rows of % are append-only', TG_TABLE_NAME;",
                    hash="898e614e70564677c638adeab13f30e1fa012186",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_history_is_not_truncated_c9fbd",
                    table="review_appointmentsettingevent",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="appointmentsettingevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="56a45f334a59ed7f87649b4809aa2f030be8fbcf",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_022bb",
                    table="review_appointmentsettingevent",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="board",
            constraint=models.CheckConstraint(
                condition=models.Q(("token__length__gte", 32)), name="token_cannot_be_guessed"
            ),
        ),
        migrations.AddConstraint(
            model_name="closedday",
            constraint=models.UniqueConstraint(fields=("setting", "day"), name="a_day_is_closed_once"),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="closedday",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "review_closeddayevent" ("day", "id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "setting_id", "words") VALUES (NEW."day", NEW."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'insert\', NEW."id", NEW."setting_id", NEW."words"); RETURN NULL;',
                    hash="67e03e8326ca035206cd9dcc969c61f31cbe070b",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_82da9",
                    table="review_closedday",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="closedday",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "review_closeddayevent" ("day", "id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "setting_id", "words") VALUES (NEW."day", NEW."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', NEW."id", NEW."setting_id", NEW."words"); RETURN NULL;',
                    hash="78e43263d6d8fd05168e07e07b7b7a3f1c4dba3d",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_2e15a",
                    table="review_closedday",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="closedday",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "review_closeddayevent" ("day", "id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "setting_id", "words") VALUES (OLD."day", OLD."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', OLD."id", OLD."setting_id", OLD."words"); RETURN NULL;',
                    hash="482004f3a8a51bd0960be1ebcef6042da8b21163",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_9ffd6",
                    table="review_closedday",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="closeddayevent",
            trigger=pgtrigger.compiler.Trigger(
                name="history_is_not_truncated",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'the rows of % are append-only', TG_TABLE_NAME;",
                    hash="c3272493b0de24436010bac8b184c6d1200d5b5b",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_history_is_not_truncated_e697d",
                    table="review_closeddayevent",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="closeddayevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="19b764dce4163cceaf4f1ebdb9c45c152eb1efec",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_750de",
                    table="review_closeddayevent",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="daynumbers",
            constraint=models.UniqueConstraint(fields=("point", "day"), name="one_row_of_numbers_a_day"),
        ),
        migrations.AddConstraint(
            model_name="handover",
            constraint=models.UniqueConstraint(fields=("point", "serial"), name="handovers_of_a_point_are_numbered"),
        ),
        migrations.AddConstraint(
            model_name="openinghours",
            constraint=models.CheckConstraint(
                condition=models.Q(("closes__gt", models.F("opens"))),
                name="hours_close_after_they_open",
                violation_error_message="结束时间应晚于开始时间。",
            ),
        ),
        migrations.AddConstraint(
            model_name="openinghours",
            constraint=models.CheckConstraint(
                condition=models.Q(("weekday__gte", 1), ("weekday__lte", 7)), name="hours_are_of_a_weekday"
            ),
        ),
        migrations.AddConstraint(
            model_name="openinghours",
            constraint=models.UniqueConstraint(fields=("setting", "weekday", "opens"), name="hours_of_a_weekday_once"),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="openinghours",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "review_openinghoursevent" ("closes", "id", "opens", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "setting_id", "weekday") VALUES (NEW."closes", NEW."id", NEW."opens", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'insert\', NEW."id", NEW."setting_id", NEW."weekday"); RETURN NULL;',
                    hash="3b7ae5d43a75589f86a8010d4cd3988dbea2de50",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_1fbea",
                    table="review_openinghours",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="openinghours",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "review_openinghoursevent" ("closes", "id", "opens", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "setting_id", "weekday") VALUES (NEW."closes", NEW."id", NEW."opens", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', NEW."id", NEW."setting_id", NEW."weekday"); RETURN NULL;',
                    hash="eaeafa94433adf246c2b385b152fa25587f38885",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_31014",
                    table="review_openinghours",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="openinghours",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "review_openinghoursevent" ("closes", "id", "opens", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "setting_id", "weekday") VALUES (OLD."closes", OLD."id", OLD."opens", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', OLD."id", OLD."setting_id", OLD."weekday"); RETURN NULL;',
                    hash="26073ac84ae96c8d51f76bcb72854096deda1159",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_b5953",
                    table="review_openinghours",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="openinghoursevent",
            trigger=pgtrigger.compiler.Trigger(
                name="history_is_not_truncated",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'the rows of % are append-only', TG_TABLE_NAME;",
                    hash="60d63e4bdd371c7087c4f05b11bc2014235fdc55",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_history_is_not_truncated_3fcdd",
                    table="review_openinghoursevent",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="openinghoursevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="9b2437da261d407d81e178f56c364c7dc429a1fc",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_bb4b9",
                    table="review_openinghoursevent",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="parkedline",
            constraint=models.UniqueConstraint(
                condition=models.Q(("settled_at", None)),
                fields=("application", "document"),
                name="a_line_is_parked_once",
            ),
        ),
        migrations.AddIndex(
            model_name="slot",
            index=models.Index(fields=["point", "day"], name="slots_of_a_day"),
        ),
        migrations.AddConstraint(
            model_name="slot",
            constraint=models.UniqueConstraint(fields=("point", "starts_at"), name="one_slot_at_a_time"),
        ),
        migrations.AddConstraint(
            model_name="slot",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends_at__gt", models.F("starts_at"))), name="slot_ends_after_it_begins"
            ),
        ),
        migrations.AddConstraint(
            model_name="slot",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "taken__lte",
                        django.db.models.expressions.CombinedExpression(models.F("capacity"), "-", models.F("walk_in")),
                    ),
                    ("walk_in__lte", models.F("capacity")),
                ),
                name="slot_is_never_overbooked",
            ),
        ),
        migrations.AddIndex(
            model_name="appointment",
            index=models.Index(fields=["point", "day", "state", "due_at"], name="appointments_of_a_day"),
        ),
        migrations.AddIndex(
            model_name="appointment",
            index=models.Index(
                condition=models.Q(("state__in", ("booked", "arrived", "called"))),
                fields=["day"],
                name="appointments_to_settle",
            ),
        ),
        migrations.AddConstraint(
            model_name="appointment",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ("booked", "arrived", "called"))),
                fields=("application",),
                name="one_appointment_an_application",
            ),
        ),
        migrations.AddConstraint(
            model_name="appointment",
            constraint=models.UniqueConstraint(fields=("point", "day", "number"), name="number_once_a_day"),
        ),
        migrations.AddConstraint(
            model_name="appointment",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["booked", "arrived", "called", "done", "absent", "ended"])),
                name="appointment_has_a_state",
            ),
        ),
        migrations.AddConstraint(
            model_name="appointment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("application__isnull", False), ("slot__isnull", False)),
                    models.Q(("number__isnull", False), ("slot", None)),
                    _connector="OR",
                ),
                name="booked_one_has_slot_and_application",
            ),
        ),
        migrations.AddConstraint(
            model_name="appointment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ("arrived", "called", "done")), _negated=True),
                    models.Q(("arrived_at__isnull", False), ("due_at__isnull", False), ("number__isnull", False)),
                    _connector="OR",
                ),
                name="who_is_here_has_a_number",
            ),
        ),
        migrations.AddConstraint(
            model_name="appointment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("called_at", None), ("called_by", None), ("times_called", 0)),
                    models.Q(("called_at__isnull", False), ("called_by__isnull", False), ("times_called__gt", 0)),
                    _connector="OR",
                ),
                name="called_by_somebody_at_a_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="appointment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ended_at", None), ("ending", ""), ("state__in", ("booked", "arrived", "called"))),
                    models.Q(("ended_at__isnull", False), ("ending", ""), ("state__in", ["done", "absent"])),
                    models.Q(("ended_at__isnull", False), ("state", "ended"), models.Q(("ending", ""), _negated=True)),
                    _connector="OR",
                ),
                name="what_has_ended_says_when_and_why",
            ),
        ),
        migrations.AddConstraint(
            model_name="appointment",
            constraint=models.CheckConstraint(
                condition=models.Q(("moved__lte", 2)), name="appointment_moves_twice_at_most"
            ),
        ),
        migrations.AddIndex(
            model_name="waiting",
            index=models.Index(
                condition=models.Q(("state__in", ("waiting", "offered"))),
                fields=["point", "day", "id"],
                name="waiting_of_a_day",
            ),
        ),
        migrations.AddConstraint(
            model_name="waiting",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ("waiting", "offered"))),
                fields=("application",),
                name="one_place_on_a_waiting_list",
            ),
        ),
        migrations.AddConstraint(
            model_name="waiting",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["waiting", "offered", "taken", "missed", "left", "ended"])),
                name="waiting_has_a_state",
            ),
        ),
        migrations.AddConstraint(
            model_name="waiting",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "offered"), _negated=True),
                    models.Q(("slot__isnull", False), ("until__isnull", False)),
                    _connector="OR",
                ),
                name="who_moves_up_has_a_place_and_a_term",
            ),
        ),
    ]

import django.db.models.deletion
import pghistory.utils
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    replaces = [
        ("review", "0001_initial"),
        ("review", "0002_drafts_and_column_names"),
        ("review", "0003_history_of_reference_data"),
        ("review", "0004_history_begins"),
        ("review", "0005_reviewers"),
        ("review", "0006_export_progress"),
        ("review", "0007_providers_by_name"),
    ]

    initial = True

    dependencies = [
        ("candidates", "0001_squashed_0013_jobs"),
        ("materials", "0001_squashed_0005_history_begins"),
    ]

    operations = [
        migrations.CreateModel(
            name="Reason",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=20, unique=True, verbose_name="代码")),
                ("label", models.CharField(max_length=20, verbose_name="名称")),
                ("sentence", models.CharField(max_length=120, verbose_name="考生看到的说明")),
                ("position", models.PositiveSmallIntegerField(verbose_name="快捷数字键")),
                ("is_active", models.BooleanField(default=True, verbose_name="启用")),
            ],
            options={
                "verbose_name": "标准原因",
                "verbose_name_plural": "标准原因",
                "ordering": ["position", "code"],
            },
        ),
        migrations.CreateModel(
            name="ReasonEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("id", models.BigIntegerField()),
                ("code", models.CharField(max_length=20, verbose_name="代码")),
                ("label", models.CharField(max_length=20, verbose_name="名称")),
                ("sentence", models.CharField(max_length=120, verbose_name="考生看到的说明")),
                ("position", models.PositiveSmallIntegerField(verbose_name="快捷数字键")),
                ("is_active", models.BooleanField(default=True, verbose_name="启用")),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="history",
                        related_query_name="history",
                        to="review.reason",
                    ),
                ),
            ],
            options={
                "verbose_name": "标准原因的更改历史",
                "verbose_name_plural": "标准原因的更改历史",
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Verdict",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("round", models.PositiveSmallIntegerField(verbose_name="提交次数")),
                (
                    "verdict",
                    models.CharField(choices=[("ok", "合格"), ("not_ok", "不合格")], max_length=6, verbose_name="结论"),
                ),
                ("reason", models.CharField(blank=True, max_length=300, verbose_name="原因")),
                (
                    "level",
                    models.CharField(
                        choices=[("region", "考区"), ("site", "考点"), ("point", "报名点")],
                        max_length=6,
                        verbose_name="级别",
                    ),
                ),
                ("at", models.DateTimeField(verbose_name="时间")),
                ("is_current", models.BooleanField(default=True, verbose_name="当前结论")),
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
                    "image",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="verdicts",
                        to="materials.materialimage",
                        verbose_name="图片",
                    ),
                ),
            ],
            options={
                "verbose_name": "图片审核结论",
                "verbose_name_plural": "图片审核结论",
                "ordering": ["id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("is_current", True)),
                        fields=("image",),
                        name="one_current_verdict_a_picture",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("verdict", "ok"), models.Q(("reason", ""), _negated=True), _connector="OR"),
                        name="refusal_has_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("verdict__in", ["ok", "not_ok"])), name="verdict_is_ok_or_not_ok"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Reviewer",
            fields=[],
            options={
                "verbose_name": "审核员",
                "verbose_name_plural": "审核员",
                "proxy": True,
                "indexes": [],
                "constraints": [],
            },
            bases=("candidates.account",),
        ),
        migrations.CreateModel(
            name="DraftVerdicts",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("round", models.PositiveSmallIntegerField(verbose_name="提交次数")),
                ("judged", models.JSONField(default=dict, verbose_name="结论")),
                ("at", models.DateTimeField(verbose_name="时间")),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="审核员",
                    ),
                ),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="draft_verdicts",
                        to="candidates.application",
                        verbose_name="报名",
                    ),
                ),
            ],
            options={
                "verbose_name": "未提交的审核结论",
                "verbose_name_plural": "未提交的审核结论",
                "constraints": [
                    models.UniqueConstraint(fields=("application", "account"), name="one_draft_a_reviewer_and_case")
                ],
            },
        ),
        migrations.CreateModel(
            name="ExportRun",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("table", "表格"), ("pictures", "图片")], max_length=8, verbose_name="内容"
                    ),
                ),
                ("status", models.CharField(max_length=16, verbose_name="状态")),
                ("number", models.PositiveIntegerField(verbose_name="申请数")),
                ("done", models.PositiveIntegerField(default=0, verbose_name="已导出")),
                ("size", models.PositiveBigIntegerField(default=0, verbose_name="已发送（字节）")),
                ("started_at", models.DateTimeField(verbose_name="开始时间")),
                ("moved_at", models.DateTimeField(verbose_name="最近进展")),
                ("ended_at", models.DateTimeField(null=True, verbose_name="结束时间")),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="审核员",
                    ),
                ),
            ],
            options={
                "verbose_name": "导出进度",
                "verbose_name_plural": "导出进度",
                "ordering": ["-id"],
                "indexes": [models.Index(fields=["account", "-id"], name="export_runs_of_account")],
            },
        ),
        migrations.CreateModel(
            name="Fee",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "level",
                    models.CharField(
                        choices=[("physician", "执业医师"), ("assistant", "执业助理医师")],
                        max_length=9,
                        verbose_name="级别",
                    ),
                ),
                ("amount", models.PositiveIntegerField(verbose_name="金额（分）")),
                (
                    "region",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="fees",
                        to="candidates.unit",
                        verbose_name="考区",
                    ),
                ),
                (
                    "session",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="fees",
                        to="candidates.examsession",
                        verbose_name="考试年度",
                    ),
                ),
            ],
            options={
                "verbose_name": "收费标准",
                "verbose_name_plural": "收费标准",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("session", "region", "level"), name="one_fee_per_session_region_level"
                    ),
                    models.CheckConstraint(condition=models.Q(("amount__gt", 0)), name="fee_is_more_than_nothing"),
                ],
            },
        ),
        migrations.CreateModel(
            name="FeeEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("id", models.BigIntegerField()),
                (
                    "level",
                    models.CharField(
                        choices=[("physician", "执业医师"), ("assistant", "执业助理医师")],
                        max_length=9,
                        verbose_name="级别",
                    ),
                ),
                ("amount", models.PositiveIntegerField(verbose_name="金额（分）")),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="history",
                        related_query_name="history",
                        to="review.fee",
                    ),
                ),
                (
                    "region",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="candidates.unit",
                        verbose_name="考区",
                    ),
                ),
                (
                    "session",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="candidates.examsession",
                        verbose_name="考试年度",
                    ),
                ),
            ],
            options={
                "verbose_name": "收费标准的更改历史",
                "verbose_name_plural": "收费标准的更改历史",
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Hold",
            fields=[
                (
                    "application",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="hold",
                        serialize=False,
                        to="candidates.application",
                        verbose_name="报名",
                    ),
                ),
                ("until", models.DateTimeField(verbose_name="至")),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="审核员",
                    ),
                ),
            ],
            options={
                "verbose_name": "正在审阅",
                "verbose_name_plural": "正在审阅",
            },
        ),
        migrations.CreateModel(
            name="Look",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("case", "案卷"), ("packet", "材料册"), ("export", "导出"), ("picture", "图片")],
                        max_length=8,
                        verbose_name="查阅内容",
                    ),
                ),
                ("round", models.PositiveSmallIntegerField(verbose_name="提交次数")),
                ("at", models.DateTimeField(verbose_name="时间")),
                (
                    "account",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
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
                        related_name="looks",
                        to="candidates.application",
                        verbose_name="报名",
                    ),
                ),
            ],
            options={
                "verbose_name": "查阅记录",
                "verbose_name_plural": "查阅记录",
                "ordering": ["id"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("application", "account", "round", "kind"), name="a_look_is_recorded_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="OnsiteTick",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("round", models.PositiveSmallIntegerField(verbose_name="提交次数")),
                ("document", models.CharField(max_length=120, verbose_name="材料")),
                ("seen", models.BooleanField(verbose_name="已核对")),
                ("note", models.CharField(blank=True, max_length=120, verbose_name="说明")),
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
                        related_name="onsite_ticks",
                        to="candidates.application",
                        verbose_name="报名",
                    ),
                ),
            ],
            options={
                "verbose_name": "现场审核清单核对",
                "verbose_name_plural": "现场审核清单核对",
                "ordering": ["id"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("application", "round", "document"), name="one_tick_a_line_and_round"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("seen", True), models.Q(("note", ""), _negated=True), _connector="OR"),
                        name="unseen_line_has_a_note",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="OwedReceipt",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("category", models.CharField(max_length=20, verbose_name="材料类别")),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="owed_receipts",
                        to="candidates.application",
                        verbose_name="报名",
                    ),
                ),
                (
                    "record",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="candidates.record",
                        verbose_name="办理记录",
                    ),
                ),
            ],
            options={
                "verbose_name": "待补材料收讫",
                "verbose_name_plural": "待补材料收讫",
                "constraints": [
                    models.UniqueConstraint(fields=("application", "category"), name="a_debt_is_settled_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="PaymentOrder",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=32, unique=True, verbose_name="订单号")),
                ("amount", models.PositiveIntegerField(verbose_name="金额（分）")),
                (
                    "state",
                    models.CharField(
                        choices=[("created", "待支付"), ("paid", "已支付"), ("closed", "已关闭")],
                        default="created",
                        max_length=7,
                        verbose_name="状态",
                    ),
                ),
                ("created_at", models.DateTimeField(verbose_name="生成时间")),
                ("closed_at", models.DateTimeField(null=True, verbose_name="关闭时间")),
                ("paid_at", models.DateTimeField(null=True, verbose_name="支付时间")),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="payment_orders",
                        to="candidates.application",
                        verbose_name="报名",
                    ),
                ),
            ],
            options={
                "verbose_name": "缴费订单",
                "verbose_name_plural": "缴费订单",
                "ordering": ["-id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["created", "paid"])),
                        fields=("application",),
                        name="one_order_open_or_paid",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("closed_at", None), ("paid_at", None), ("state", "created")),
                            models.Q(("closed_at", None), ("paid_at__isnull", False), ("state", "paid")),
                            models.Q(("closed_at__isnull", False), ("paid_at", None), ("state", "closed")),
                            _connector="OR",
                        ),
                        name="order_state_has_its_time",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Payment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "provider",
                    models.CharField(
                        choices=[("alipay", "支付宝"), ("wechat", "微信支付"), ("bank", "银行转账")],
                        max_length=10,
                        verbose_name="支付渠道",
                    ),
                ),
                ("trade_number", models.CharField(max_length=64, verbose_name="渠道交易号")),
                ("amount", models.PositiveIntegerField(verbose_name="金额（分）")),
                (
                    "state",
                    models.CharField(
                        choices=[("settled", "已入账"), ("refund_needed", "待退款")], max_length=13, verbose_name="状态"
                    ),
                ),
                ("received_at", models.DateTimeField(verbose_name="到账时间")),
                ("closed_reason", models.CharField(blank=True, max_length=200, verbose_name="退款处理说明")),
                ("closed_at", models.DateTimeField(null=True, verbose_name="处理时间")),
                (
                    "order",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="payments",
                        to="review.paymentorder",
                        verbose_name="订单",
                    ),
                ),
            ],
            options={
                "verbose_name": "收款",
                "verbose_name_plural": "收款",
                "ordering": ["-id"],
                "constraints": [
                    models.UniqueConstraint(fields=("provider", "trade_number"), name="a_trade_is_booked_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "settled")), fields=("order",), name="one_settled_payment_an_order"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "settled"), _negated=True), ("order__isnull", False), _connector="OR"
                        ),
                        name="settled_payment_has_its_order",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("closed_at", None), ("closed_reason", "")),
                            models.Q(("closed_at__isnull", False), models.Q(("closed_reason", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="closed_refund_has_reason",
                    ),
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="reason",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "review_reasonevent" ("code", "id", "is_active", "label", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "sentence") VALUES (NEW."code", NEW."id", NEW."is_active", NEW."label", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'insert\', NEW."id", NEW."position", NEW."sentence"); RETURN NULL;',
                    hash="a11d95da5ac24c1307ff024e7a85e205721d9a61",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_36278",
                    table="review_reason",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="reason",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "review_reasonevent" ("code", "id", "is_active", "label", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "sentence") VALUES (NEW."code", NEW."id", NEW."is_active", NEW."label", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', NEW."id", NEW."position", NEW."sentence"); RETURN NULL;',
                    hash="57cfc4574cb364170e47489ccfd90c49c13d103a",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_96969",
                    table="review_reason",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="reason",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "review_reasonevent" ("code", "id", "is_active", "label", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "sentence") VALUES (OLD."code", OLD."id", OLD."is_active", OLD."label", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', OLD."id", OLD."position", OLD."sentence"); RETURN NULL;',
                    hash="defeea7a15ff7ac54db1cdbfd9389f7e3f05c04f",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_1a567",
                    table="review_reason",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="fee",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "review_feeevent" ("amount", "id", "level", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "region_id", "session_id") VALUES (NEW."amount", NEW."id", NEW."level", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'insert\', NEW."id", NEW."region_id", NEW."session_id"); RETURN NULL;',
                    hash="43bd46b9e9026ee4bf7d310a47029d00676901bf",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_5e91c",
                    table="review_fee",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="fee",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "review_feeevent" ("amount", "id", "level", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "region_id", "session_id") VALUES (NEW."amount", NEW."id", NEW."level", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', NEW."id", NEW."region_id", NEW."session_id"); RETURN NULL;',
                    hash="80464c478ba8f77506019fa9443f9dcfb6d89f99",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_63d41",
                    table="review_fee",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="fee",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "review_feeevent" ("amount", "id", "level", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "region_id", "session_id") VALUES (OLD."amount", OLD."id", OLD."level", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', OLD."id", OLD."region_id", OLD."session_id"); RETURN NULL;',
                    hash="f92e358df803e1b58d492b876ec0c1dde0d58e94",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_ab27d",
                    table="review_fee",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="feeevent",
            trigger=pgtrigger.compiler.Trigger(
                name="history_is_not_truncated",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'the rows of % are append-only', TG_TABLE_NAME;",
                    hash="ce8a3b1f8d6c7d36f3e034b7e06de81f732e1080",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_history_is_not_truncated_4d2d4",
                    table="review_feeevent",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="feeevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="2e4ec4baec44df5793fba354e545d106e698f45d",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_956ec",
                    table="review_feeevent",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="look",
            trigger=pgtrigger.compiler.Trigger(
                name="looks_are_append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="50b0f550ea86a55b88ba586d700e4c2158a45bce",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_looks_are_append_only_415f8",
                    table="review_look",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="reasonevent",
            trigger=pgtrigger.compiler.Trigger(
                name="history_is_not_truncated",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'the rows of % are append-only', TG_TABLE_NAME;",
                    hash="c49a45964579fece6304dd586036417727681757",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_history_is_not_truncated_82e7b",
                    table="review_reasonevent",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="reasonevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="2020676a961553debb748d7fb23d8d2106766ea3",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_d0ab5",
                    table="review_reasonevent",
                    when="BEFORE",
                ),
            ),
        ),
    ]

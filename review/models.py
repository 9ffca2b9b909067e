from datetime import UTC, datetime

from django.db import models
from django.db.models import Q

from candidates.models import Account, Application, ExamSession, Record, Unit
from candidates.models.history import keep_history
from candidates.rules.levels import LABELS
from candidates.rules.profile import EXAM_LEVELS
from materials.models import MaterialImage

VERDICTS = {"ok": "合格", "not_ok": "不合格"}
THIS_CENTURY, NEXT_CENTURY = datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)


class Reviewer(Account):
    """The accounts of reviewers, for the back office."""

    class Meta:
        proxy = True
        verbose_name = verbose_name_plural = "审核员"


@keep_history
class Reason(models.Model):
    """A standard reason for 不合格, with the sentence that the candidate reads. Operator data."""

    code = models.CharField("代码", max_length=20, unique=True)
    label = models.CharField("名称", max_length=20)
    sentence = models.CharField("考生看到的说明", max_length=120)
    position = models.PositiveSmallIntegerField("快捷数字键")
    is_active = models.BooleanField("启用", default=True)

    class Meta:
        verbose_name = verbose_name_plural = "标准原因"
        ordering = ["position", "code"]

    def __str__(self):
        return self.label


class Verdict(models.Model):
    """A level's judgement of one picture in one round. The newest counts; earlier ones are kept."""

    image = models.ForeignKey(MaterialImage, verbose_name="图片", on_delete=models.PROTECT, related_name="verdicts")
    round = models.PositiveSmallIntegerField("提交次数")
    verdict = models.CharField("结论", max_length=6, choices=list(VERDICTS.items()))
    reason = models.CharField("原因", max_length=300, blank=True)
    level = models.CharField("级别", max_length=6, choices=list(LABELS.items()))
    account = models.ForeignKey(
        Account, verbose_name="审核员", null=True, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+"
    )
    at = models.DateTimeField("时间")
    is_current = models.BooleanField("当前结论", default=True)

    class Meta:
        verbose_name = verbose_name_plural = "图片审核结论"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                name="one_current_verdict_a_picture", fields=["image"], condition=Q(is_current=True)
            ),
            models.CheckConstraint(name="refusal_has_reason", condition=Q(verdict="ok") | ~Q(reason="")),
            models.CheckConstraint(name="verdict_is_ok_or_not_ok", condition=Q(verdict__in=list(VERDICTS))),
        ]

    def __str__(self):
        return f"{self.image_id} {self.verdict}"


class OnsiteTick(models.Model):
    """One line of the on-site list at the registration point: the original was seen, or a note says why not."""

    application = models.ForeignKey(
        Application, verbose_name="报名", on_delete=models.PROTECT, related_name="onsite_ticks"
    )
    round = models.PositiveSmallIntegerField("提交次数")
    document = models.CharField("材料", max_length=120)
    seen = models.BooleanField("已核对")
    note = models.CharField("说明", max_length=120, blank=True)
    account = models.ForeignKey(
        Account, verbose_name="审核员", null=True, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+"
    )
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = verbose_name_plural = "现场审核清单核对"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(name="one_tick_a_line_and_round", fields=["application", "round", "document"]),
            models.CheckConstraint(name="unseen_line_has_a_note", condition=Q(seen=True) | ~Q(note="")),
        ]

    def __str__(self):
        return self.document


class OwedReceipt(models.Model):
    """The site received a paper that was owed: the only thing that settles the debt."""

    application = models.ForeignKey(
        Application, verbose_name="报名", on_delete=models.PROTECT, related_name="owed_receipts"
    )
    category = models.CharField("材料类别", max_length=20)
    record = models.ForeignKey(Record, verbose_name="办理记录", on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = verbose_name_plural = "待补材料收讫"
        constraints = [
            models.UniqueConstraint(name="a_debt_is_settled_once", fields=["application", "category"]),
        ]

    def __str__(self):
        return f"{self.application_id} {self.category}"


class Hold(models.Model):
    """Who is reading a case at present. A courtesy, not a lock."""

    application = models.OneToOneField(
        Application, verbose_name="报名", on_delete=models.CASCADE, related_name="hold", primary_key=True
    )
    account = models.ForeignKey(Account, verbose_name="审核员", on_delete=models.CASCADE, related_name="+")
    until = models.DateTimeField("至")

    class Meta:
        verbose_name = verbose_name_plural = "正在审阅"

    def __str__(self):
        return f"{self.application_id} {self.account_id}"


class DraftVerdicts(models.Model):
    """What one reviewer has judged on a case's page and not decided on yet; dropped when anybody decides."""

    application = models.ForeignKey(
        Application, verbose_name="报名", on_delete=models.CASCADE, related_name="draft_verdicts"
    )
    account = models.ForeignKey(Account, verbose_name="审核员", on_delete=models.CASCADE, related_name="+")
    round = models.PositiveSmallIntegerField("提交次数")
    judged = models.JSONField("结论", default=dict)  # picture's id -> verdict, reason (its code), words
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = verbose_name_plural = "未提交的审核结论"
        constraints = [
            models.UniqueConstraint(name="one_draft_a_reviewer_and_case", fields=["application", "account"]),
        ]

    def __str__(self):
        return f"{self.application_id} {self.account_id}"


class ExportRun(models.Model):
    """How far a download of a list has come, for whoever waits for it. Kept for a week."""

    account = models.ForeignKey(Account, verbose_name="审核员", on_delete=models.CASCADE, related_name="+")
    kind = models.CharField("内容", max_length=8, choices=[("table", "表格"), ("pictures", "图片")])
    status = models.CharField("状态", max_length=16)  # of the applications
    number = models.PositiveIntegerField("申请数")
    done = models.PositiveIntegerField("已导出", default=0)  # applications
    size = models.PositiveBigIntegerField("已发送（字节）", default=0)
    started_at = models.DateTimeField("开始时间")
    moved_at = models.DateTimeField("最近进展")
    ended_at = models.DateTimeField("结束时间", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "导出进度"
        ordering = ["-id"]
        indexes = [models.Index(name="export_runs_of_account", fields=["account", "-id"])]

    def __str__(self):
        return f"{self.kind} {self.done}/{self.number}"


@keep_history
class Fee(models.Model):
    """What a region asks for a level in a session, in fen. Operator data."""

    session = models.ForeignKey(ExamSession, verbose_name="考试年度", on_delete=models.PROTECT, related_name="fees")
    region = models.ForeignKey(Unit, verbose_name="考区", on_delete=models.PROTECT, related_name="fees")
    level = models.CharField("级别", max_length=9, choices=list(EXAM_LEVELS.items()))
    amount = models.PositiveIntegerField("金额（分）")

    class Meta:
        verbose_name = verbose_name_plural = "收费标准"
        constraints = [
            models.UniqueConstraint(name="one_fee_per_session_region_level", fields=["session", "region", "level"]),
            models.CheckConstraint(name="fee_is_more_than_nothing", condition=Q(amount__gt=0)),
        ]

    def __str__(self):
        return f"{self.region} {self.get_level_display()} {self.amount} 分"


class PaymentOrder(models.Model):
    """What the candidate is asked to pay. An application has one open or paid order at most."""

    application = models.ForeignKey(
        Application, verbose_name="报名", on_delete=models.PROTECT, related_name="payment_orders"
    )
    number = models.CharField("订单号", max_length=32, unique=True)
    amount = models.PositiveIntegerField("金额（分）")
    state = models.CharField(
        "状态",
        max_length=7,
        default="created",
        choices=[("created", "待支付"), ("paid", "已支付"), ("closed", "已关闭")],
    )
    created_at = models.DateTimeField("生成时间")
    closed_at = models.DateTimeField("关闭时间", null=True)
    paid_at = models.DateTimeField("支付时间", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "缴费订单"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                name="one_order_open_or_paid", fields=["application"], condition=Q(state__in=["created", "paid"])
            ),
            models.CheckConstraint(
                name="order_state_has_its_time",
                condition=Q(state="created", closed_at=None, paid_at=None)
                | Q(state="paid", paid_at__isnull=False, closed_at=None)
                | Q(state="closed", closed_at__isnull=False, paid_at=None),
            ),
            models.CheckConstraint(
                name="order_was_paid_in_this_century",
                condition=Q(paid_at=None) | Q(paid_at__gte=THIS_CENTURY, paid_at__lt=NEXT_CENTURY),
            ),
        ]

    def __str__(self):
        return self.number


PROVIDERS = {"alipay": "支付宝", "wechat": "微信支付", "bank": "银行转账"}


class Payment(models.Model):
    """Money that was received, whatever for: never lost, never a second `paid`."""

    order = models.ForeignKey(
        PaymentOrder, verbose_name="订单", null=True, on_delete=models.PROTECT, related_name="payments"
    )
    provider = models.CharField("支付渠道", max_length=10, choices=list(PROVIDERS.items()))
    trade_number = models.CharField("渠道交易号", max_length=64)
    amount = models.PositiveIntegerField("金额（分）")
    state = models.CharField("状态", max_length=13, choices=[("settled", "已入账"), ("refund_needed", "待退款")])
    received_at = models.DateTimeField("到账时间")
    # what the provider said that cannot be so, cleaned for display; such money is kept for a refund
    strange = models.TextField("渠道通知中的异常内容", blank=True, default="", db_default="")
    closed_reason = models.CharField("退款处理说明", max_length=200, blank=True)
    closed_at = models.DateTimeField("处理时间", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "收款"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(name="a_trade_is_booked_once", fields=["provider", "trade_number"]),
            models.UniqueConstraint(
                name="one_settled_payment_an_order", fields=["order"], condition=Q(state="settled")
            ),
            models.CheckConstraint(
                name="settled_payment_has_its_order", condition=~Q(state="settled") | Q(order__isnull=False)
            ),
            models.CheckConstraint(
                name="payment_is_of_this_century",
                condition=Q(received_at__gte=THIS_CENTURY, received_at__lt=NEXT_CENTURY),
            ),
            models.CheckConstraint(
                name="closed_refund_has_reason",
                condition=Q(closed_at=None, closed_reason="") | (Q(closed_at__isnull=False) & ~Q(closed_reason="")),
            ),
        ]

    def __str__(self):
        return f"{self.get_provider_display()} {self.trade_number}"

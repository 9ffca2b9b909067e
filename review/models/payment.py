"""What is asked for, what is ordered, what came in: three things, all in fen."""

from datetime import UTC, datetime

from django.db import models
from django.db.models import F, Q

from candidates.models import Application, ExamSession, Unit
from candidates.models.history import keep_history
from candidates.rules.profile import EXAM_LEVELS

THIS_CENTURY, NEXT_CENTURY = datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
PROVIDERS = {"alipay": "支付宝", "wechat": "微信支付", "bank": "银行转账"}


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
        max_length=8,
        default="created",
        choices=[("created", "待支付"), ("paid", "已支付"), ("closed", "已关闭"), ("refunded", "已退款")],
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
                | Q(state__in=["paid", "refunded"], paid_at__isnull=False, closed_at=None)
                | Q(state="closed", closed_at__isnull=False, paid_at=None),
            ),
            models.CheckConstraint(
                name="order_was_paid_in_this_century",
                condition=Q(paid_at=None) | Q(paid_at__gte=THIS_CENTURY, paid_at__lt=NEXT_CENTURY),
            ),
        ]

    def __str__(self):
        return self.number


class Payment(models.Model):
    """Money that was received, whatever for: never lost, never a second `paid`."""

    order = models.ForeignKey(
        PaymentOrder, verbose_name="订单", null=True, on_delete=models.PROTECT, related_name="payments"
    )
    provider = models.CharField("支付渠道", max_length=10, choices=list(PROVIDERS.items()))
    trade_number = models.CharField("渠道交易号", max_length=64)
    amount = models.PositiveIntegerField("金额（分）")
    state = models.CharField("状态", max_length=13, choices=[("settled", "已入账"), ("refund_needed", "待退款")])
    # what went back, is on its way, or is asked for; never above what came
    refunded = models.PositiveIntegerField("退款金额（分）", default=0, db_default=0)
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
            models.CheckConstraint(name="no_more_goes_back_than_came", condition=Q(refunded__lte=F("amount"))),
            models.CheckConstraint(
                name="closed_refund_has_reason",
                condition=Q(closed_at=None, closed_reason="") | (Q(closed_at__isnull=False) & ~Q(closed_reason="")),
            ),
        ]

    def __str__(self):
        return f"{self.get_provider_display()} {self.trade_number}"

"""Lines of statements that settled nothing because nobody knew for what they were."""

from django.db import models
from django.db.models import Q

from candidates.models import Account
from review.models.payment import NEXT_CENTURY, PROVIDERS, THIS_CENTURY, Payment

LINE_STATES = {"open": "待匹配", "matched": "已匹配", "left": "不入账"}


class StatementLine(models.Model):
    """Money that came, of which no order is known: matched by an operator, or left with a reason. Amounts are fen."""

    provider = models.CharField("支付渠道", max_length=10, choices=list(PROVIDERS.items()))
    trade_number = models.CharField("渠道交易号", max_length=64)
    order_number = models.CharField("对方写的订单号", max_length=64, blank=True)
    amount = models.PositiveIntegerField("金额（分）")
    at = models.DateTimeField("到账时间")
    found_at = models.DateTimeField("发现时间")
    why = models.CharField("没有入账的原因", max_length=200)
    state = models.CharField("状态", max_length=7, choices=list(LINE_STATES.items()), default="open")
    payment = models.OneToOneField(
        Payment, verbose_name="收款", null=True, on_delete=models.PROTECT, related_name="statement_line"
    )
    settled_by = models.ForeignKey(
        Account, verbose_name="办理人", null=True, on_delete=models.PROTECT, related_name="+"
    )
    settled_at = models.DateTimeField("办理时间", null=True)
    reason = models.CharField("说明", max_length=200, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "没有匹配的账目"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(name="a_line_waits_once", fields=["provider", "trade_number"]),
            models.CheckConstraint(
                name="line_is_open_or_matched_or_left_with_a_reason",
                condition=Q(state="open", payment=None, settled_by=None, settled_at=None, reason="")
                | Q(state="matched", payment__isnull=False, settled_by__isnull=False, settled_at__isnull=False)
                | (Q(state="left", payment=None, settled_by__isnull=False, settled_at__isnull=False) & ~Q(reason="")),
            ),
            models.CheckConstraint(
                name="line_is_of_this_century", condition=Q(at__gte=THIS_CENTURY, at__lt=NEXT_CENTURY)
            ),
        ]
        indexes = [models.Index(name="statement_lines_open", fields=["-id"], condition=Q(state="open"))]

    def __str__(self):
        return f"{self.get_provider_display()} {self.trade_number}"

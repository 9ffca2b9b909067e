"""Money on its way back: asked for by one operator, confirmed by another."""

from django.db import models
from django.db.models import F, Q

from candidates.models import Account
from review.models.payment import Payment

UNDER_WAY = ("asked", "sending", "processing")
REFUND_STATES = {
    "asked": "待另一位操作员确认",
    "sending": "已确认，正在交给支付平台",
    "processing": "支付平台处理中",
    "done": "已退回",
    "failed": "退款失败",
    "declined": "未同意",
}


class Refund(models.Model):
    """One refund of a payment, in fen; `number` is what the provider knows it by, so that it gives the money once."""

    payment = models.ForeignKey(Payment, verbose_name="收款", on_delete=models.PROTECT, related_name="refunds")
    number = models.CharField("退款单号", max_length=32)
    amount = models.PositiveIntegerField("退款金额（分）")
    reason = models.CharField("原因", max_length=200)
    state = models.CharField("状态", max_length=10, choices=list(REFUND_STATES.items()), default="asked")
    asked_by = models.ForeignKey(Account, verbose_name="提出人", on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField("提出时间")
    confirmed_by = models.ForeignKey(
        Account, verbose_name="确认人", null=True, on_delete=models.PROTECT, related_name="+"
    )
    confirmed_at = models.DateTimeField("确认时间", null=True)
    provider_number = models.CharField("渠道退款单号", max_length=64, blank=True, default="")
    answer = models.CharField("渠道答复", max_length=200, blank=True, default="")
    finished_at = models.DateTimeField("办结时间", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "退款"
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(name="refund_is_more_than_nothing", condition=Q(amount__gt=0)),
            models.CheckConstraint(name="refund_has_its_reason", condition=~Q(reason="")),
            models.CheckConstraint(
                name="refund_is_confirmed_by_another",
                condition=Q(confirmed_by=None) | ~Q(confirmed_by=F("asked_by")),
            ),
            models.CheckConstraint(
                name="refund_state_has_who_and_when",
                condition=Q(state="asked", confirmed_by=None, confirmed_at=None, finished_at=None)
                | Q(
                    state__in=["sending", "processing"],
                    confirmed_by__isnull=False,
                    confirmed_at__isnull=False,
                    finished_at=None,
                )
                | Q(
                    state__in=["done", "failed"],
                    confirmed_by__isnull=False,
                    confirmed_at__isnull=False,
                    finished_at__isnull=False,
                )
                | Q(state="declined", confirmed_by=None, confirmed_at=None, finished_at__isnull=False),
            ),
            # what failed is asked for again under its number, as 微信支付 wants it: it may be half done there
            models.UniqueConstraint(
                name="a_refund_number_is_taken_once", fields=["number"], condition=~Q(state__in=["failed", "declined"])
            ),
            models.UniqueConstraint(
                name="one_refund_under_way_a_payment", fields=["payment"], condition=Q(state__in=UNDER_WAY)
            ),
        ]

    def __str__(self):
        return self.number

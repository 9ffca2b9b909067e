import re

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from candidates.models.history import keep_history

ORDERS = {
    "": "缺省（按缓急）",
    "sms,mail": "先短信，后邮件",
    "mail,sms": "先邮件，后短信",
    "sms": "只发短信",
    "mail": "只发邮件",
    "portal": "只在站内",
}
MOST_DAYS = 5
DAYS = re.compile(r"\d{1,3}(,\d{1,3})*")


def are_days(value: str) -> None:
    if value and not DAYS.fullmatch(value):
        raise ValidationError("请填写天数，用逗号分开，例如 7,3,1。")
    days = [int(one) for one in value.split(",") if one]
    if len(set(days)) < len(days) or len(days) > MOST_DAYS or any(not 1 <= day <= 365 for day in days):
        raise ValidationError(f"天数是 1 至 365，不能重复，最多 {MOST_DAYS} 个。")


@keep_history
class KindRule(models.Model):
    """What operators have set for a kind of message (messages/kinds.py): its channels, and a reminder's days."""

    kind = models.CharField("消息种类", max_length=24, unique=True)
    order = models.CharField("渠道", max_length=8, blank=True, default="", choices=list(ORDERS.items()))
    days = models.CharField(
        "提醒日子",
        max_length=20,
        blank=True,
        default="",
        validators=[are_days],
        help_text="只用于提醒：截止前几天提醒，例如 7,3,1。留空用缺省的日子。",
    )

    class Meta:
        verbose_name = verbose_name_plural = "消息规则"
        ordering = ["kind"]
        constraints = [
            models.CheckConstraint(name="kind_rule_has_an_order", condition=Q(order__in=list(ORDERS))),
            models.CheckConstraint(
                name="a_code_is_sent_somewhere",
                condition=~Q(kind__in=["code", "test"], order="portal"),
                violation_error_message="验证码不能只在站内。",
            ),
        ]

    def __str__(self):
        return self.kind

    @property
    def channels(self) -> tuple[str, ...] | None:
        """Return the channels in order; None where nothing is set."""
        if not self.order:
            return None
        return () if self.order == "portal" else tuple(self.order.split(","))

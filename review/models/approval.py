"""What one operator asks for and another agrees to, before it is done."""

from datetime import timedelta

import pgtrigger
from django.db import models
from django.db.models import F, Q

from candidates.models import Account

APPROVALS = {"export": "导出完整的个人信息", "purge": "清除考试年度", "restore": "恢复备份"}
ASKED_FOR = timedelta(days=1)  # so long another operator may agree; and so long what was agreed to may be begun


class Approval(models.Model):
    """An act that needs two: `kind` and `arguments` say exactly what; a refund is a row of its own (refund.py).

    Agreed to within a day by another operator, who has logged in to the portal; begun within a day of that. Holds no
    personal data. `arguments`: codes and years, and what identifies a backup.
    """

    kind = models.CharField("事项", max_length=8, choices=list(APPROVALS.items()))
    arguments = models.JSONField("内容", default=dict)
    reason = models.CharField("原因", max_length=200)
    asked_by = models.ForeignKey(Account, verbose_name="提出人", on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField("提出时间")
    confirmed_by = models.ForeignKey(
        Account, verbose_name="确认人", null=True, on_delete=models.PROTECT, related_name="+"
    )
    confirmed_at = models.DateTimeField("确认时间", null=True)
    declined_by = models.ForeignKey(
        Account, verbose_name="作废人", null=True, on_delete=models.PROTECT, related_name="+"
    )
    declined_at = models.DateTimeField("作废时间", null=True)
    begun_at = models.DateTimeField("开始办理时间", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "双人确认"
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(name="approval_is_of_a_known_kind", condition=Q(kind__in=list(APPROVALS))),
            models.CheckConstraint(name="approval_has_its_reason", condition=~Q(reason="")),
            models.CheckConstraint(
                name="approval_is_given_by_another", condition=Q(confirmed_by=None) | ~Q(confirmed_by=F("asked_by"))
            ),
            models.CheckConstraint(
                name="approval_has_who_and_when",
                condition=Q(confirmed_by=None, confirmed_at=None)
                | Q(confirmed_by__isnull=False, confirmed_at__isnull=False),
            ),
            models.CheckConstraint(
                name="approval_declined_has_who_and_when",
                condition=Q(declined_by=None, declined_at=None)
                | Q(declined_by__isnull=False, declined_at__isnull=False, begun_at=None),
            ),
            models.CheckConstraint(
                name="approval_is_given_within_a_day",
                condition=Q(confirmed_at=None) | Q(confirmed_at__lte=F("asked_at") + ASKED_FOR),
            ),
            models.CheckConstraint(
                name="only_what_was_approved_is_begun", condition=Q(begun_at=None) | Q(confirmed_at__isnull=False)
            ),
        ]
        triggers = [pgtrigger.Protect(name="approvals_are_not_deleted", operation=pgtrigger.Delete)]

    def __str__(self):
        return f"{self.get_kind_display()} {self.pk}"

    def state(self, now):
        """Where it stands: asked, confirmed, begun, declined or lapsed."""
        if self.declined_at:
            return "declined"
        if self.begun_at:
            return "begun"
        since = self.confirmed_at or self.asked_at
        if now > since + ASKED_FOR:
            return "lapsed"
        return "confirmed" if self.confirmed_at else "asked"

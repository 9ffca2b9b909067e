from django.db import models
from django.db.models import Q


class Message(models.Model):
    """What a candidate was told. At most one per record, so that no event is told twice.

    It is also what has to be sent by mail or SMS (messages/outbox.py): due while `next_try_at` is set; claimed from
    before the sender is called until its outcome is written. A claim that is left standing was cut short: nobody
    knows whether it was sent. Unreachable, it was never sent, for want of an address: it stands in the portal only.
    """

    account = models.ForeignKey("Account", verbose_name="账号", on_delete=models.CASCADE, related_name="inbox")
    application = models.ForeignKey(
        "Application", verbose_name="报名", null=True, on_delete=models.CASCADE, related_name="messages"
    )
    record = models.OneToOneField(
        "Record", verbose_name="办理记录", null=True, on_delete=models.PROTECT, related_name="message"
    )
    at = models.DateTimeField("时间")
    subject = models.CharField("标题", max_length=80)
    text = models.TextField("内容")
    read_at = models.DateTimeField("阅读时间", null=True)
    next_try_at = models.DateTimeField("下次发送时间", null=True)
    tries = models.PositiveSmallIntegerField("发送次数", default=0, db_default=0)
    claimed_at = models.DateTimeField("开始发送时间", null=True)
    sent_at = models.DateTimeField("发送时间", null=True)
    unreachable_at = models.DateTimeField("发现没有联系方式的时间", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "消息"
        ordering = ["-id"]
        indexes = [
            models.Index(name="message_by_account", fields=["account", "-id"]),
            models.Index(name="message_due", fields=["next_try_at"], condition=Q(next_try_at__isnull=False)),
            models.Index(name="message_claimed", fields=["claimed_at"], condition=Q(claimed_at__isnull=False)),
            models.Index(
                name="message_unreachable",
                fields=["unreachable_at"],
                condition=Q(unreachable_at__isnull=False, read_at=None),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="message_is_due_or_claimed_or_sent",
                condition=Q(next_try_at=None, claimed_at=None)
                | Q(next_try_at=None, sent_at=None)
                | Q(claimed_at=None, sent_at=None),
            ),
            models.CheckConstraint(
                name="unreachable_message_has_no_other_outcome",
                condition=Q(unreachable_at=None) | Q(next_try_at=None, claimed_at=None, sent_at=None),
            ),
        ]

    def __str__(self):
        return self.subject

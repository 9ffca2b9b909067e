import json

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from candidates.messages import kinds
from candidates.models.sealed import EncryptedField

CHANNELS = {"sms": "短信", "mail": "邮件"}  # beside the portal, where everything stands


ITS_ROW = ("account_id", "application_id", "at")  # what its sealed values are bound to


class MessageQuerySet(models.QuerySet["Message"]):
    def told(self, account, now=None):
        """Select what this account reads in the portal: not what waits for a decision to stand, and no secrets.

        Each with the `year` of its application, if it has one: two may run at once.
        """
        held = Q(held_until__gt=now or timezone.now())
        told = self.filter(account=account).exclude(kind__in=kinds.SECRETS).exclude(held)
        return told.annotate(year=F("application__session__year"))


class Message(models.Model):
    """What somebody was told: a kind and its parameters. At most one per record, so that no event is told twice.

    It is also what has to be sent (messages/outbox.py): due while `next_try_at` is set, by `channel` next; claimed from
    before a sender is called until its outcome is written. `doubtful_at`: given to a provider that did not say what
    became of it, and no other channel was left. Messages from before 0020 have words instead of a kind.
    """

    account = models.ForeignKey(
        "Account", verbose_name="账号", null=True, on_delete=models.CASCADE, related_name="inbox"
    )
    application = models.ForeignKey(
        "Application", verbose_name="报名", null=True, on_delete=models.CASCADE, related_name="messages"
    )
    record = models.OneToOneField(
        "Record", verbose_name="办理记录", null=True, on_delete=models.PROTECT, related_name="message"
    )
    at = models.DateTimeField("时间")
    kind = models.CharField("种类", max_length=24, default="", db_default="")
    parameters = EncryptedField("参数", null=True, bound_to=ITS_ROW)  # type: ignore[misc]  # JSON; null from the version before
    # a mobile or an e-mail that is not the account's, or no account has
    contact = EncryptedField("发往", null=True, bound_to=ITS_ROW)  # type: ignore[misc]
    urgency = models.PositiveSmallIntegerField("缓急", default=kinds.DAY, db_default=kinds.DAY)
    # what may still be undone is not told yet, in the portal neither
    held_until = models.DateTimeField("在此之前不发出", null=True)
    old_subject = models.CharField("标题", max_length=80, default="", db_default="", db_column="subject")
    old_text = models.TextField("内容", default="", db_default="", db_column="text")
    read_at = models.DateTimeField("阅读时间", null=True)
    channel = models.CharField("下一渠道", max_length=4, default="", db_default="")  # empty: to be chosen
    next_try_at = models.DateTimeField("下次发送时间", null=True)
    tries = models.PositiveSmallIntegerField("发送次数", default=0, db_default=0)
    claimed_at = models.DateTimeField("开始发送时间", null=True)
    sent_at = models.DateTimeField("发送时间", null=True)
    unreachable_at = models.DateTimeField("发现没有联系方式的时间", null=True)
    doubtful_at = models.DateTimeField("结果不明的时间", null=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "消息"
        ordering = ["-id"]
        indexes = [
            models.Index(name="message_by_account", fields=["account", "-id"]),
            models.Index(
                name="message_by_urgency",
                fields=["urgency", "next_try_at", "id"],
                condition=Q(next_try_at__isnull=False),
            ),
            models.Index(name="message_claimed", fields=["claimed_at"], condition=Q(claimed_at__isnull=False)),
            models.Index(name="message_doubtful", fields=["doubtful_at"], condition=Q(doubtful_at__isnull=False)),
            models.Index(
                name="message_unreachable",
                fields=["unreachable_at"],
                condition=Q(unreachable_at__isnull=False, read_at=None),
            ),
            models.Index(name="message_code", fields=["at"], condition=Q(kind="code")),
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
            models.CheckConstraint(
                name="doubtful_message_has_no_other_outcome",
                condition=Q(doubtful_at=None) | Q(next_try_at=None, claimed_at=None, sent_at=None, unreachable_at=None),
            ),
            models.CheckConstraint(
                name="message_is_for_somebody",
                condition=Q(account__isnull=False) | Q(kind__in=["code", "test", "registered_before"]),
            ),
        ]

    def __str__(self):
        return self.kind or self.old_subject

    @property
    def values(self):
        """The parameters, by name."""
        return json.loads(self.parameters) if self.parameters else {}

    @property
    def subject(self):
        return kinds.subject(self.kind, self.values) if self.kind in kinds.KINDS else self.old_subject

    @property
    def text(self):
        return kinds.text(self.kind, self.values) if self.kind in kinds.KINDS else self.old_text


class Delivery(models.Model):
    """One handing over of a message to a provider: written before it is called, so that none is forgotten.

    `outcome` is empty while it is under way. What may have left by a channel is never handed over there again: the
    database refuses it.
    """

    OUTCOMES = {
        "": "发送中",
        "sent": "已发送",
        "unreachable": "号码或邮箱不可达",
        "refused": "被服务商拒绝",
        "later": "稍后再试",
        "perhaps": "结果不明",
    }
    message = models.ForeignKey(Message, verbose_name="消息", on_delete=models.CASCADE, related_name="deliveries")
    channel = models.CharField("渠道", max_length=4, choices=list(CHANNELS.items()))
    sender = models.CharField("服务商", max_length=80)
    at = models.DateTimeField("时间")
    outcome = models.CharField("结果", max_length=11, blank=True, default="", choices=list(OUTCOMES.items()))
    code = models.CharField("服务商的回答", max_length=80, blank=True)  # its code of an error: no sentence, no number
    provider_id = models.CharField("服务商的编号", max_length=80, blank=True)
    delivered_at = models.DateTimeField("送达时间", null=True)  # by its receipt
    failed_at = models.DateTimeField("未送达时间", null=True)  # by its receipt

    class Meta:
        verbose_name = verbose_name_plural = "发送"
        ordering = ["id"]
        indexes = [
            models.Index(name="delivery_by_provider_id", fields=["provider_id"], condition=~Q(provider_id="")),
        ]
        constraints = [
            models.UniqueConstraint(
                name="nobody_is_told_twice_by_one_channel",
                fields=["message", "channel"],
                condition=Q(outcome__in=["", "sent", "perhaps"]),
            ),
            models.CheckConstraint(
                name="only_what_was_sent_has_a_receipt",
                condition=Q(delivered_at=None, failed_at=None) | Q(outcome__in=["sent", "perhaps"]),
            ),
        ]

    def __str__(self):
        return f"{self.channel} {self.outcome}"


class SmsCount(models.Model):
    """How many SMS of a kind were handed over on a day (Asia/Shanghai): what the daily cap is held against."""

    day = models.DateField("日期")
    kind = models.CharField("种类", max_length=24)
    number = models.PositiveIntegerField("条数", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "短信条数"
        ordering = ["-day", "kind"]
        constraints = [models.UniqueConstraint(name="one_count_a_day_and_kind", fields=["day", "kind"])]

    def __str__(self):
        return f"{self.day} {self.kind}: {self.number}"

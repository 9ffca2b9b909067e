import hashlib
import json

import pgtrigger
from django.db import models
from django.db.models import Q


class Record(models.Model):
    """One act on an application: who, when, from, to. Append-only, each with the hash of the one before.

    Holds ids and hashes only; words, names and addresses lie in RecordNote, which retention may empty.
    """

    application = models.ForeignKey(
        "Application", verbose_name="报名", on_delete=models.PROTECT, related_name="records"
    )
    at = models.DateTimeField("时间")
    action = models.CharField("办理", max_length=20)
    from_status = models.CharField("原状态", max_length=16)
    to_status = models.CharField("新状态", max_length=16)
    level = models.CharField("级别", max_length=9)  # candidate, point, site, region, operator, provider
    # no constraint: an account may be purged, its acts stay
    account = models.ForeignKey(
        "Account", verbose_name="办理人", null=True, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+"
    )
    unit = models.ForeignKey("Unit", verbose_name="单位", null=True, on_delete=models.PROTECT, related_name="+")
    round = models.PositiveSmallIntegerField("提交次数")  # the submission it is about; 0 before the first
    data = models.JSONField("内容", default=dict)
    previous_hash = models.CharField("上一条的摘要", max_length=64, blank=True)
    hash = models.CharField("摘要", max_length=64)

    class Meta:
        verbose_name = verbose_name_plural = "办理记录"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(name="record_chain_does_not_fork", fields=["application", "previous_hash"]),
        ]
        triggers = [
            pgtrigger.Protect(name="records_are_append_only", operation=pgtrigger.Update | pgtrigger.Delete),
            pgtrigger.Trigger(
                name="records_are_not_truncated",
                when=pgtrigger.Before,
                operation=pgtrigger.Truncate,
                level=pgtrigger.Statement,
                func="RAISE EXCEPTION 'the rows of % are append-only', TG_TABLE_NAME;",
            ),
        ]

    def __str__(self):
        return f"{self.action} {self.from_status} → {self.to_status}"

    def computed_hash(self):
        """SHA-256 (hex) over every column but the id and the hash itself."""
        facts = {
            "application": self.application_id,
            "at": self.at.timestamp(),
            "action": self.action,
            "from": self.from_status,
            "to": self.to_status,
            "level": self.level,
            "account": self.account_id,
            "unit": self.unit_id,
            "round": self.round,
            "data": self.data,
            "previous": self.previous_hash,
        }
        return hashlib.sha256(json.dumps(facts, sort_keys=True, ensure_ascii=True).encode()).hexdigest()


class RecordNote(models.Model):
    """The words and the personal data of a record: may be emptied by the retention run, the chain still verifies."""

    record = models.OneToOneField(
        Record, verbose_name="办理记录", on_delete=models.PROTECT, related_name="note", primary_key=True
    )
    actor_name = models.CharField("办理人", max_length=80, blank=True)
    address = models.GenericIPAddressField("网络地址", null=True)
    reason = models.TextField("原因", blank=True)
    data = models.JSONField("意见", default=dict)  # opinions by picture, category, section; changed values

    class Meta:
        verbose_name = verbose_name_plural = "办理意见"

    def __str__(self):
        return f"note of record {self.pk}"


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
        Record, verbose_name="办理记录", null=True, on_delete=models.PROTECT, related_name="message"
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

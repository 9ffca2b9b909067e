import hashlib
import json

import pgtrigger
from django.db import models

from candidates.models.append_only import never_truncated


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
            never_truncated("records_are_not_truncated"),
        ]

    def __str__(self):
        return f"{self.action} {self.from_status} → {self.to_status}"

    def computed_hash(self):
        """Return the SHA-256 (hex) over every column but the id and the hash itself."""
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

"""Every list that somebody has taken out of the portal."""

import pgtrigger
from django.db import models

from candidates.models import Account, Unit
from candidates.models.append_only import never_truncated


class ExportMade(models.Model):
    """One export: who took which list, of how many applications. Written before its first line goes out; append-only.

    Which applications they were is told by their looks of that time (candidates.models.Look).
    """

    account = models.ForeignKey(
        Account, verbose_name="导出人", on_delete=models.DO_NOTHING, db_constraint=False, related_name="+",
        db_index=False,
    )  # fmt: skip
    unit = models.ForeignKey(
        Unit, verbose_name="单位", null=True, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+",
        db_index=False,
    )  # fmt: skip
    kind = models.CharField("内容", max_length=12)
    held = models.JSONField("范围", default=dict)  # how the list was filtered: no personal data
    number = models.PositiveIntegerField("申请数", default=0)
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = verbose_name_plural = "导出记录"
        ordering = ["-id"]
        triggers = [
            pgtrigger.Protect(name="exports_made_are_append_only", operation=pgtrigger.Update | pgtrigger.Delete),
            never_truncated("exports_made_are_not_truncated"),
        ]

    def __str__(self):
        return f"{self.kind} {self.number}"

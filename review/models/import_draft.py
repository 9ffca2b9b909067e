"""A table that an operator has uploaded and looked through, and not taken in yet."""

from datetime import timedelta

from django.db import models

from candidates.models import Account

LASTS = timedelta(days=1)


class ImportDraft(models.Model):
    """The file between the dry run and the run; it goes with the run, and after a day in any case.

    `content` is sealed (encryption.py): a table may hold names and addresses.
    """

    kind = models.CharField("内容", max_length=20)  # a key of operations.importing.KINDS
    options = models.JSONField("选项", default=dict)
    name = models.CharField("文件名", max_length=100)
    sha256 = models.CharField("摘要", max_length=64)
    content = models.BinaryField("内容")
    asked_by = models.ForeignKey(Account, verbose_name="操作员", on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = verbose_name_plural = "待载入的表格"
        ordering = ["-id"]

    def __str__(self):
        return f"{self.kind} {self.pk}"

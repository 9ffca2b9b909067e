"""Downloads of lists."""

from datetime import timedelta

from django.db import models
from django.utils import timezone

from candidates.models import Account

SILENT = timedelta(minutes=5)  # no progress for so long: its process was killed, or the browser does not read on


class ExportRun(models.Model):
    """How far a download of a list has come, for whoever waits for it. Kept for a week."""

    account = models.ForeignKey(Account, verbose_name="审核员", on_delete=models.CASCADE, related_name="+")
    kind = models.CharField("内容", max_length=8, choices=[("table", "表格"), ("pictures", "图片")])
    status = models.CharField("状态", max_length=16)  # of the applications
    number = models.PositiveIntegerField("申请数")
    done = models.PositiveIntegerField("已导出", default=0)  # applications
    size = models.PositiveBigIntegerField("已发送（字节）", default=0)
    started_at = models.DateTimeField("开始时间")
    moved_at = models.DateTimeField("最近进展")
    ended_at = models.DateTimeField("结束时间", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "导出进度"
        ordering = ["-id"]
        indexes = [models.Index(name="export_runs_of_account", fields=["account", "-id"])]

    def __str__(self):
        return f"{self.kind} {self.done}/{self.number}"

    @property
    def state(self) -> str:
        """Where it stands: running, silent, complete or stopped."""
        if self.ended_at:
            return "complete" if self.done >= self.number else "stopped"
        return "silent" if timezone.now() - self.moved_at > SILENT else "running"

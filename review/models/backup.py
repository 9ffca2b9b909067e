"""What the archive has, for who cannot see its folder: the web processes, which show it and tell Prometheus."""

from django.db import models

KINDS = [("full", "完整"), ("incremental", "增量")]


class Backup(models.Model):
    """One base backup that lies in the archive."""

    name = models.CharField("名称", max_length=40, unique=True)
    kind = models.CharField("种类", max_length=12, choices=KINDS)
    began_at = models.DateTimeField("开始时间")
    ended_at = models.DateTimeField("完成时间")  # from here on it can be restored to
    size = models.PositiveBigIntegerField("大小（字节）")  # as it lies there, sealed
    checked_at = models.DateTimeField("核对时间", null=True)  # its bytes, and the WAL that goes on from it
    drilled_at = models.DateTimeField("演练时间", null=True)  # restored from, and compared

    class Meta:
        verbose_name = verbose_name_plural = "备份"
        ordering = ["-ended_at"]

    def __str__(self) -> str:
        return self.name


class ArchiveState(models.Model):
    """How far the archive has come: one row, written by the archiver."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    seen_at = models.DateTimeField("最近一次运行")
    # what was committed by then is in the archive, rows and pictures
    archived_until = models.DateTimeField("已归档至", null=True)
    copied_until = models.DateTimeField("异地已复制至", null=True)
    # files have got other names (operations/resealing.py): the archive looks through all of them again
    all_asked_at = models.DateTimeField("要求全部核对的时间", null=True)
    problem = models.CharField("问题", max_length=500, blank=True)  # what is wrong, and what to do

    class Meta:
        verbose_name = verbose_name_plural = "归档状态"
        constraints = [models.CheckConstraint(name="archive_has_one_state", condition=models.Q(id=1))]

    def __str__(self) -> str:
        return f"{self.archived_until}"

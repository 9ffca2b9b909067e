"""Runs of the commands that check records, files and documents."""

from django.db import models
from django.db.models import Q

STATES = {"running": "进行中", "good": "全部相符", "bad": "有不符", "failed": "没有查完"}


class CheckRun(models.Model):
    """One run: when, what it counted, and the first of what it found wrong. The newest of each command are kept.

    Holds no personal data: application numbers, names of files, sentences of the command. One that has not
    ended for a day was killed.
    """

    command = models.CharField("核对", max_length=40)
    who = models.CharField("操作人", max_length=80)
    began_at = models.DateTimeField("开始时间")
    ended_at = models.DateTimeField("结束时间", null=True)
    state = models.CharField("结果", max_length=7, choices=list(STATES.items()), default="running")
    told = models.CharField("结论", max_length=300, blank=True, default="")
    problems = models.JSONField("不符之处", default=list)
    number = models.PositiveIntegerField("不符之处的数量", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "核对"
        ordering = ["-id"]
        indexes = [models.Index(name="check_runs_of_command", fields=["command", "-id"])]
        constraints = [
            models.CheckConstraint(
                name="check_run_ends_with_a_result",
                condition=Q(state="running", ended_at=None)
                | Q(state__in=["good", "bad", "failed"], ended_at__isnull=False),
            ),
        ]

    def __str__(self):
        return f"{self.command} {self.state}"

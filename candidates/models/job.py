from django.db import models
from django.db.models import Q

STATES = {"waiting": "等待", "running": "进行中", "done": "完成", "failed": "未完成"}


class Job(models.Model):
    """Work that a worker does after the answer (candidates/jobs.py). Holds keys and counts, no personal data.

    Due while it is waiting and `next_try_at` has come. Running while a worker gives signs of life; `attempts` says
    which worker's they are: a later attempt makes the earlier ones' reports void.
    """

    kind = models.CharField("种类", max_length=40)  # a key of candidates.jobs.KINDS
    arguments = models.JSONField("参数", default=dict)
    state = models.CharField("状态", max_length=7, choices=list(STATES.items()), default="waiting")
    attempts = models.PositiveSmallIntegerField("次数", default=0)
    last_attempt = models.PositiveSmallIntegerField("最多次数")  # after this one it has failed
    done = models.PositiveIntegerField("已完成", default=0)
    total = models.PositiveIntegerField("总数", default=0)
    outcome = models.JSONField("结果", default=dict)  # counts
    error = models.CharField("最近的错误", max_length=80, blank=True)  # the name of an exception's class
    asked_by = models.ForeignKey(
        "Account", verbose_name="申请人", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    asked_at = models.DateTimeField("申请时间")
    next_try_at = models.DateTimeField("下次执行时间", null=True)
    heartbeat_at = models.DateTimeField("最近的动静", null=True)
    ended_at = models.DateTimeField("结束时间", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "后台任务"
        ordering = ["-id"]
        indexes = [
            models.Index(name="job_to_do", fields=["state"], condition=Q(ended_at=None)),
            models.Index(name="job_failed", fields=["state"], condition=Q(state="failed")),
        ]
        constraints = [
            models.CheckConstraint(
                name="job_is_waiting_or_running_or_ended",
                condition=Q(state="waiting", next_try_at__isnull=False, heartbeat_at=None, ended_at=None)
                | Q(state="running", next_try_at=None, heartbeat_at__isnull=False, ended_at=None)
                | Q(state__in=["done", "failed"], next_try_at=None, heartbeat_at=None, ended_at__isnull=False),
            ),
            models.UniqueConstraint(
                name="nothing_is_asked_for_twice_at_once", fields=["kind", "arguments"], condition=Q(ended_at=None)
            ),
        ]

    def __str__(self):
        return f"后台任务 {self.pk}"

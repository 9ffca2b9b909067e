import uuid

import pgtrigger
from django.db import models
from django.db.models import Q

from candidates.models.append_only import never_truncated

PHASES = {"begun": "开始", "done": "完成", "failed": "未完成"}


class OperatorAct(models.Model):
    """One run of an operator's command: a row when it begins, another with its outcome when it ends. Append-only.

    A run without a second row was killed; an act in the portal itself is one row, of its end. Holds no
    personal data: application numbers, codes, counts, hashes of files.
    """

    run = models.UUIDField("运行", default=uuid.uuid4)
    phase = models.CharField("阶段", max_length=6, choices=list(PHASES.items()))
    at = models.DateTimeField("时间")
    # the account's user name; at a terminal the operating system's user, behind the user name where --as gave one
    who = models.CharField("操作人", max_length=80)
    account = models.ForeignKey(
        "Account", verbose_name="账号", null=True, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+"
    )
    command = models.CharField("命令", max_length=40)
    arguments = models.JSONField("参数", default=dict)
    outcome = models.JSONField("结果", default=dict)  # counts

    class Meta:
        verbose_name = verbose_name_plural = "操作记录"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(name="a_run_begins_and_ends_once", fields=["run", "phase"]),
            models.CheckConstraint(name="operator_act_has_a_phase", condition=Q(phase__in=list(PHASES))),
        ]
        triggers = [
            pgtrigger.Protect(name="operator_acts_are_append_only", operation=pgtrigger.Update | pgtrigger.Delete),
            never_truncated("operator_acts_are_not_truncated"),
        ]

    def __str__(self):
        return f"{self.command} {self.phase}"

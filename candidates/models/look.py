"""Who looked at which application."""

import pgtrigger
from django.db import models

from candidates.models.account import Account
from candidates.models.application import Application


class Look(models.Model):
    """Who looked at which application in which round: once each."""

    application = models.ForeignKey(Application, verbose_name="报名", on_delete=models.PROTECT, related_name="looks")
    account = models.ForeignKey(
        Account, verbose_name="查阅人", null=True, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+"
    )
    kind = models.CharField(
        "查阅内容",
        max_length=8,
        choices=[("case", "案卷"), ("packet", "材料册"), ("export", "导出"), ("picture", "图片")],
    )
    round = models.PositiveSmallIntegerField("提交次数")
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = verbose_name_plural = "查阅记录"
        ordering = ["id"]
        db_table = "review_look"  # where the rows lay before the model came here
        constraints = [
            models.UniqueConstraint(name="a_look_is_recorded_once", fields=["application", "account", "round", "kind"]),
        ]
        triggers = [
            pgtrigger.Protect(name="looks_are_append_only", operation=pgtrigger.Update | pgtrigger.Delete),
        ]

    def __str__(self):
        return f"{self.account_id} {self.kind} {self.application_id}"

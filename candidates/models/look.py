"""Who looked at which application."""

import pgtrigger
from django.db import models

from candidates.models.account import Account
from candidates.models.append_only import never_truncated
from candidates.models.application import Application
from candidates.models.unit import Unit


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
    # for which unit; without one an operator, or a look from before it was written down
    unit = models.ForeignKey(
        Unit, verbose_name="单位", null=True, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+",
        db_index=False,
    )  # fmt: skip
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


class PictureLook(models.Model):
    """Who was shown which picture on which day: a row of its own for each, whatever page it was shown on."""

    application = models.ForeignKey(
        Application, verbose_name="报名", on_delete=models.PROTECT, related_name="picture_looks"
    )
    picture = models.UUIDField("图片")  # a MaterialImage, which may have gone since
    account = models.ForeignKey(
        Account, verbose_name="查阅人", on_delete=models.DO_NOTHING, db_constraint=False, related_name="+",
        db_index=False,
    )  # fmt: skip
    unit = models.ForeignKey(
        Unit, verbose_name="单位", null=True, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+",
        db_index=False,
    )  # fmt: skip
    day = models.DateField("日期")  # Asia/Shanghai
    at = models.DateTimeField("时间")  # the first of the day

    class Meta:
        verbose_name = verbose_name_plural = "图片查阅记录"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(name="a_picture_is_looked_at_once_a_day", fields=["picture", "account", "day"]),
        ]
        triggers = [
            pgtrigger.Protect(name="picture_looks_are_append_only", operation=pgtrigger.Update | pgtrigger.Delete),
            never_truncated("picture_looks_are_not_truncated"),
        ]

    def __str__(self):
        return f"{self.account_id} {self.picture}"

"""A case while somebody reads it: who does, and what they have judged and not decided on yet."""

from django.db import models

from candidates.models import Account, Application


class Hold(models.Model):
    """Who is reading a case at present. A courtesy, not a lock."""

    application = models.OneToOneField(
        Application, verbose_name="报名", on_delete=models.CASCADE, related_name="hold", primary_key=True
    )
    account = models.ForeignKey(Account, verbose_name="审核员", on_delete=models.CASCADE, related_name="+")
    until = models.DateTimeField("至")

    class Meta:
        verbose_name = verbose_name_plural = "正在审阅"

    def __str__(self):
        return f"{self.application_id} {self.account_id}"


class DraftVerdicts(models.Model):
    """What one reviewer has put into a case's page and not decided on yet; dropped when anybody decides."""

    application = models.ForeignKey(
        Application, verbose_name="报名", on_delete=models.CASCADE, related_name="draft_verdicts"
    )
    account = models.ForeignKey(Account, verbose_name="审核员", on_delete=models.CASCADE, related_name="+")
    round = models.PositiveSmallIntegerField("提交次数")
    judged = models.JSONField("结论", default=dict)  # picture's id -> verdict, reason (its code), words
    # categories, sections: code -> named, reason; ticks: document -> seen, note; until: a day; displayed: pictures' ids
    rest = models.JSONField("其余内容", default=dict, db_default={})
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = verbose_name_plural = "未提交的审核结论"
        constraints = [
            models.UniqueConstraint(name="one_draft_a_reviewer_and_case", fields=["application", "account"]),
        ]

    def __str__(self):
        return f"{self.application_id} {self.account_id}"

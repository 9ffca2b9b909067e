"""What a level has judged of what was submitted: its pictures, and the lines of the on-site list."""

from django.db import models
from django.db.models import Q

from candidates.models import Account, Application
from candidates.rules.levels import LABELS
from materials.models import MaterialImage

VERDICTS = {"ok": "合格", "not_ok": "不合格"}


class Verdict(models.Model):
    """A level's judgement of one picture in one round. The newest counts; earlier ones are kept."""

    image = models.ForeignKey(MaterialImage, verbose_name="图片", on_delete=models.PROTECT, related_name="verdicts")
    round = models.PositiveSmallIntegerField("提交次数")
    verdict = models.CharField("结论", max_length=6, choices=list(VERDICTS.items()))
    reason = models.CharField("原因", max_length=300, blank=True)
    level = models.CharField("级别", max_length=6, choices=list(LABELS.items()))
    account = models.ForeignKey(
        Account, verbose_name="审核员", null=True, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+"
    )
    at = models.DateTimeField("时间")
    is_current = models.BooleanField("当前结论", default=True)
    undone_at = models.DateTimeField("撤回时间", null=True)  # with the decision that it belonged to: it counts no more

    class Meta:
        verbose_name = verbose_name_plural = "图片审核结论"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                name="one_current_verdict_a_picture", fields=["image"], condition=Q(is_current=True)
            ),
            models.CheckConstraint(
                name="what_is_undone_is_not_current", condition=Q(undone_at=None) | Q(is_current=False)
            ),
            models.CheckConstraint(name="refusal_has_reason", condition=Q(verdict="ok") | ~Q(reason="")),
            models.CheckConstraint(name="verdict_is_ok_or_not_ok", condition=Q(verdict__in=list(VERDICTS))),
        ]

    def __str__(self):
        return f"{self.image_id} {self.verdict}"


class OnsiteTick(models.Model):
    """One line of the on-site list at the registration point: the original was seen, or a note says why not."""

    application = models.ForeignKey(
        Application, verbose_name="报名", on_delete=models.PROTECT, related_name="onsite_ticks"
    )
    round = models.PositiveSmallIntegerField("提交次数")
    document = models.CharField("材料", max_length=120)
    seen = models.BooleanField("已核对")
    note = models.CharField("说明", max_length=120, blank=True)
    account = models.ForeignKey(
        Account, verbose_name="审核员", null=True, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+"
    )
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = verbose_name_plural = "现场审核清单核对"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(name="one_tick_a_line_and_round", fields=["application", "round", "document"]),
            models.CheckConstraint(name="unseen_line_has_a_note", condition=Q(seen=True) | ~Q(note="")),
        ]

    def __str__(self):
        return self.document

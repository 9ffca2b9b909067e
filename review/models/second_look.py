"""Second looks (抽查复核) at cases that were drawn when they were passed."""

from django.db import models
from django.db.models import F, Q

from candidates.models import Account, Application, Record, Unit
from candidates.rules.levels import LABELS

OUTCOMES = {
    "": "等待",
    "alike": "两次一致",
    "differs": "两次不同",
    "nobody": "没有第二人复核",
    "dropped": "没有结果",
}


class SecondLook(models.Model):
    """A case that was drawn when it was passed: waiting for a second person, then, where they differ, for a head.

    Open while `closed_at` is none. `second` is set once the second person has judged; `outcome` says how it ended.
    """

    application = models.ForeignKey(
        Application, verbose_name="报名", on_delete=models.PROTECT, related_name="second_looks"
    )
    level = models.CharField("级别", max_length=6, choices=list(LABELS.items()))
    unit = models.ForeignKey(Unit, verbose_name="单位", on_delete=models.PROTECT, related_name="+", db_index=False)
    round = models.PositiveSmallIntegerField("提交次数")
    first = models.ForeignKey(
        Account,
        verbose_name="第一人",
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        related_name="+",
        db_index=False,
    )
    first_record = models.OneToOneField(
        Record, verbose_name="第一次通过", on_delete=models.PROTECT, related_name="second_look"
    )
    at = models.DateTimeField("第一次通过的时间")
    second = models.ForeignKey(
        Account,
        verbose_name="第二人",
        null=True,
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        related_name="+",
        db_index=False,
    )
    second_at = models.DateTimeField("第二人审核的时间", null=True)
    outcome = models.CharField("结果", max_length=8, blank=True, default="", choices=list(OUTCOMES.items()))
    closed_at = models.DateTimeField("结束时间", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "抽查复核"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                name="one_open_second_look_a_case", fields=["application"], condition=Q(closed_at=None)
            ),
            models.CheckConstraint(name="who_looks_a_second_time_is_another", condition=~Q(second=F("first"))),
            models.CheckConstraint(
                name="second_look_has_a_second_and_a_time_or_neither",
                condition=Q(second=None, second_at=None) | Q(second__isnull=False, second_at__isnull=False),
            ),
            models.CheckConstraint(
                name="what_is_compared_was_looked_at_twice",
                condition=~Q(outcome__in=["alike", "differs"]) | Q(second__isnull=False),
            ),
            models.CheckConstraint(
                name="second_look_that_ended_has_an_outcome", condition=Q(closed_at=None) | ~Q(outcome="")
            ),
        ]
        indexes = [
            models.Index(name="open_second_looks_of_unit", fields=["unit", "at"], condition=Q(closed_at=None)),
        ]

    def __str__(self):
        return f"{self.application_id} {self.level} {self.get_outcome_display()}"

    @property
    def awaits_second(self) -> bool:
        return self.closed_at is None and self.second_id is None

    @property
    def awaits_head(self) -> bool:
        return self.closed_at is None and self.second_id is not None

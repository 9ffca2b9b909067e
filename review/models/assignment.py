"""Who was given which cases, by whom, and how."""

import pgtrigger
from django.db import models
from django.db.models import Q

from candidates.models import Account, Application, Unit

# how cases came to somebody, or to nobody
WAYS = {
    "chosen": "逐份选定",
    "even": "按人均分",
    "digit": "按编号末位",
    "category": "按报考类别",
    "unit": "按下级单位",
    "freed": "放开",
    "absence": "因缺勤放开",
    "left": "因停用或调离放开",
}


class AssignmentAct(models.Model):
    """One act of giving cases out, or of letting them go; its cases may be written in several transactions."""

    unit = models.ForeignKey(Unit, verbose_name="单位", on_delete=models.PROTECT, related_name="+")
    # nobody where an operator did it at a terminal
    by = models.ForeignKey(
        Account, verbose_name="办理人", null=True, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+"
    )
    way = models.CharField("方式", max_length=8, choices=list(WAYS.items()))
    at = models.DateTimeField("时间")
    number = models.PositiveIntegerField("份数", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "分派"
        constraints = [
            models.CheckConstraint(name="assignment_has_a_way", condition=Q(way__in=list(WAYS))),
        ]
        indexes = [models.Index(name="assignments_of_a_unit", fields=["unit", "-at"])]
        triggers = [
            pgtrigger.Protect(
                name="assignments_are_counted_not_changed",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    "NOT (NEW.number >= OLD.number AND to_jsonb(OLD) - 'number' = to_jsonb(NEW) - 'number')"
                ),
            ),
        ]

    def __str__(self):
        return f"{self.unit_id} {self.way} {self.number}"


class Assignment(models.Model):
    """One case in it: from whom it came, if anybody had it, and to whom it went. Stays as it was written."""

    act = models.ForeignKey(AssignmentAct, verbose_name="分派", on_delete=models.PROTECT, related_name="cases")
    application = models.ForeignKey(
        Application, verbose_name="报名", on_delete=models.PROTECT, related_name="assignments"
    )
    before = models.ForeignKey(
        Account, verbose_name="原来分派给", null=True, on_delete=models.DO_NOTHING, db_constraint=False,
        related_name="+", db_index=False,
    )  # fmt: skip
    account = models.ForeignKey(
        Account, verbose_name="分派给", null=True, on_delete=models.DO_NOTHING, db_constraint=False,
        related_name="+", db_index=False,
    )  # fmt: skip

    class Meta:
        verbose_name = verbose_name_plural = "分派的申请"
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                name="assignment_gives_or_takes", condition=Q(before__isnull=False) | Q(account__isnull=False)
            ),
        ]
        triggers = [pgtrigger.Protect(name="assignments_stay", operation=pgtrigger.Update)]

    def __str__(self):
        return f"{self.application_id} {self.account_id}"

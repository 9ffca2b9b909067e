"""When reviewers are away."""

import pgtrigger
from django.db import models
from django.db.models import F, Q

from candidates.models import Account
from review.models.assignment import AssignmentAct


class Absence(models.Model):
    """Days on which a reviewer is away (Asia/Shanghai), the last one included. Ended, not edited.

    `begun_at`: when the cases that were not begun were let go, in the act `freed`: the day came, and somebody asked.
    """

    account = models.ForeignKey(Account, verbose_name="审核员", on_delete=models.CASCADE, related_name="absences")
    first_day = models.DateField("从")
    last_day = models.DateField("至")
    set_by = models.ForeignKey(
        Account, verbose_name="登记人", null=True, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+"
    )
    set_at = models.DateTimeField("登记时间")
    begun_at = models.DateTimeField("开始时间", null=True)
    freed = models.ForeignKey(
        AssignmentAct, verbose_name="放开的申请", null=True, on_delete=models.PROTECT, related_name="+"
    )
    ended_by = models.ForeignKey(
        Account, verbose_name="结束人", null=True, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+"
    )
    ended_at = models.DateTimeField("结束时间", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "缺勤"
        ordering = ["first_day", "id"]
        constraints = [
            models.CheckConstraint(name="absence_ends_after_it_begins", condition=Q(last_day__gte=F("first_day"))),
            models.CheckConstraint(
                name="absence_is_ended_by_somebody",
                condition=Q(ended_at=None, ended_by=None) | Q(ended_at__isnull=False, ended_by__isnull=False),
            ),
            models.CheckConstraint(
                name="cases_are_let_go_when_it_begins", condition=Q(freed=None) | Q(begun_at__isnull=False)
            ),
        ]
        indexes = [
            models.Index(name="absences_that_stand", fields=["account", "last_day"], condition=Q(ended_at=None)),
            models.Index(name="absences_to_begin", fields=["first_day"], condition=Q(ended_at=None, begun_at=None)),
        ]
        triggers = [
            pgtrigger.Protect(
                name="absences_are_ended_not_edited",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    "OLD.ended_at IS NOT NULL"
                    " OR to_jsonb(OLD) - '{begun_at,freed_id,ended_by_id,ended_at}'::text[]"
                    " <> to_jsonb(NEW) - '{begun_at,freed_id,ended_by_id,ended_at}'::text[]"
                ),
            ),
        ]

    def __str__(self):
        return f"{self.account_id} {self.first_day}"

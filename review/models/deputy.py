"""Who is lent to a unit below, when nobody of it is there."""

import pgtrigger
from django.db import models
from django.db.models import F, Q

from candidates.models import Account, Unit

CHANGES = "'{ended_by_id,ended_at}'::text[]"


class Deputy(models.Model):
    """Days on which a reviewer may act for a unit directly below the own (Asia/Shanghai), the last one included."""

    account = models.ForeignKey(Account, verbose_name="审核员", on_delete=models.CASCADE, related_name="+")
    unit = models.ForeignKey(Unit, verbose_name="代理的单位", on_delete=models.PROTECT, related_name="+")
    first_day = models.DateField("从")
    last_day = models.DateField("至")
    set_by = models.ForeignKey(
        Account, verbose_name="指派人", null=True, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+"
    )
    set_at = models.DateTimeField("指派时间")
    ended_by = models.ForeignKey(
        Account, verbose_name="结束人", null=True, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+"
    )
    ended_at = models.DateTimeField("结束时间", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "代理"
        ordering = ["first_day", "id"]
        constraints = [
            models.CheckConstraint(name="deputy_ends_after_it_begins", condition=Q(last_day__gte=F("first_day"))),
            models.CheckConstraint(
                name="deputy_is_ended_by_somebody",
                condition=Q(ended_at=None, ended_by=None) | Q(ended_at__isnull=False, ended_by__isnull=False),
            ),
        ]
        indexes = [models.Index(name="deputies_that_stand", fields=["last_day"], condition=Q(ended_at=None))]
        triggers = [
            pgtrigger.Protect(
                name="deputies_are_ended_not_edited",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    f"OLD.ended_at IS NOT NULL OR to_jsonb(OLD) - {CHANGES} <> to_jsonb(NEW) - {CHANGES}"
                ),
            ),
        ]

    def __str__(self):
        return f"{self.account_id} {self.unit_id} {self.first_day}"

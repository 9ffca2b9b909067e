"""What two applications share, looked into by somebody who may see both."""

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from candidates.models import Account, Application, Unit

LONGEST_REASON = 300  # characters


class DuplicateSettled(models.Model):
    """A mark on two applications is settled: by whom, when and why. Nobody changes that afterwards."""

    application = models.ForeignKey(
        Application, verbose_name="报名", on_delete=models.PROTECT, related_name="duplicates_settled_here"
    )
    other = models.ForeignKey(
        Application, verbose_name="另一份报名", on_delete=models.PROTECT, related_name="duplicates_settled_there"
    )
    shared = ArrayField(models.CharField(max_length=60), verbose_name="相同之处")  # marks of `application`
    account = models.ForeignKey(
        Account, verbose_name="办理人", null=True, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+"
    )
    unit = models.ForeignKey(Unit, verbose_name="单位", null=True, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField("核实的结果", max_length=LONGEST_REASON)
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = verbose_name_plural = "疑似重复的核实"
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(name="settled_duplicate_has_reason", condition=Q(reason__regex=r"\S")),
            models.CheckConstraint(name="duplicate_is_of_two", condition=~Q(application=F("other"))),
        ]
        triggers = [
            pgtrigger.Protect(name="settled_duplicates_stay", operation=pgtrigger.Update),
        ]

    def __str__(self):
        return f"{self.application_id} {self.other_id}"

"""What was done with the accounts of reviewers."""

import pgtrigger
from django.db import models
from django.db.models import F, Q

from candidates.models import Account
from candidates.models.append_only import never_truncated

ACCOUNT_ACTS = {
    "created": "新建",
    "disabled": "停用",
    "enabled": "启用",
    "password": "重设密码",
    "second_factor": "重设两步验证",
    "head": "设为负责人",
    "no_head": "不再担任负责人",
}


class ReviewerAct(models.Model):
    """One act of a head, or of an operator in the back office, on a reviewer's account. Append-only."""

    account = models.ForeignKey(
        Account, verbose_name="审核员", on_delete=models.DO_NOTHING, db_constraint=False, related_name="+",
        db_index=False,
    )  # fmt: skip
    act = models.CharField("办理", max_length=13, choices=list(ACCOUNT_ACTS.items()))
    by = models.ForeignKey(
        Account, verbose_name="办理人", on_delete=models.DO_NOTHING, db_constraint=False, related_name="+",
        db_index=False,
    )  # fmt: skip
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = verbose_name_plural = "审核员账号的办理"
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(name="reviewer_act_is_known", condition=Q(act__in=list(ACCOUNT_ACTS))),
            models.CheckConstraint(name="nobody_acts_on_the_own_account", condition=~Q(account=F("by"))),
        ]
        indexes = [models.Index(name="acts_on_an_account", fields=["account", "-at"])]
        triggers = [
            pgtrigger.Protect(name="reviewer_acts_are_append_only", operation=pgtrigger.Update | pgtrigger.Delete),
            never_truncated("reviewer_acts_are_not_truncated"),
        ]

    def __str__(self):
        return f"{self.account_id} {self.act}"

from django.db import models
from django.db.models import F, Q

from candidates.models.sealed import EncryptedField


class MobileChange(models.Model):
    """A candidate's mobile changed at the desk, against the original document, by two people.

    The first asks and types in the code that the new number got (`code_at`); the second agrees. One that is dropped,
    or a day old, comes to nothing.
    """

    account = models.ForeignKey("Account", verbose_name="考生", on_delete=models.CASCADE, related_name="mobile_changes")
    application = models.ForeignKey("Application", verbose_name="报名", on_delete=models.CASCADE, related_name="+")
    mobile = EncryptedField("新的手机号码", bound_to=("account_id", "asked_at"))  # type: ignore[misc]
    reason = models.TextField("原因", max_length=200)
    token = models.UUIDField("验证码的请求编号")
    asked_by = models.ForeignKey("Account", verbose_name="申请人", on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField("申请时间")
    code_at = models.DateTimeField("新号码确认时间", null=True)
    agreed_by = models.ForeignKey(
        "Account", verbose_name="确认人", null=True, on_delete=models.PROTECT, related_name="+"
    )
    agreed_at = models.DateTimeField("确认时间", null=True)
    changed_on = models.DateField("更改日期", null=True)  # in Shanghai
    dropped_at = models.DateTimeField("作废时间", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "更换手机号码"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                name="one_open_change_of_mobile", fields=["account"], condition=Q(agreed_at=None, dropped_at=None)
            ),
            models.UniqueConstraint(name="one_change_of_mobile_a_day", fields=["account", "changed_on"]),
            models.CheckConstraint(
                name="mobile_is_changed_by_two_people", condition=Q(agreed_by=None) | ~Q(agreed_by=F("asked_by"))
            ),
            models.CheckConstraint(
                name="mobile_change_is_agreed_to_as_a_whole",
                condition=Q(agreed_at=None, agreed_by=None, changed_on=None)
                | Q(
                    agreed_at__isnull=False,
                    agreed_by__isnull=False,
                    changed_on__isnull=False,
                    code_at__isnull=False,
                    dropped_at=None,
                ),
            ),
        ]

    def __str__(self):
        return f"change of mobile {self.pk}"

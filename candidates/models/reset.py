import uuid

from django.db import models
from django.db.models import Q


class PasswordReset(models.Model):
    """One code that was asked for. Asked for nobody's account it is kept too: the answers must not differ."""

    token = models.UUIDField(
        "请求编号", default=uuid.uuid4, db_index=True
    )  # the request's; the asker's session holds it
    login_hash = models.CharField("登录名索引", max_length=64)  # keyed, of the login name as typed
    account = models.ForeignKey("Account", verbose_name="账号", null=True, on_delete=models.CASCADE, related_name="+")
    code_hash = models.CharField("验证码摘要", max_length=64)  # keyed, of token and code
    sent_at = models.DateTimeField("发送时间")
    tries = models.PositiveSmallIntegerField("尝试次数", default=0)
    used_at = models.DateTimeField("使用时间", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "密码重置验证码"
        indexes = [
            models.Index(name="reset_by_login_name", fields=["login_hash", "sent_at"]),
            models.Index(name="reset_by_account", fields=["account", "sent_at"]),
        ]
        constraints = [models.CheckConstraint(name="reset_has_at_most_five_tries", condition=Q(tries__lte=5))]

    def __str__(self):
        return f"reset {self.pk}"

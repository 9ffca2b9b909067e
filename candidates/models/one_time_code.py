import uuid

from django.db import models
from django.db.models import Q

PURPOSES = {"password": "重置密码", "mobile": "确认手机号码", "email": "确认电子邮箱"}


class OneTimeCode(models.Model):
    """One code that was asked for. A request that matches no account is kept too, so that answers do not differ."""

    # names the request; the asker's session holds it
    token = models.UUIDField("请求编号", default=uuid.uuid4, db_index=True)
    purpose = models.CharField(
        "用途", max_length=8, default="password", db_default="password", choices=list(PURPOSES.items())
    )
    login_hash = models.CharField("登录名索引", max_length=64)  # keyed, of the login name or contact in one spelling
    # keyed: of the asker's network, or of the account that the asker's browser has logged in to before
    address_hash = models.CharField("网络地址索引", max_length=64, blank=True, default="", db_default="")
    is_known = models.BooleanField("登录过的浏览器", default=False, db_default=False)
    account = models.ForeignKey("Account", verbose_name="账号", null=True, on_delete=models.CASCADE, related_name="+")
    code_hash = models.CharField("验证码摘要", max_length=64)  # keyed, of token and code
    sent_at = models.DateTimeField("发送时间")
    tries = models.PositiveSmallIntegerField("尝试次数", default=0)
    used_at = models.DateTimeField("使用时间", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "验证码"
        indexes = [
            models.Index(name="code_by_login_name", fields=["login_hash", "sent_at"]),
            models.Index(name="code_by_account", fields=["account", "sent_at"]),
            models.Index(name="code_by_address", fields=["address_hash", "sent_at"]),
        ]
        constraints = [
            models.CheckConstraint(name="code_has_at_most_five_tries", condition=Q(tries__lte=5)),
            models.CheckConstraint(name="code_has_a_purpose", condition=Q(purpose__in=list(PURPOSES))),
        ]

    def __str__(self):
        return f"code {self.pk}"

from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models


class LoginSession(AbstractBaseSession):
    """A browser's session as Django keeps it, and whose it is once somebody has logged in."""

    account = models.ForeignKey("Account", verbose_name="账号", null=True, on_delete=models.CASCADE, related_name="+")
    last_at = models.DateTimeField("最近使用时间", null=True)  # of a log-in, to a minute or two

    class Meta:
        verbose_name = verbose_name_plural = "登录"

    @classmethod
    def get_session_store_class(cls):
        from candidates.accounts.logins import SessionStore

        return SessionStore


class LoginTries(models.Model):
    """Failed logins of one account, or one name that nobody has, from one place (accounts/login_limits.py)."""

    account_hash = models.CharField("账号索引", max_length=64)  # keyed
    place_hash = models.CharField("来源索引", max_length=64)  # keyed, of a network or a browser
    is_known = models.BooleanField("登录过的浏览器")
    failures = models.PositiveIntegerField("连续失败次数", default=0)
    last_at = models.DateTimeField("最近一次失败时间", db_index=True)
    paused_until = models.DateTimeField("暂停至")

    class Meta:
        verbose_name = verbose_name_plural = "登录失败"
        constraints = [
            models.UniqueConstraint(name="one_count_of_an_account_and_place", fields=["account_hash", "place_hash"]),
        ]

    def __str__(self):
        return f"login tries {self.pk}"

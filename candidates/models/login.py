from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models


class LoginSession(AbstractBaseSession):
    """What is kept of a browser between two requests, as Django keeps it, and whose it is once somebody logged in."""

    account = models.ForeignKey("Account", verbose_name="账号", null=True, on_delete=models.CASCADE, related_name="+")

    class Meta:
        verbose_name = verbose_name_plural = "登录"

    @classmethod
    def get_session_store_class(cls):
        from candidates.sessions import SessionStore

        return SessionStore

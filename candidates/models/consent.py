from django.db import models


class Consent(models.Model):
    """Which version of the privacy notice somebody has agreed to, and when: each one, the newest last."""

    account = models.ForeignKey("Account", verbose_name="账号", on_delete=models.CASCADE, related_name="consents")
    version = models.CharField("隐私声明版本", max_length=20)
    at = models.DateTimeField("同意时间")

    class Meta:
        verbose_name = verbose_name_plural = "同意"
        ordering = ["id"]
        constraints = [models.UniqueConstraint(name="a_version_is_agreed_to_once", fields=["account", "version"])]

    def __str__(self):
        return f"consent {self.pk}"

from django.db import models
from django_otp.models import Device, ThrottlingMixin
from django_otp.oath import TOTP

from candidates.models.sealed import EncryptedField

TOLERANCE = 1  # steps of 30 seconds before and after: clocks differ
MOST_PAUSES = 11  # wrong codes in a row: 1 second's pause after the first, doubled to 17 minutes after the eleventh


class SecondFactor(ThrottlingMixin, Device):
    """A reviewer's or operator's authenticator: the secret that it shares with the portal, sealed."""

    name, confirmed = None, None  # not used: an account has one device, stored once a code has confirmed it
    user = models.OneToOneField("Account", verbose_name="账号", on_delete=models.CASCADE, related_name="second_factor")
    secret = EncryptedField("密钥", bound_to=("user_id",))  # base32, as the authenticator has it
    last_step = models.BigIntegerField("最近一次验证码的时间步")  # its code and earlier ones are used up
    enrolled_at = models.DateTimeField("绑定时间")
    throttling_failure_timestamp = models.DateTimeField("最近一次错误时间", null=True, blank=True)
    throttling_failure_count = models.PositiveIntegerField("连续错误次数", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "两步验证"

    def __str__(self):
        return f"second factor of account {self.user_id}"

    def get_throttle_factor(self):
        return 1  # second

    def throttle_increment(self, commit=True):
        super().throttle_increment(commit=False)
        self.throttling_failure_count = min(self.throttling_failure_count, MOST_PAUSES)
        if commit:
            self.save()

    def accept(self, code: str, totp: TOTP) -> bool:
        """Tell whether the code is right and unused; then it is used up. The caller holds the row."""
        if not (code.isascii() and code.isdecimal() and len(code) == totp.digits):
            return False
        if not totp.verify(int(code), tolerance=TOLERANCE, min_t=self.last_step + 1):
            return False
        self.last_step = totp.t()
        return True


class RecoveryCode(models.Model):
    """Opens one login without the authenticator; only its keyed hash is kept."""

    account = models.ForeignKey("Account", verbose_name="账号", on_delete=models.CASCADE, related_name="recovery_codes")
    code_hash = models.CharField("恢复码摘要", max_length=64, unique=True)  # keyed, of account and code
    used_at = models.DateTimeField("使用时间", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "恢复码"

    def __str__(self):
        return f"recovery code {self.pk}"


class Passkey(models.Model):
    """A key of a reviewer's or operator's device (WebAuthn), in an authenticator's place; its secret stays there."""

    account = models.ForeignKey("Account", verbose_name="账号", on_delete=models.CASCADE, related_name="passkeys")
    label = models.CharField("名称", max_length=30)
    credential = models.BinaryField("凭据标识", max_length=1023, unique=True)
    public_key = models.BinaryField("公钥")  # COSE
    uses = models.PositiveBigIntegerField("使用次数", default=0)  # as the device counts them; some always say 0
    added_at = models.DateTimeField("添加时间")
    used_at = models.DateTimeField("最近使用时间", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "通行密钥"
        ordering = ["id"]

    def __str__(self):
        return f"passkey {self.pk}"

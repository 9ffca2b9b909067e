"""Codes of the second factor, as people type them."""

from django import forms

from candidates.forms.accounts import CodeField
from candidates.forms.fields import PlainField


class AuthenticatorForm(forms.Form):
    code = CodeField(
        label="动态验证码",
        max_length=20,
        help_text="手机验证器应用上显示的 6 位数字，每 30 秒换一次。",
        error_messages={"required": "请填写 6 位动态验证码。"},
    )


class RecoveryField(PlainField):
    """Ten letters and digits; capitals, full-width ones, spaces and hyphens are folded."""

    kind = "code"
    widget = forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"})

    def to_python(self, value):
        return "".join(one for one in super().to_python(value).lower() if one.isalnum())


class RecoveryForm(forms.Form):
    code = RecoveryField(
        label="恢复码",
        max_length=40,
        help_text="绑定时保存的 10 个恢复码中的一个，每个只能用一次。",
        error_messages={"required": "请填写恢复码。"},
    )

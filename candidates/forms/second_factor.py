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


class PasskeyForm(forms.Form):
    """A passkey that a device has made: `answer` is filled in by the page's script (static/js/passkeys.js)."""

    label = PlainField(
        label="名称",
        max_length=30,
        help_text="自己认得出的名称，如“办公室电脑”“蓝色 USB 密钥”。",
        error_messages={"required": "请给这个通行密钥起个名称。", "max_length": "名称最多 30 个字。"},
    )
    answer = forms.CharField(required=False, widget=forms.HiddenInput(attrs={"autocomplete": "off"}))

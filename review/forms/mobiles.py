"""Changing a candidate's mobile at the desk."""

from django import forms

from candidates.forms.fields import MobileField, PlainField


class MobileChangeForm(forms.Form):
    document_tail = PlainField(
        kind="identifier",
        label="证件号码后 6 位",
        help_text="照考生带来的证件原件输入。请核对原件与本人相符。",
        max_length=6,
        widget=forms.TextInput(attrs={"autocomplete": "off", "class": "short"}),
        error_messages={"required": "请照证件原件填写证件号码后 6 位。"},
    )
    mobile = MobileField(
        label="新的手机号码",
        help_text="验证码会发到这个号码，请考生当场读给您。",
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off", "class": "short"}),
        error_messages={"required": "请填写新的手机号码。"},
    )
    reason = PlainField(
        label="更换的原因",
        help_text="如“原手机遗失”。不要写姓名和号码。",
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "请填写更换的原因。", "max_length": "原因最多 200 个字。"},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.mark = "必填"

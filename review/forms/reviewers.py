"""A new reviewer, by a head."""

from django import forms

from candidates.forms.fields import MobileField, NameField, PlainEmailField, PlainField
from candidates.models import Unit


class ReviewerForm(forms.Form):
    unit = forms.ModelChoiceField(
        label="单位", queryset=Unit.objects.none(), to_field_name="code", empty_label=None,
        error_messages={"invalid_choice": "所选的单位不在您负责的范围内。", "required": "请选择单位。"},
    )  # fmt: skip
    username = PlainField(
        kind="identifier",
        label="用户名",
        max_length=40,
        help_text="以英文字母开头，3 至 40 个字符，只用字母、数字和 . _ -。建好以后不能修改。",
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
        error_messages={"required": "请填写用户名。", "max_length": "用户名最多 40 个字符。"},
    )
    name = NameField(label="姓名", error_messages={"required": "请填写姓名。"})
    mobile = MobileField(
        label="本人的手机号码",
        required=False,
        help_text="手机号码和电子邮箱至少填一项：一次性密码发到那里，您看不到。保存以后只有操作员能改，请核对。",
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off", "class": "short"}),
    )
    email = PlainEmailField(
        label="本人的电子邮箱",
        required=False,
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        error_messages={"invalid": "电子邮箱的格式不正确。"},
    )
    is_head = forms.BooleanField(label="负责人", required=False)

    def __init__(self, data=None, *, unit: Unit, chosen: Unit):
        """`unit`: whose head makes it; `chosen`: the one whose list this is."""
        super().__init__(data, initial={"unit": chosen.code})
        self.fields["unit"].queryset = Unit.objects.filter(code__startswith=unit.code, is_active=True)

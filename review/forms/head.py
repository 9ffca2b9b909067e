"""What the head of a unit sets for it."""

from django import forms

from review.models import MOST_SHARE, OfficeSetting


class SettingForm(forms.ModelForm):
    class Meta:
        model = OfficeSetting
        fields = ["share", "digest"]
        error_messages = {
            "share": {
                "required": f"请填写 0 至 {MOST_SHARE} 的整数。",
                "invalid": f"请填写 0 至 {MOST_SHARE} 的整数。",
                "max_value": "不能超过 %(limit_value)s。",
                "min_value": "不能小于 0。",
            }
        }

    def __init__(self, *args, sampled: bool, **kwargs):
        """`sampled`: whether the unit's level has second looks at all."""
        super().__init__(*args, **kwargs)
        if not sampled:
            del self.fields["share"]

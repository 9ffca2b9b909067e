"""The back office's forms of what a region or a site asks for."""

from itertools import groupby

from django import forms

from materials.models import MaterialNotice, UnitLine
from materials.rules.catalogue import OTHER
from materials.rules.conditions import CONDITIONS, same_fact_twice


class MaterialNoticeForm(forms.ModelForm):
    class Meta:
        model = MaterialNotice
        fields = ("unit", "category", "required", "words", "is_active")
        help_texts = {
            "required": "只对可选的类别有效；待补的材料仍可以后补。",
            "words": "考生在这一类里看到，前面写明考区或考点的名称，最多 200 个字。",
        }

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("category") == OTHER and cleaned.get("required"):
            self.add_error("required", "考点规定的其他材料，请在“考区、考点自定的材料”中逐项列出，并选“必须上传”。")
        if not cleaned.get("required") and not cleaned.get("words") and not self.errors:
            self.add_error("words", "请填写说明，或勾选“必须上传”。")
        return cleaned


def _conditions_by_fact() -> list[tuple[str, list[tuple[str, str]]]]:
    return [
        (fact, [(one.code, one.label) for one in same]) for fact, same in groupby(CONDITIONS, key=lambda one: one.fact)
    ]


class UnitLineForm(forms.ModelForm):
    conditions = forms.MultipleChoiceField(
        label="适用于",
        required=False,
        choices=_conditions_by_fact,
        widget=forms.CheckboxSelectMultiple,
        help_text="不选是所有考生；选了几项的，须同时符合。每组至多选一项；“或者”请分成两条写。",
    )

    class Meta:
        model = UnitLine
        fields = (
            *("unit", "title", "conditions", "upload", "original", "copies"),
            *("remark", "position", "is_active"),
        )
        help_texts = {
            "title": "考生看到的名称后面会写明是谁要求的，例如“社会保险缴费证明（北京考区要求）”。",
            "upload": "上传到“考点规定的其他材料”。不选是不用上传。",
            "remark": "印在通知单和附件 4 上，最多 200 个字。",
            "position": "同一单位内从小到大排列。",
            "is_active": "启用后考生马上看到。先不启用、预览无误后再启用。",
        }

    def clean_conditions(self):
        chosen = self.cleaned_data["conditions"]
        if both := same_fact_twice(chosen):
            raise forms.ValidationError(f"“{both[0]}”和“{both[1]}”说的是同一件事：请只选一项，或分成两条。")
        return chosen

"""The queue's filters, which stand in the address, and its search, which never does."""

from operator import attrgetter

from django import forms

from candidates.applications.states import LISTED, STATUSES
from candidates.forms.fields import PlainField
from candidates.models import ExamCategory, Unit
from review.forms.days import OptionalDayField


class FilterForm(forms.Form):
    """What the list shows. Statuses one at a time: each is one range of one index."""

    region = forms.ModelChoiceField(
        label="考区",
        required=False,
        queryset=Unit.objects.filter(level="region"),
        to_field_name="code",
        empty_label=None,
    )
    status = forms.ChoiceField(label="状态", required=False, choices=[(code, STATUSES[code]) for code in LISTED])
    category = forms.ModelChoiceField(
        label="报考类别",
        required=False,
        queryset=ExamCategory.objects.order_by(),
        to_field_name="code",
        empty_label="全部",
    )
    submitted_from = OptionalDayField(label="提交日期从")
    submitted_to = OptionalDayField(label="至")
    returned = forms.BooleanField(label="曾退回", required=False)
    owed = forms.BooleanField(label="有待补", required=False)
    warnings = forms.BooleanField(label="图片有提示", required=False)
    asked = forms.BooleanField(label="询问中", required=False)
    answered = forms.BooleanField(label="已答复", required=False)
    duplicates = forms.BooleanField(label="疑似重复", required=False)
    notes = forms.BooleanField(label="有备注", required=False)

    def __init__(self, data, *, waiting: str, with_regions: bool):
        super().__init__(data)
        self.fields["status"].choices = [
            (code, f"{name}（待我处理）" if code == waiting else name) for code, name in self.fields["status"].choices
        ]
        # a dozen rows: sorted here, so that no statement of the page has to sort
        categories = sorted(ExamCategory.objects.order_by(), key=attrgetter("code"))
        self.fields["category"].choices = [("", "全部"), *((one.code, str(one)) for one in categories)]
        if not with_regions:
            del self.fields["region"]


class SearchForm(forms.Form):
    """One box: application number, ID number or mobile in whole, a name or its beginning, a scanned code."""

    text = PlainField(max_length=200, error_messages={"required": "请输入报名编号、证件号码、手机号码或姓名。"})

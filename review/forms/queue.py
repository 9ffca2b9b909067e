"""The queue's filters, which stand in the address, and its search, which never does."""

from operator import attrgetter

from django import forms
from django.db.models import QuerySet

from candidates.applications.states import LISTED, REVIEW, STATUSES, Status
from candidates.forms.fields import PlainField, Shared, SharedChoice, SharedTick, WholeNumberField
from candidates.models import ExamCategory, Unit
from candidates.prepared import Prepared
from candidates.rules.levels import below
from review.cases.listing import NOBODY, ORDERS
from review.forms.days import OptionalDayField
from review.office.assignments import colleagues

MINE = "mine"
ORDER_NAMES = {"submitted": "提交时间", "waiting": "等待最久", "deadline": "补正期限", "number": "报名编号"}
# what a list shows beside number and name: code -> heading; those that mean nothing in a status are left out there
COLUMNS = {
    "category": "报考类别",
    "unit": "单位",
    "status": "状态",
    "round": "轮次",
    "submitted": "提交时间",
    "waiting": "已等待",
    "deadline": "补正期限",
    "hints": "提示",
    "assigned": "分派给",
    "held": "正在审阅",
}
USUAL = [code for code in COLUMNS if code != "unit"]
ONLY_IN = {
    "waiting": REVIEW,
    "held": REVIEW,
    "assigned": REVIEW,
    "deadline": (Status.RETURNED,),
}  # column or order -> statuses


FLAGS = ("returned", "owed", "warnings", "asked", "answered", "duplicates", "looked", "notes")


def means_something(code: str, status: str) -> bool:
    return code not in ONLY_IN or status in ONLY_IN[code]


_CATEGORIES = Prepared(lambda: ExamCategory.objects.order_by())


class SharedDay(Shared, OptionalDayField):
    pass


class SharedNumber(Shared, WholeNumberField):
    pass


class SharedChoices(Shared, forms.MultipleChoiceField):
    pass


def _unit_field(label: str, units: QuerySet[Unit], *, empty_label: str | None) -> forms.ModelChoiceField:
    return forms.ModelChoiceField(units, label=label, required=False, to_field_name="code", empty_label=empty_label)


class FilterForm(forms.Form):
    """What the list shows. Statuses one at a time: each is one range of one index."""

    status = forms.ChoiceField(label="状态", required=False, choices=[(code, STATUSES[code]) for code in LISTED])
    year = SharedNumber(label="考试年度", required=False, min_value=2000, max_value=2999)
    category = forms.ModelChoiceField(
        label="报考类别",
        required=False,
        queryset=ExamCategory.objects.order_by(),
        to_field_name="code",
        empty_label="全部",
    )
    submitted_from = SharedDay(label="提交日期从")
    submitted_to = SharedDay(label="至")
    returned = SharedTick(label="曾退回", required=False)
    owed = SharedTick(label="有待补", required=False)
    warnings = SharedTick(label="图片有提示", required=False)
    asked = SharedTick(label="询问中", required=False)
    answered = SharedTick(label="已答复", required=False)
    duplicates = SharedTick(label="疑似重复", required=False)
    notes = SharedTick(label="有备注", required=False)
    looked = SharedTick(label="抽查复核", required=False)
    overdue = SharedTick(label="已逾期", required=False)
    order = SharedChoice(label="排序", required=False, choices=[(code, ORDER_NAMES[code]) for code in ORDERS])
    show = SharedChoices(label="显示的列", required=False, choices=list(COLUMNS.items()))

    def __init__(self, data, *, waiting: str, with_regions: bool, unit: Unit | None = None):
        """`unit`: whose list it is, where units below it can be chosen."""
        super().__init__(data)
        self.waiting = waiting or Status.POINT_REVIEW  # the status where none is asked for
        if with_regions:
            self.fields["region"] = _unit_field("考区", Unit.objects.filter(level="region"), empty_label=None)
        if unit and below(unit.level):
            units = Unit.objects.filter(code__startswith=unit.code).exclude(pk=unit.pk)
            self.fields["unit"] = _unit_field("单位", units, empty_label="全部")
        self.fields["status"].choices = [
            (code, f"{name}（待我处理）" if code == waiting else name) for code, name in self.fields["status"].choices
        ]
        # a dozen rows: sorted here, so that no statement of the page has to sort
        categories = sorted(_CATEGORIES(), key=attrgetter("code"))
        self.fields["category"].choices = [("", "全部"), *((one.code, str(one)) for one in categories)]
        if unit:
            self.people = colleagues(unit)
            whose = [("", "全部"), (MINE, "分派给我的"), (NOBODY, "未分派的")]
            named = [(one.username, f"分派给 {one.username}") for one in self.people]
            self.fields["assigned"] = forms.ChoiceField(label="分派", required=False, choices=[*whose, *named])

    @property
    def flags(self) -> list[tuple[str, str, bool]]:
        """What a case may be looked for by besides: parameter, label, whether it is asked for."""
        return [self._flag(name) for name in FLAGS]

    @property
    def late(self) -> list[tuple[str, str, bool]]:
        """The same of what is overdue, which not every status can be."""
        return [self._flag("overdue")]

    def _flag(self, name: str) -> tuple[str, str, bool]:
        return name, str(self.fields[name].label), bool(self.cleaned_data.get(name))

    @property
    def orders(self) -> list[tuple[str, str]]:
        """The orders that mean something in the status that is shown."""
        status = self.cleaned_data.get("status") or self.waiting
        return [(code, name) for code, name in self.fields["order"].choices if means_something(code, status)]


class SearchForm(forms.Form):
    """One box: application number, ID number or mobile in whole, a name or its beginning, a scanned code."""

    text = PlainField(max_length=200, error_messages={"required": "请输入报名编号、证件号码、手机号码或姓名。"})


class SavedListForm(forms.Form):
    """The name that a list is saved under."""

    name = PlainField(
        label="名称",
        max_length=20,
        error_messages={"required": "请填写名称，再保存这个列表。", "max_length": "名称最多 %(limit_value)d 个字。"},
    )

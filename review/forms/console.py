"""The back office's own pages: what is looked for, what an act asks for, what a table is."""

from django import forms

from candidates.applications.acts import ACTS
from candidates.applications.states import STATUSES
from candidates.forms.fields import DayField, PlainField
from candidates.models import ExamSession, Unit
from candidates.rules.levels import FIRST
from candidates.rules.sections import SECTIONS
from materials.rules.catalogue import CATEGORIES
from review.forms.acting import ActingForm
from review.forms.days import OptionalDayField
from review.models import PROVIDERS
from review.operations.importing import KINDS
from review.operations.reminders import KINDS as REMINDED
from review.reports import full_exports
from review.reports.exports import MOST


class FindForm(forms.Form):
    text = PlainField(
        label="查找",
        help_text="报名编号、证件号码、手机号码、电子邮箱、用户名，或姓名的开头。不会写进网址。",
        max_length=100,
        kind="search",
        error_messages={"required": "请填写要找的号码或姓名。", "max_length": "最多 100 个字符。"},
    )


class ReasonForm(ActingForm):
    """What is asked for where an act has no more than a reason, and the word that it is meant."""

    reason = PlainField(
        label="原因",
        max_length=200,
        error_messages={"required": "请写明原因。", "max_length": "原因最多 %(limit_value)d 个字。"},
    )
    sure = forms.BooleanField(
        label="已经核对，确认办理",
        error_messages={"required": "请核对以后勾选。没有办理任何内容。"},
    )


class CheckedForm(ReasonForm):
    """For acts on accounts: who asks has been recognised."""

    field_order = ("reason", "sure")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["reason"].help_text = "例如：本人带证件原件到报名点。记入操作记录，不要写姓名和号码。"
        self.fields["sure"].label = "已按规定核实是本人提出的"


class ActForm(ReasonForm):
    """An operator's act on an application; the fields that the act does not take are left out."""

    sections = forms.MultipleChoiceField(
        label="解锁的报名信息",
        required=False,
        choices=[(code, one.title) for code, one in SECTIONS.items()],
        widget=forms.CheckboxSelectMultiple,
    )
    categories = forms.MultipleChoiceField(
        label="解锁的材料类别",
        required=False,
        choices=[(one.code, one.label) for one in CATEGORIES],
        widget=forms.CheckboxSelectMultiple,
    )
    point = PlainField(label="新报名点的 7 位代码", kind="identifier", max_length=7)
    until = OptionalDayField(label="期限", help_text="当日 24:00 前。")
    field_order = ("sections", "categories", "point", "until", "reason", "sure")

    def __init__(self, data=None, *, action: str, deadline: str, needs_day: bool):
        super().__init__(data)
        taken = {"unlock": {"sections", "categories"}, "move": {"point"}}.get(action, set())
        for name in {"sections", "categories", "point"} - taken:
            del self.fields[name]
        if not deadline:
            del self.fields["until"]
        else:
            self.fields["until"].label, self.fields["until"].required = deadline, needs_day
        self.fields["reason"].label = ACTS[action].reason
        self.fields["reason"].max_length = 500
        self.fields["reason"].help_text = "记入办理记录，考生也会看到。"

    def clean_point(self):
        point = Unit.objects.filter(code=self.cleaned_data["point"], level=FIRST).first()
        if point is None:
            raise forms.ValidationError(f"没有代码为 {self.cleaned_data['point']} 的报名点。")
        if not point.is_active:
            raise forms.ValidationError(f"报名点 {point.code} 已停用。")
        return point

    def clean(self):
        cleaned = super().clean()
        if "sections" in self.fields and not cleaned.get("sections") and not cleaned.get("categories"):
            self.add_error("sections", "请至少选择一部分报名信息，或一类材料。")
        return cleaned


class TableForm(forms.Form):
    """A table to look through before it is taken in."""

    file = forms.FileField(
        label="表格文件（.csv 或 .xlsx）",
        error_messages={"required": "请选择文件。", "empty": "文件是空的，请重新选择。"},
    )

    def __init__(self, *args, kind: str, **kwargs):
        super().__init__(*args, **kwargs)
        if KINDS[kind].has_provider:
            providers = list(PROVIDERS.items())
            self.fields["provider"] = forms.ChoiceField(label="收款渠道", choices=providers, initial="bank")
        if can_end := KINDS[kind].can_end:
            self.fields["complete"] = forms.BooleanField(
                label=f"表格是完整的：其中没有的{can_end}",
                required=False,
                help_text="不勾选时，表格没有写到的保持原样。",
            )


class MatchForm(forms.Form):
    number = PlainField(
        label="报名编号或订单号",
        kind="identifier",
        max_length=32,
        error_messages={"required": "请填写这笔钱是为哪一份报名（或哪一个订单）付的。"},
    )
    sure = forms.BooleanField(label="已与付款人核对", error_messages={"required": "请核对以后勾选。没有入账。"})


class ReconcileForm(forms.Form):
    """A provider's list of one day, to be held against ours."""

    provider = forms.ChoiceField(label="收款渠道", choices=list(PROVIDERS.items()))
    day = DayField(label="日期", error_messages={"invalid": "请填写年、月、日，例如 2027-03-08。"})
    file = forms.FileField(
        label="这一天的账单",
        error_messages={"required": "请选择文件。", "empty": "文件是空的，请重新选择。"},
    )


class RemindForm(forms.Form):
    session = forms.ModelChoiceField(
        label="考试年度", queryset=ExamSession.objects.none(), to_field_name="year", empty_label=None
    )
    kind = forms.ChoiceField(label="对象", choices=[(code, one.label) for code, one in REMINDED.items()])
    sure = forms.BooleanField(label="已经核对人数，现在发送", required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["session"].queryset = ExamSession.objects.order_by("-year")


class PurgeForm(ReasonForm):
    year = forms.TypedChoiceField(label="考试年度", coerce=int, error_messages={"required": "请选择考试年度。"})
    field_order = ("year", "reason", "sure")

    def __init__(self, *args, years, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["year"].choices = [(year, f"{year} 年度") for year in years]


class ExportForm(ReasonForm):
    """An export in full, which another operator has to agree to."""

    year = forms.TypedChoiceField(label="考试年度", coerce=int)
    unit = PlainField(label="单位代码", kind="identifier", required=False, max_length=7, help_text="留空是全国。")
    status = forms.MultipleChoiceField(
        label="状态", required=False, choices=list(STATUSES.items()), widget=forms.CheckboxSelectMultiple
    )
    field_order = ("year", "unit", "status", "reason", "sure")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        years = ExamSession.objects.order_by("-year").values_list("year", flat=True)
        self.fields["year"].choices = [(year, f"{year} 年度") for year in years]

    def clean_unit(self):
        code = self.cleaned_data["unit"]
        if code and not Unit.objects.filter(code=code).exists():
            raise forms.ValidationError(f"没有代码为 {code} 的考区、考点或报名点。")
        return code

    def clean(self):
        """Refuse more than one request can write: the command does."""
        cleaned = super().clean()
        if "year" in cleaned and "unit" in cleaned and "status" in cleaned:
            number = full_exports.cases_of(cleaned["year"], cleaned["unit"], cleaned["status"])[: MOST + 1].count()
            if number > MOST:
                words = f"超过 {MOST} 份报名：请按单位、状态分开，或在服务器上用 export_applications --full。"
                self.add_error("unit", words)
        return cleaned

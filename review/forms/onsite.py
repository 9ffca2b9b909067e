"""The on-site list at the desk, and the head's page of hours and slots."""

from collections.abc import Sequence

from django import forms

from candidates.forms.fields import DayField, PlainField, WholeNumberField, WholeNumberInput
from review.appointments import hours
from review.appointments.changes import Change
from review.appointments.lines import MARKS, PICTURES, Marked
from review.models import AppointmentSetting, ClosedDay, OpeningHours, Slot


class MarkForm:
    """Every line of the list: `line-<n>` is its mark, `note-<n>` what is said of one that is missing."""

    def __init__(self, marked: Sequence[Marked], data=None):
        self.marked, self.data = marked, data
        self.problems: dict[str, str] = {}

    def is_valid(self) -> bool:
        return self.data is not None

    @property
    def marks(self) -> dict[str, tuple[str, str]]:
        return {one.line.document: self._said(at, one) for at, one in enumerate(self.marked, 1)}

    def _said(self, at: int, one: Marked) -> tuple[str, str]:
        if self.data is None:
            return one.mark, one.note
        return self.data.get(f"line-{at}", ""), PlainField(required=False).clean(self.data.get(f"note-{at}", ""))

    def refuse(self, problems: dict[str, str]) -> None:
        self.problems = problems

    @property
    def rows(self) -> list[dict]:
        marks = self.marks
        return [
            {
                "number": at,
                "line": one.line,
                "mark": marks[one.line.document][0],
                "note": marks[one.line.document][1],
                "pictures": PICTURES.get(one.line.item or 0, ""),
                "by": one.by,
                "at": one.at,
                "choices": MARKS.items(),
                "problem": self.problems.get(f"line:{one.line.document}", ""),
            }
            for at, one in enumerate(self.marked, 1)
        ]


class SettingForm(forms.ModelForm):
    class Meta:
        model = AppointmentSetting
        fields = ["is_on", "from_registered", "minutes", "capacity", "walk_in"]
        field_classes = dict.fromkeys(("minutes", "capacity", "walk_in"), WholeNumberField)
        widgets = dict.fromkeys(("minutes", "capacity", "walk_in"), WholeNumberInput)

    def clean(self):
        said = super().clean()
        if (said.get("walk_in") or 0) > (said.get("capacity") or 0):
            self.add_error("walk_in", "不能多于每个时段的名额。")
        return said


class TimeField(forms.TimeField):
    """An hour of the day, 9:00, as people write it: also with a full-width colon."""

    widget = forms.TimeInput(attrs={"type": "time"})

    def __init__(self, **kwargs):
        kwargs.setdefault("error_messages", {"invalid": "请填写时间，例如 9:00。", "required": "请填写时间。"})
        super().__init__(**kwargs)

    def to_python(self, value):
        return super().to_python(value.replace("：", ":").strip() if isinstance(value, str) else value)


class HoursForm(forms.ModelForm):
    opens = TimeField(label="开始")
    closes = TimeField(label="结束")

    class Meta:
        model = OpeningHours
        fields = ["weekday", "opens", "closes"]

    def __init__(self, *args, setting, **kwargs):
        super().__init__(*args, **kwargs)
        self.instance.setting = setting

    def clean(self):
        said = super().clean()
        opens, closes, weekday = said.get("opens"), said.get("closes"), said.get("weekday")
        if opens and closes and closes <= opens:
            self.add_error("closes", "结束时间应晚于开始时间。")
        elif opens and closes and weekday:
            same_day = OpeningHours.objects.filter(setting=self.instance.setting, weekday=weekday)
            if hours.overlaps(opens, closes, same_day.values_list("opens", "closes")):
                self.add_error("opens", "与这一天已有的时间重叠。")
        return said


class ClosedDayForm(forms.ModelForm):
    day = DayField(label="日期")

    class Meta:
        model = ClosedDay
        fields = ["day", "words"]
        field_classes = {"words": PlainField}

    def __init__(self, *args, setting, **kwargs):
        super().__init__(*args, **kwargs)
        self.instance.setting = setting

    def clean_day(self):
        day, setting = self.cleaned_data["day"], self.instance.setting
        if ClosedDay.objects.filter(setting=setting, day=day).exists():
            raise forms.ValidationError("这一天已经登记为不办理。")
        if Slot.objects.filter(point=setting.point, day=day, is_closed=False).exists():
            raise forms.ValidationError("这一天已有时段：请先在“时段”中打开这一天，停止全部时段，再登记。")
        return day


class MakeForm(forms.Form):
    """Two dates between which slots are made."""

    first = DayField(label="从")
    last = DayField(label="至")


class ChangeForm(forms.Form):
    """What becomes of the chosen slots of a day."""

    deed = forms.ChoiceField(
        choices=[("resize", "改名额"), ("close", "停止预约"), ("open", "恢复预约")],
        error_messages={"required": "请选择要做的事。", "invalid_choice": "请选择要做的事。"},
    )
    slots = forms.TypedMultipleChoiceField(
        coerce=int, error_messages={"required": "请先选中时段。", "invalid_choice": "选中的时段不在这一天。"}
    )
    capacity = WholeNumberField(label="名额", required=False, min_value=1, max_value=200)
    walk_in = WholeNumberField(label="其中留给没有预约的人", required=False, min_value=0, max_value=200)

    def __init__(self, *args, rows: Sequence[Slot], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["slots"].choices = [(one.pk, "") for one in rows]

    def clean(self):
        said = super().clean()
        if said.get("deed") == "resize" and said.get("capacity") is None and not self.errors:
            self.add_error("capacity", "请填写新的名额。")
        return said

    @property
    def change(self) -> Change:
        said = self.cleaned_data
        if said["deed"] == "resize":
            return Change(capacity=said["capacity"], walk_in=said["walk_in"])
        return Change(closed=said["deed"] == "close")

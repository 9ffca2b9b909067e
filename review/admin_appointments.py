"""现场审核预约: what operators keep of a point's hours; its head keeps the same on the page of the desk."""

from django import forms
from django.contrib import admin

from candidates.admin_kinds import ReadOnly, Remembered
from candidates.rules.levels import FIRST
from review.appointments import hours
from review.models import AppointmentSetting, ClosedDay, OpeningHours, Slot


class SettingForm(forms.ModelForm):
    def clean_point(self):
        point = self.cleaned_data["point"]
        if point and point.level != FIRST:
            raise forms.ValidationError("请选择报名点：考区、考点没有现场审核预约。")
        return point


@admin.register(AppointmentSetting)
class AppointmentSettingAdmin(Remembered):
    form = SettingForm
    list_display = ["point", "is_on", "from_registered", "minutes", "capacity", "walk_in"]
    list_filter = ["is_on"]
    list_select_related = ["point"]
    search_fields = ["point__code", "point__name"]
    search_help_text = "报名点的代码或名称"
    autocomplete_fields = ["point"]


class HoursForm(forms.ModelForm):
    def clean(self):
        said = super().clean()
        setting, weekday, opens, closes = (said.get(name) for name in ("setting", "weekday", "opens", "closes"))
        if setting and weekday and opens and closes:
            same_day = OpeningHours.objects.filter(setting=setting, weekday=weekday).exclude(pk=self.instance.pk)
            if hours.overlaps(opens, closes, same_day.values_list("opens", "closes")):
                self.add_error("opens", "与这一天已有的时间重叠。")
        return said


@admin.register(OpeningHours)
class OpeningHoursAdmin(Remembered):
    form = HoursForm
    list_display = ["setting", "weekday", "opens", "closes"]
    list_filter = ["weekday"]
    list_select_related = ["setting__point"]
    autocomplete_fields = ["setting"]


class ClosedDayForm(forms.ModelForm):
    def clean(self):
        said = super().clean()
        setting, day = said.get("setting"), said.get("day")
        if setting and day and Slot.objects.filter(point=setting.point, day=day, is_closed=False).exists():
            self.add_error("day", "这一天已有时段：请报名点的负责人先在“预约设置”中停止这一天的时段。")
        return said


@admin.register(ClosedDay)
class ClosedDayAdmin(Remembered):
    form = ClosedDayForm
    list_display = ["setting", "day", "words"]
    list_select_related = ["setting__point"]
    autocomplete_fields = ["setting"]


@admin.register(Slot)
class SlotAdmin(ReadOnly):
    """To look at: slots are made and changed by the point's head, who is asked where somebody loses a place."""

    list_display = ["point", "starts_at", "ends_at", "capacity", "walk_in", "taken", "is_closed"]
    list_filter = ["is_closed"]
    list_select_related = ["point"]
    ordering = ["-pk"]

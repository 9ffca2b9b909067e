"""Whom a head lends to which unit below, and when."""

from collections.abc import Iterable

from django import forms

from candidates.forms.fields import DayField
from candidates.models import Account, Unit


class DeputyForm(forms.Form):
    person = forms.ChoiceField(
        label="派谁",
        error_messages={"invalid_choice": "所选的人已经停用或不在这个单位。", "required": "请选择派谁去代理。"},
    )
    unit = forms.ChoiceField(
        label="代理哪个单位",
        error_messages={"invalid_choice": "请选择直接下级的单位。", "required": "请选择代理哪个单位。"},
    )
    first = DayField(label="从", error_messages={"required": "请填写代理的第一天。"})
    last = DayField(label="至（含当天）", error_messages={"required": "请填写代理的最后一天。"})

    def __init__(self, data=None, *, people: Iterable[Account], units: Iterable[Unit]):
        super().__init__(data)
        self.people = {str(one.username): one for one in people}
        self.units = {one.code: one for one in units}
        names = [(one.username, f"{one.username} {one.name}") for one in self.people.values()]
        self.fields["person"].choices = [("", "请选择"), *names]
        self.fields["unit"].choices = [
            ("", "请选择"),
            *((code, f"{code} {one.name}") for code, one in self.units.items()),
        ]

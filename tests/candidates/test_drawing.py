"""The controls drawn by us are those that Django's templates draw, but for white space."""

import re

import pytest
from django import forms
from django.forms.renderers import TemplatesSetting
from django.utils.safestring import mark_safe

from candidates.forms.drawing import Renderer
from candidates.forms.fields import DayField, MonthField, YesNoField

NASTY = "\"><script>'&"
CHOICES = [
    ("", "请选择"),
    ("a", "甲"),
    (3, NASTY),
    ("safe", mark_safe("<b>粗</b>")),
    ("组", [("x", "一"), ("y", NASTY)]),
]
ATTRS = {"class": "short", "data-json": '{"a": 1}', "disabled": True, "hidden": False, "maxlength": 10}


class Everything(forms.Form):
    text = forms.CharField(widget=forms.TextInput(attrs=ATTRS), help_text="提示")
    number = forms.IntegerField()
    email = forms.EmailField(required=False)
    password = forms.CharField(widget=forms.PasswordInput)
    tick = forms.BooleanField()
    hidden = forms.CharField(widget=forms.HiddenInput)
    day, month, yes = DayField(), MonthField(), YesNoField()
    select = forms.ChoiceField(choices=CHOICES, widget=forms.Select(attrs=ATTRS))
    several = forms.MultipleChoiceField(choices=CHOICES)
    radio = forms.ChoiceField(choices=CHOICES[:4], widget=forms.RadioSelect(attrs={"class": "inline"}))
    moment = forms.SplitDateTimeField()
    file = forms.FileField()


FILLED = {
    **{"text": NASTY, "number": "12345", "email": NASTY, "tick": "on", "hidden": NASTY, "yes": "true", "select": "3"},
    **{"several": ["a", "x"], "radio": "safe", "day": "2018-07-01", "month": "x", "moment_0": NASTY},
}


@pytest.mark.parametrize("values", [None, {}, FILLED], ids=["unbound", "empty", "filled"])
@pytest.mark.parametrize("name", Everything.base_fields)
def test_a_control_is_drawn_as_djangos_templates_draw_it(values, name):
    ours, djangos = (
        re.sub(r"\s+", " ", str(Everything(values, renderer=renderer)[name])).replace("> <", "><")
        for renderer in (Renderer(), TemplatesSetting())
    )
    assert ours == djangos

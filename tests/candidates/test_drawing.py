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
    words = forms.CharField(widget=forms.Textarea(attrs=ATTRS))
    moment = forms.SplitDateTimeField()
    file = forms.FileField()


FILLED = {
    **{"text": NASTY, "number": "12345", "email": NASTY, "tick": "on", "hidden": NASTY, "yes": "true", "select": "3"},
    **{"several": ["a", "x"], "radio": "safe", "day": "2018-07-01", "month": "x", "moment_0": NASTY, "words": NASTY},
}


@pytest.mark.parametrize("values", [None, {}, FILLED], ids=["unbound", "empty", "filled"])
@pytest.mark.parametrize("name", Everything.base_fields)
def test_a_control_is_drawn_as_djangos_templates_draw_it(values, name):
    ours, djangos = (
        re.sub(r"\s+", " ", str(Everything(values, renderer=renderer)[name])).replace("> <", "><")
        for renderer in (Renderer(), TemplatesSetting())
    )
    assert ours == djangos


class Asked(forms.Form):
    name = forms.CharField(label="姓名<", help_text="照<strong>证件</strong>填写")
    tick = forms.BooleanField(label="我已核对", help_text="须勾选")
    route = forms.ChoiceField(label="途径", choices=CHOICES[1:3], widget=forms.RadioSelect, required=False)


def field_of(name, data=None, **facts):
    """Draw a field with the facts that a form of ours may set on it, without white space between its parts."""
    form = Asked(data, renderer=Renderer())
    for fact, value in facts.items():
        setattr(form.fields[name], fact, value)
    return re.sub(r">\s+<", "><", form[name].as_field_group())


def test_a_field_has_its_label_its_mark_its_hint_and_its_control():
    assert field_of("name") == (
        '<div class="field" id="field_name"><label class="field-label" for="id_name">姓名&lt;'
        '<span class="field-mark">必填</span></label>'
        '<div class="field-hint" id="id_name_helptext">照<strong>证件</strong>填写</div>'
        '<input type="text" name="name" required aria-describedby="id_name_helptext" id="id_name"></div>'
    )


def test_a_tick_stands_before_its_label_and_the_hint_behind_it():
    assert field_of("tick") == (
        '<div class="field" id="field_tick"><label class="field-tick" for="id_tick">'
        '<input type="checkbox" name="tick" required aria-describedby="id_tick_helptext" id="id_tick">'
        '<span>我已核对<span class="field-mark">必填</span></span></label>'
        '<div class="field-hint" id="id_tick_helptext">须勾选</div></div>'
    )


LEGEND = '<legend>途径<span class="field-mark">选填</span></legend>'


def test_choices_stand_in_a_fieldset():
    assert field_of("route").startswith(f'<div class="field" id="field_route"><fieldset>{LEGEND}<div id=')


def test_what_is_wrong_stands_between_label_and_control():
    page = field_of("route", {"route": "x", "name": "n", "tick": "on"})
    icon = '<span class="icon icon-problem" aria-hidden="true"></span>'
    wrong = f'</legend><div class="field-error">{icon}<ul class="errorlist"'
    assert ('<div class="field field-wrong" id="field_route">' in page, wrong in page) == (True, True)


def test_a_question_that_cannot_apply_is_hidden_and_says_on_what_it_depends():
    page = field_of("route", layout="short", asked='{"a": 1}', is_left_out=True, moot="不必回答", is_moot=False)
    assert page.startswith(
        '<div class="field short" id="field_route" data-asked="{&quot;a&quot;: 1}" hidden>'
        f'<fieldset>{LEGEND}<div class="field-moot" data-moot hidden>不必回答</div>'
    )
    assert "data-moot>" in field_of("route", moot="不必回答", is_moot=True)


def test_a_forms_own_mark_stands_instead_of_the_usual_one():
    assert '<span class="field-mark">需要时填写</span></label>' in field_of("name", mark="需要时填写")

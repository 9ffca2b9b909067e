"""The questions of 我需要哪些材料: the profile's, as query parameters (profile.parse reads them)."""

from collections.abc import Iterable

from django import forms

from candidates.forms.fields import DayInput, PlainField
from candidates.models import ExamCategory, Unit
from candidates.rules.profile import QUESTIONS, Question

FIRST = ("level", "exam_category", "residency", "serving_military")  # the others follow in the profile's order


def _flag(question: Question) -> forms.Field:
    tick = forms.CheckboxInput(attrs={"value": "true"}, check_test=lambda value: value == "true")
    return forms.BooleanField(label=question.label, required=False, widget=tick)


def _day(question: Question) -> forms.Field:
    return PlainField(label=question.label, required=False, widget=DayInput)


def _choice(question: Question) -> forms.Field:
    choices = list(question.choices.items())
    if question.none:
        return forms.ChoiceField(label=question.label, choices=[("", question.none), *choices], required=False)
    field = forms.ChoiceField(
        label=question.label, choices=choices, required=question.required, widget=forms.RadioSelect
    )
    field.layout = "choices-inline"
    return field


def _unit(label: str, units: Iterable[Unit], hint: str) -> forms.Field:
    choices = [("", "还没有决定"), *((unit.code, unit.name) for unit in units)]
    return forms.ChoiceField(label=label, choices=choices, required=False, help_text=hint)


ASKED_AS = {"choice": _choice, "flag": _flag, "day": _day}


class RequirementsForm(forms.Form):
    """Draws the questions with what was answered; what is wrong with the answers is put beside them by show()."""

    exam_category = forms.ChoiceField(label="报考类别", required=False)

    def __init__(self, answers: dict[str, str], categories: list[ExamCategory], region: Unit | None = None):
        """`region` is the chosen one: then its sites are offered too."""
        super().__init__(initial={"supplementary_test": "none", **answers})
        named = [(one.code, str(one)) for one in categories]
        self.fields["exam_category"].choices = [("", "还没有决定"), *named]
        for name, question in QUESTIONS.items():
            self.fields[name] = ASKED_AS[question.kind](question)
            self.fields[name].help_text = question.hint
        self.order_fields(FIRST)
        self._ask_where(region)

    def _ask_where(self, region: Unit | None) -> None:
        units = Unit.objects.filter(level="region", is_active=True)
        self.fields["region"] = _unit("考区", units, "考区、考点可以另外要求材料，选择后一并列出。")
        if region:
            sites = Unit.objects.filter(parent=region, is_active=True)
            self.fields["site"] = _unit("考点", sites, f"{region.name}的考点，也可以另外要求材料。")

    def show(self, problems: dict[str, str]) -> None:
        for name, sentence in problems.items():
            self.errors[name] = self.error_class([sentence], renderer=self.renderer)

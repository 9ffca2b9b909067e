"""The questions of 我需要哪些材料: the profile's, as query parameters (profile.parse reads them)."""

from django import forms

from candidates.forms.fields import DayInput, PlainField
from candidates.models import ExamCategory
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


ASKED_AS = {"choice": _choice, "flag": _flag, "day": _day}


class RequirementsForm(forms.Form):
    """Draws the questions with what was answered; what is wrong with the answers is put beside them by show()."""

    exam_category = forms.ChoiceField(label="报考类别", required=False)

    def __init__(self, answers: dict[str, str], categories: list[ExamCategory]):
        super().__init__(initial={"supplementary_test": "none", **answers})
        named = [(one.code, str(one)) for one in categories]
        self.fields["exam_category"].choices = [("", "还没有决定"), *named]
        for name, question in QUESTIONS.items():
            self.fields[name] = ASKED_AS[question.kind](question)
            self.fields[name].help_text = question.hint
        self.order_fields(FIRST)

    def show(self, problems: dict[str, str]) -> None:
        for name, sentence in problems.items():
            self.errors[name] = self.error_class([sentence], renderer=self.renderer)

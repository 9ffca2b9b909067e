"""The questions of 我需要哪些材料: the profile's, as query parameters (profile.parse reads them)."""

from django import forms

from candidates.forms.fields import DayInput, PlainField
from candidates.models import ExamCategory
from candidates.rules.profile import EDUCATIONS, EXAM_LEVELS, FLAGS, LABELS, RESIDENCIES, ROUTES, SUPPLEMENTARY_TESTS

HINTS = {
    "fresh_graduate": "本年度或上一年度毕业，试用期将满一年。",
    "graduating_postgraduate": "报名时尚未毕业，或刚刚毕业的硕士、博士。",
    "overseas_education": "在大陆以外取得的学历。",
    "holds_assistant_licence": "已取得执业助理医师资格并注册。",
}
QUESTIONS = (
    "level",
    "exam_category",
    "residency",
    "serving_military",
    "route",
    "education",
    "full_time",
    "graduated_on",
    "overseas_education",
    "fresh_graduate",
    "graduating_postgraduate",
    "employer_is_medical_institution",
    "holds_assistant_licence",
    "registration_changed",
    "supplementary_test",
)


def _one_of(field: str, choices, *, required=False):
    return forms.ChoiceField(
        label=LABELS[field], choices=list(choices.items()), required=required, widget=forms.RadioSelect
    )


class RequirementsForm(forms.Form):
    """Draws the questions with what was answered; what is wrong with the answers is put beside them by show()."""

    level = _one_of("level", EXAM_LEVELS, required=True)
    residency = _one_of("residency", RESIDENCIES, required=True)
    route = _one_of("route", ROUTES, required=True)
    education = forms.ChoiceField(
        label=LABELS["education"], choices=[("", "没有学历（师承、确有专长）"), *EDUCATIONS.items()], required=False
    )
    graduated_on = PlainField(label=LABELS["graduated_on"], required=False, widget=DayInput)
    supplementary_test = _one_of("supplementary_test", SUPPLEMENTARY_TESTS)
    exam_category = forms.ChoiceField(label="报考类别", required=False)

    def __init__(self, answers: dict[str, str], categories: list[ExamCategory]):
        super().__init__(initial={"supplementary_test": "none", **answers})
        named = [(one.code, str(one)) for one in categories]
        self.fields["exam_category"].choices = [("", "还没有决定"), *named]
        for flag in FLAGS:
            tick = forms.CheckboxInput(attrs={"value": "true"}, check_test=lambda value: value == "true")
            self.fields[flag] = forms.BooleanField(label=LABELS[flag], required=False, widget=tick)
        for name, field in self.fields.items():
            field.help_text = HINTS.get(name, "")
            if isinstance(field.widget, forms.RadioSelect):
                field.layout = "choices-inline"
        self.order_fields(QUESTIONS)

    def show(self, problems: dict[str, str]) -> None:
        for name, sentence in problems.items():
            self.errors[name] = self.error_class([sentence], renderer=self.renderer)

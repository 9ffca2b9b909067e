"""The questions of 我需要哪些材料: the profile's, as query parameters (profile.parse reads them)."""

from collections.abc import Iterable
from operator import attrgetter

from django import forms

from candidates.forms.fields import DayInput, MonthInput, PlainField
from candidates.models import ExamCategory, Unit
from candidates.prepared import Prepared
from candidates.rules.institutions import MOST
from candidates.rules.profile import QUESTIONS, Question
from materials.rules.periods import names_of

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


def _asked(question: Question) -> forms.Field:
    field = ASKED_AS[question.kind](question)
    field.help_text = question.hint
    return field


# made once, and no form changes them
ASKED = {name: _asked(question) for name, question in QUESTIONS.items()}
_REGIONS = Prepared(lambda: Unit.objects.filter(level="").filter(is_active=True).order_by())
_SITES = Prepared(lambda: Unit.objects.filter(parent=0).filter(is_active=True).order_by())


class RequirementsForm(forms.Form):
    """Draws the questions with what was answered; what is wrong with the answers is put beside them by show()."""

    exam_category = forms.ChoiceField(label="报考类别", required=False)

    def __init__(
        self,
        answers: dict[str, str],
        categories: list[ExamCategory],
        region: Unit | None = None,
        institutions: int = 1,
    ):
        """`region` is the chosen one: then its sites are offered too. `institutions`: how many are asked about."""
        super().__init__(initial={"supplementary_test": "none", **answers})
        named = [(one.code, str(one)) for one in categories]
        self.fields["exam_category"].choices = [("", "还没有决定"), *named]
        self.fields |= ASKED
        self._ask_for_periods(institutions)
        self.order_fields(FIRST)
        self._ask_where(region)

    def _ask_where(self, region: Unit | None) -> None:
        regions = sorted(_REGIONS("region"), key=attrgetter("code"))
        self.fields["region"] = _unit("考区", regions, "考区、考点可以另外要求材料，选择后一并列出。")
        if region:
            sites = sorted(_SITES(region.pk), key=attrgetter("code"))
            self.fields["site"] = _unit("考点", sites, f"{region.name}的考点，也可以另外要求材料。")

    def _ask_for_periods(self, institutions: int) -> None:
        """Ask, of whoever wants to know in time, when the trial or practice was: a pair of months an institution."""
        numbers = [(str(number), f"{number} 个") for number in range(1, MOST + 2)]
        count = forms.ChoiceField(label="试用（执业）机构数", choices=numbers, required=False)
        count.help_text = "不止一个的，选好后点“查看需要的材料”，再填每个机构的起止年月。"
        self.fields["institutions"] = count
        for number in range(1, institutions + 1):
            for name, words in zip(names_of(number), ("开始年月", "结束年月"), strict=True):
                title = f"第 {number} 个机构试用（执业）{words}" if institutions > 1 else f"试用（执业）{words}"
                self.fields[name] = PlainField(label=title, required=False, widget=MonthInput)
                typed = self.initial.get(name, "")
                self.initial[name] = typed[:7] if len(typed) == len("2025-03-01") else typed  # the control takes months
        first = PlainField(label="首次执业注册日期", required=False, widget=DayInput)
        first.help_text = "以执业助理医师身份报考执业医师的填写。"
        self.fields["first_registered_on"] = first

    def show(self, problems: dict[str, str]) -> None:
        for name, sentence in problems.items():
            self.errors[name] = self.error_class([sentence], renderer=self.renderer)

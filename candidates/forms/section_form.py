"""What every section of the application form shares (sections.SECTIONS names the fields). Each can be half filled in.

A form reads what was typed into its stored spelling and judges each field alone; what contradicts something else is
told by contradictions.problems(), after saving. The only fields that can never be emptied are those of the account.
"""

import json
from copy import copy, deepcopy
from dataclasses import dataclass, replace
from functools import cache

from django import forms
from django.db.models import BooleanField, CharField, DateField, EmailField, ForeignKey
from django.forms.models import fields_for_model
from django.utils.html import format_html

from candidates.applications.form import answers_of, print_of
from candidates.applications.returning import offered_values
from candidates.forms import rare
from candidates.forms.fields import (
    DayField,
    ListedField,
    MonthField,
    PlainEmailField,
    PostcodeField,
    TelephoneField,
    YesNoField,
    column_field,
)
from candidates.models import Application, FormDraft
from candidates.rules.levels import DOWNWARDS
from candidates.rules.questions import ASKED, is_asked, is_left_out, is_needed, moot, says
from candidates.rules.sections import FIELDS, MONTHS, POSTCODES, SECTIONS, TELEPHONES, Answers

RADIOS = ("sex", "supplementary_test", "route")
ADDRESSES = ("address", "employer_address", "trial_address")
# what a phone offers to fill in by itself
AUTOCOMPLETE = {
    **{"name": "name", "birth_date": "bday", "email": "email", "address": "street-address", "postcode": "postal-code"},
    **{"employer_name": "organization", "employer_telephone": "work tel", "post": "organization-title"},
}
UNITS = DOWNWARDS
SAME_AS = "trial_name"  # the tick that copies the employer is asked when this is
INSTITUTION = ("name", "address", "postcode", "registration_number", "legal_representative", "telephone")


@dataclass(frozen=True)
class Group:
    """Fields of a section that belong together, under a heading of their own (or none).

    `plain`: the hint for who is not asked about a licence.
    """

    fields: tuple[str, ...]
    title: str = ""
    hint: str = ""
    plain: str = ""


def _institution(kind: str) -> tuple[str, ...]:
    return tuple(f"{kind}_{field}" for field in INSTITUTION)


EMPLOYER = ("employer_is_medical_institution", *_institution("employer"), "post")
GROUPS = {
    "work": (
        Group(
            EMPLOYER,
            "工作单位",
            "工作单位是医疗机构，或以执业助理医师身份报考执业医师的，标着“必填”的都要填写。",
            plain="工作单位是医疗机构的，标着“必填”的都要填写。",
        ),
        Group(
            ("same_as_employer", *_institution("trial"), *MONTHS, "further_institutions"),
            "试用机构",
            "以执业助理医师身份报考执业医师的，机构不必填写，起止年月填写执业时间。",
        ),
    ),
}


def _form_field(column, **kwargs):
    if column.name in MONTHS:
        return MonthField(label=column.verbose_name)
    if isinstance(column, BooleanField):
        return YesNoField(label=column.verbose_name)
    if isinstance(column, DateField):
        return DayField(label=column.verbose_name)
    if isinstance(column, EmailField):
        return PlainEmailField(label=column.verbose_name, max_length=column.max_length)
    if column.name in POSTCODES:
        return column.formfield(form_class=PostcodeField, **kwargs)
    if column.name in TELEPHONES:
        return column.formfield(form_class=TelephoneField, **kwargs)
    if isinstance(column, CharField) and not column.choices:
        return column_field(column, **kwargs)
    if isinstance(column, ForeignKey):
        return column.formfield(form_class=ListedField, **kwargs)

    field = column.formfield(**kwargs)
    if column.choices:
        one_of = [(code, words) for code, words in field.choices if code]
        if column.name in RADIOS:
            field.widget, field.layout = forms.RadioSelect(), "choices-inline"
        field.choices = one_of if column.name in RADIOS else [("", "请选择"), *one_of]
    return field


@cache
def _of_columns(code: str) -> dict[str, forms.Field]:
    """Return the fields that a section's columns make, to be copied: making them was a tenth of the form's time."""
    return fields_for_model(Application, fields=SECTIONS[code].fields, formfield_callback=_form_field)


def _own(field: forms.Field) -> forms.Field:
    """Return a copy that one form may change: its sentences and what checks it, which none changes, stay shared."""
    own = copy(field)
    own.widget = deepcopy(field.widget)
    return own


class SectionForm(forms.Form):
    """`editable`: the fields that may be changed now; the others are shown as they are.

    `offered`: an earlier application whose values are offered here, to be confirmed by saving. `chosen`: codes of the
    units picked but not saved yet; else those that were posted.
    """

    code: str
    never_empty: tuple[str, ...] = ()
    draft: FormDraft | None = None  # what of it is kept and not saved
    is_kept = False  # that is what it shows
    can_find = False  # it offers a list of institutions to look up; known once it is drawn

    def __init__(self, application: Application, editable: frozenset[str], data=None, *, offered=None, chosen=None):
        self.section = SECTIONS[self.code]
        self.application, self.offered = application, offered
        self.chosen = chosen if chosen is not None else data
        self.is_open = bool(editable & set(self.section.fields))

        super().__init__(data, initial=self._initial())

        answers = answers_of(application)
        own = {name: _own(field) for name, field in _of_columns(self.code).items()}
        for name in self.section.fields:
            self.fields[name] = field = self.fields.get(name) or own[name]
            field.label = FIELDS[name].question or field.label
            field.help_text = field.help_text or FIELDS[name].hint
            field.required = name in self.never_empty
            field.disabled = name not in editable
            field.mark = _mark(name, answers)
            field.layout, field.finder = (
                getattr(field, "layout", ""),
                None,
            )  # said, so that the template need not search
            if name in ADDRESSES:
                field.widget.attrs["list"] = "places"
            if name in AUTOCOMPLETE:
                field.widget.attrs["autocomplete"] = AUTOCOMPLETE[name]

        self.prepare()
        self._tell_of_rare_characters()
        for field in self.fields.values():
            if field.disabled:
                field.clean = _as_it_is

    def _initial(self) -> dict:
        values = {field: getattr(self.application, field) for field in self.section.fields}
        return values | (offered_values(self.offered, self.code) if self.offered else {})

    def prepare(self) -> None:
        """Add to the fields what is special about a section."""

    def _tell_of_rare_characters(self) -> None:
        for name, field in self.fields.items():
            value = self.initial.get(name)
            told = rare.warning(value) if isinstance(value, str) else ""
            if told:
                field.help_text += format_html(' <strong class="field-warning">{}</strong>', told)

    def values(self) -> dict:
        """Return what save_section() takes, in the stored spelling."""
        return {name: self.cleaned_data[name] for name in self.section.fields}

    @property
    def drawn(self) -> str:
        """Return the print of what the section was drawn with first, also where it is shown again as typed."""
        return self.data.get("drawn", "") if self.is_bound else print_of(self.application, self.code)

    @property
    def groups(self):
        self.leave_out()
        groups = GROUPS.get(self.code, (Group(self.section.fields),))
        if not is_asked("holds_assistant_licence", answers_of(self.application)):
            groups = tuple(replace(group, hint=group.plain) for group in groups)
        return [(group, [self[name] for name in group.fields]) for group in groups]

    def leave_out(self) -> None:
        """Hide the questions that cannot apply, by what was typed and by what the other sections have saved.

        One whose answer claims something stays in sight, with a sentence, to be taken back; so does one with something
        wrong in it. What is saved in the others is not kept by the next save (`dropped`).
        """
        saved = answers_of(self.application)
        answers = {**saved, **self.typed()}
        for name, field in self.fields.items():
            asked = SAME_AS if name == "same_as_employer" else name
            claims = isinstance(field.widget, forms.RadioSelect) and says(answers.get(name))
            field.asked = json.dumps(ASKED[asked]) if asked in ASKED else ""
            field.moot = moot(name) if field.asked and isinstance(field.widget, forms.RadioSelect) else ""
            field.is_moot = claims and name not in self.errors and not is_asked(asked, answers)
            field.is_left_out = not claims and name not in self.errors and is_left_out(asked, answers)

        self.is_idle = all(field.is_left_out for field in self.fields.values())
        hidden = [name for name, field in self.fields.items() if field.is_left_out and not field.disabled]
        self.dropped = [FIELDS[name].label for name in hidden if name in FIELDS and says(saved[name])]

    def typed(self) -> Answers:
        """Return what stands in the fields, as far as questions depend on it."""
        return {name: self[name].value() for name in self.section.fields if name not in UNITS}

    def show(self, problems: dict[str, str]) -> None:
        """Put sentences beside their fields, also where nothing was posted."""
        for name, sentence in problems.items():
            if name in self.fields and name not in self.errors:
                self.errors[name] = self.error_class([sentence], renderer=self.renderer)

    def warn(self, warnings: list[tuple[str, str]]) -> None:
        """Put 报考条件提示 beside their fields: (field, sentence). They refuse nothing."""
        for name, sentence in warnings:
            if name in self.fields:
                drawn = self[name]  # not the field: what was posted has been read, so that its hint is drawn already
                drawn.help_text += format_html(' <strong class="field-warning">{}</strong>', sentence)

    def told(self) -> list[tuple[str, str, str]]:
        """Return what stands beside the fields now: (field, label or nothing, sentence), in order."""
        return [
            (name, "" if name in FIELDS and str(one) == FIELDS[name].missing else field.label, str(one))
            for name, field in self.fields.items()
            for one in self.errors.get(name, [])
        ]


def _as_it_is(value):
    """Return what stands in the row: a field that cannot be changed is not judged, whatever the browser sends."""
    return value


def _mark(name: str, answers: Answers) -> str:
    if FIELDS[name].needed is None:
        return "选填"
    return "必填" if is_needed(name, answers) or not is_asked(name, answers) else "需要时填写"

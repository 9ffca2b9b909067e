"""The application form, one Form a section (sections.SECTIONS names the fields). Every section can be half filled in.

A form reads what was typed into its stored spelling and judges each field alone; what contradicts something else is
told by sections.problems(), after saving. The only fields that can never be emptied are those of the account.
"""

import json
from dataclasses import dataclass

from django import forms
from django.conf import settings
from django.db.models import BooleanField, CharField, DateField, EmailField, Q
from django.forms.models import fields_for_model
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html

from candidates.applications.form import answers_of, print_of
from candidates.applications.returning import offered_values
from candidates.applications.states import Status
from candidates.forms import finding, rare
from candidates.forms.accounts import FittingMobileMixin, IdentityMixin
from candidates.forms.fields import (
    LONG_TERM,
    DayField,
    MobileField,
    MonthField,
    NameField,
    PlainEmailField,
    PostcodeField,
    TelephoneField,
    YesNoField,
    column_field,
    mobile_help,
)
from candidates.forms.institutions import InstitutionsField
from candidates.models import Application, ExamCategory, FormDraft, Unit
from candidates.reference import institutions
from candidates.rules import id_number
from candidates.rules.levels import DIGITS, DOWNWARDS, LABELS, TOP, above, is_code
from candidates.rules.sections import (
    ASKED,
    ETHNICITIES,
    FIELDS,
    MONTHS,
    POSTCODES,
    SECTIONS,
    TELEPHONES,
    Answers,
    is_asked,
    is_left_out,
    is_needed,
    label,
    of_each_institution,
)

RADIOS = ("sex", "supplementary_test", "route")
ADDRESSES = ("address", "employer_address", "trial_address")
# what a phone offers to fill in by itself
AUTOCOMPLETE = {
    **{"name": "name", "birth_date": "bday", "email": "email", "address": "street-address", "postcode": "postal-code"},
    **{"employer_name": "organization", "employer_telephone": "work tel", "post": "organization-title"},
}
FROM_NUMBER = ("sex", "birth_date")
UNITS = DOWNWARDS
SAME_AS = "trial_name"  # the tick that copies the employer is asked when this is
INSTITUTION = ("name", "address", "postcode", "registration_number", "legal_representative", "telephone")


@dataclass(frozen=True)
class Group:
    """Fields of a section that belong together, under a heading of their own (or none)."""

    fields: tuple[str, ...]
    title: str = ""
    hint: str = ""


def _institution(kind: str) -> tuple[str, ...]:
    return tuple(f"{kind}_{field}" for field in INSTITUTION)


EMPLOYER = ("employer_is_medical_institution", *_institution("employer"), "post")
GROUPS = {
    "work": (
        Group(EMPLOYER, "工作单位", "工作单位是医疗机构，或持执业助理医师资格申报执业医师的，须全部填写。"),
        Group(
            ("same_as_employer", *_institution("trial"), *MONTHS, "further_institutions"),
            "试用机构",
            "持执业助理医师资格申报执业医师的不必填写；起止时间填写执业时间。",
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

    field = column.formfield(**kwargs)
    if column.choices:
        one_of = [(code, words) for code, words in field.choices if code]
        if column.name in RADIOS:
            field.widget, field.layout = forms.RadioSelect(), "choices-inline"
        field.choices = one_of if column.name in RADIOS else [("", "请选择"), *one_of]
    return field


class SectionForm(forms.Form):
    """`editable`: the fields that may be changed now; the others are shown as they are.

    `offered`: an earlier application whose values are offered here, to be confirmed by saving. `chosen`: codes of the
    units picked but not saved yet; else those that were posted.
    """

    code: str
    never_empty: tuple[str, ...] = ()
    draft: FormDraft | None = None  # what of it is kept and not saved
    is_kept = False  # that is what it shows

    def __init__(self, application: Application, editable: frozenset[str], data=None, *, offered=None, chosen=None):
        self.section = SECTIONS[self.code]
        self.application, self.offered = application, offered
        self.chosen = chosen if chosen is not None else data
        self.is_open = bool(editable & set(self.section.fields))

        super().__init__(data, initial=self._initial())

        answers = answers_of(application)
        own = fields_for_model(Application, fields=self.section.fields, formfield_callback=_form_field)
        for name in self.section.fields:
            self.fields[name] = field = self.fields.get(name) or own[name]
            field.label = FIELDS[name].question or field.label
            field.help_text = field.help_text or FIELDS[name].hint
            field.required = name in self.never_empty
            field.disabled = name not in editable
            field.mark = _mark(name, answers)
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
        return [(group, [self[name] for name in group.fields]) for group in groups]

    def leave_out(self) -> None:
        """Hide the questions that cannot apply, by what was typed and by what the other sections have saved.

        One with a yes, or with something wrong in it, stays in sight.
        """
        typed = {name: self[name].value() for name in self.section.fields if name not in UNITS}
        answers = {**answers_of(self.application), **typed}
        for name, field in self.fields.items():
            asked = SAME_AS if name == "same_as_employer" else name
            field.asked = json.dumps(ASKED[asked]) if asked in ASKED else ""
            kept = name in self.errors or answers.get(name) in (True, "true")
            field.is_left_out = asked in ASKED and not kept and is_left_out(asked, answers)

    def show(self, problems: dict[str, str]) -> None:
        """Put sentences beside their fields, also where nothing was posted."""
        for name, sentence in problems.items():
            if name in self.fields and name not in self.errors:
                self.errors[name] = self.error_class([sentence], renderer=self.renderer)

    def warn(self, warnings: list[tuple[str, str]]) -> None:
        """Put 报考条件提示 beside their fields: (field, sentence). They refuse nothing."""
        for name, sentence in warnings:
            if name in self.fields:
                self.fields[name].help_text += format_html(' <strong class="field-warning">{}</strong>', sentence)

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


class BasicForm(FittingMobileMixin, SectionForm, IdentityMixin):
    code = "basic"
    never_empty = ("name", "document_type", "document_number", "valid_until")

    name = NameField(label=label("name"), error_messages={"required": "请填写姓名。"})
    mobile = MobileField(label=label("mobile"), help_text=mobile_help, error_messages={"required": "请填写手机号码。"})
    ethnicity = forms.ChoiceField(
        label=label("ethnicity"), choices=[("", "请选择"), *((one, one) for one in ETHNICITIES)]
    )

    def prepare(self):
        self.initial["valid_until"] = self.application.valid_until or LONG_TERM
        self.fields["valid_until"].mark = "必填"

        if id_number.facts(self.application.document_type, self.application.document_number):
            for name in FROM_NUMBER:
                self.fields[name].disabled = True
                self.fields[name].help_text = "按证件号码自动填写。"

        if settings.CONFIRM_MOBILE:
            self.fields["mobile"].disabled = True
            self.fields["mobile"].help_text = format_html(
                '用来登录和接收通知；在<a href="{}">我的账户</a>中修改。', reverse("account")
            )
            if not self.application.account.mobile:
                self.fields["email"].disabled = True
                self.fields["email"].help_text = self.fields["mobile"].help_text
        residency = self.data.get("residency") or self.application.residency
        if residency not in ("", "mainland"):  # abroad there are letters in it
            self.fields["postcode"].may_be_abroad = True
            del self.fields["postcode"].widget.attrs["inputmode"]
        self.order_fields(self.section.fields)

    def clean_valid_until(self):
        """Return the date alone: that it has passed is told by the rules, and only where this section is judged."""
        until = self.cleaned_data["valid_until"]
        return None if until == LONG_TERM else until

    def values(self):
        values = super().values()
        follows = id_number.residency_of(values["document_type"], values["document_number"])
        return {**values, "residency": values["residency"] or follows or "mainland"}


class ExamForm(SectionForm):
    """Region, site and point: each list comes from the one before."""

    code = "exam"

    def prepare(self):
        category = self.fields["exam_category"]
        current = Q(pk=self.application.exam_category_id)
        category.queryset = ExamCategory.objects.filter(Q(is_active=True) | current)
        category.empty_label = "请选择"

        parent = None
        for level in UNITS:
            units = self._units(level, parent)
            self.fields[level] = self._unit_field(level, units, parent)
            parent = self._picked(level, units)
            self.initial[level] = parent and parent.code

    def _units(self, level: str, parent: Unit | None):
        """Return the units to choose from, by the same query whether or not anything has been chosen."""
        current = Q(pk=getattr(self.application, f"{level}_id"))
        return Unit.objects.filter(Q(is_active=True) | current, level=level, parent=parent)

    def _unit_field(self, level: str, units, parent: Unit | None):
        was = self.fields[level]
        ready = level == TOP or parent is not None
        before = LABELS.get(above(level), "")

        field = forms.ModelChoiceField(
            units.select_related("parent__parent") if level == "point" else units,
            to_field_name="code",
            label=was.label,
            required=level == "point" and self.application.status != Status.DRAFT,
            disabled=was.disabled,
            empty_label=f"请选择{was.label}" if ready else f"请先选择{before}",
            error_messages={
                "required": "请选择报名点。",
                "invalid_choice": f"请从列表中重新选择{was.label}。",
            },
        )

        field.mark = was.mark
        field.widget.attrs["data-units"] = level
        return field

    def _picked(self, level: str, units) -> Unit | None:
        """Return the unit chosen at this level: as sent, as picked before, or as saved."""
        if self.chosen is None or self.fields[level].disabled:
            return self.initial[level]
        code = self.chosen.get(level) or self.chosen.get("point", "")[: DIGITS[level]]
        return units.filter(code=code).first() if is_code(code) else None

    def values(self):
        """Return the point alone: its site and region follow from it, together."""
        values = super().values()
        return {name: values[name] for name in ("exam_category", "supplementary_test", "point")}

    @property
    def picked(self) -> dict[str, str]:
        """Return the codes of what was chosen above a point that was not."""
        if self.cleaned_data["point"]:
            return {}
        return {level: unit.code for level in ("region", "site") if (unit := self.cleaned_data[level])}


class EducationForm(SectionForm):
    code = "education"


class WorkForm(SectionForm):
    code = "work"

    further_institutions = InstitutionsField(label=label("further_institutions"))
    finder: finding.Finder | None = None  # what 查找 has come to

    @property
    def groups(self):
        if self.is_open and institutions.is_there():
            for of in ("employer_", "trial_"):
                finding.offer(self, of, self.finder, begins=of)
            rows = self.fields["further_institutions"].widget
            rows.can_find, rows.finder = True, self.finder
        return super().groups

    def prepare(self):
        same = forms.BooleanField(label="试用机构与工作单位相同", required=False, disabled=not self.is_open)
        same.help_text = "保存时按工作单位填写。"
        self.fields["same_as_employer"] = same
        self.order_fields(self.section.fields)

    def show(self, problems):
        super().show(problems)
        if "further_institutions" in problems:
            self.fields["further_institutions"].widget.problems = of_each_institution(
                answers_of(self.application), timezone.localdate(), missing=True
            )

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("same_as_employer"):
            for field in INSTITUTION:
                cleaned[f"trial_{field}"] = cleaned.get(f"employer_{field}", "")
        return cleaned


class LicenceForm(SectionForm):
    code = "licence"


FORMS = {form.code: form for form in (BasicForm, ExamForm, EducationForm, WorkForm, LicenceForm)}

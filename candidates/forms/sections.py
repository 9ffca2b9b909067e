"""The application form, one Form a section: section_form.py is what they share, and each has here what is special."""

from django import forms
from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html

from candidates.applications.form import answers_of
from candidates.forms import finding
from candidates.forms.accounts import FittingMobileMixin, IdentityMixin
from candidates.forms.exam import ExamForm
from candidates.forms.fields import LONG_TERM, MobileField, NameField, mobile_help
from candidates.forms.institutions import InstitutionsField
from candidates.forms.section_form import INSTITUTION, SectionForm
from candidates.reference import institutions
from candidates.rules import id_number
from candidates.rules.contradictions import of_each_institution
from candidates.rules.sections import ETHNICITIES, label

FROM_NUMBER = ("sex", "birth_date")


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
            rows.can_find, rows.finder, self.can_find = True, self.finder, True
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

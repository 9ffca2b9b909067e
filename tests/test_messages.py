"""What every form says of what is wrong: in the portal's own words, whatever library finds it.

The words stand in nmec_portal/locale, over Django's own; every field of every form, the back office's too, is given
what its validators refuse.
"""

import ast
import gettext
import re
from importlib import import_module

import pytest
from django import forms
from django.conf import settings
from django.contrib import admin
from django.contrib.auth.password_validation import get_default_password_validators, validate_password
from django.core import validators
from django.core.exceptions import ValidationError
from django.test import RequestFactory

from candidates.admin_kinds import ReadOnly
from candidates.models import Account
from review.models import Payment
from tests.test_words import english

pytestmark = pytest.mark.django_db
CATALOGUE = settings.LOCALE_PATHS[0] / "zh_Hans" / "LC_MESSAGES"
BAD = ("", "x" * 5000, "\0", "abc", "9" * 30, "-1", "2027-02-30", "２０２７-13-99", ["x"], "5" * 11)
# Django's, which nobody says
FOREIGN = re.compile(
    r"确保|此字段|这个字段|字段是必填|输入一个|选择一个有效|有效的选项|Email|null|[.,:;!?]$|\bTrue\b|\bFalse\b"
)


def ours(kind=forms.BaseForm):
    """Every form class of the project."""
    for one in kind.__subclasses__():
        if one.__module__.startswith(("candidates.", "materials.", "review.", "nmec_portal.")):
            yield one
        yield from ours(one)


import_module(settings.ROOT_URLCONF)  # and with it every form
WRITTEN = [model for model, office in admin.site._registry.items() if not isinstance(office, ReadOnly)]
FORMS = sorted({one for one in ours() if one.base_fields}, key=lambda one: (one.__module__, one.__name__))


def said_of(field):
    """Return what this field says to each of BAD."""
    for value in BAD:
        if isinstance(value, list) and not isinstance(field, forms.MultipleChoiceField):
            continue
        try:
            field.clean(value)
        except ValidationError as refused:
            yield from refused.messages


def foreign(fields):
    found = {name: sorted(set(said_of(field))) for name, field in fields.items()}
    return {
        name: [one for one in told if FOREIGN.search(one) or english([re.sub("“.*”", "", one)])]
        for name, told in found.items()
        if any(FOREIGN.search(one) or english([re.sub("“.*”", "", one)]) for one in told)
    }


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.__name__)
def test_a_form_says_what_is_wrong_in_the_portals_words(form):
    assert foreign(form.base_fields) == {}


@pytest.mark.parametrize("model", [*WRITTEN, Payment], ids=lambda model: model._meta.model_name)
def test_the_back_office_says_it_in_the_portals_words(model):
    request = RequestFactory().get("/admin/")
    request.user = Account(kind="operator")
    assert foreign(admin.site._registry[model].get_form(request).base_fields) == {}


@pytest.mark.parametrize(
    ("password", "sentence"),
    [
        ("short-one", "密码太短：请至少用 10 个字符。"),
        ("password123", "这个密码太常见，容易被猜中：请换一个。"),
        ("83950271846", "密码不能全是数字：请加上字母或符号。"),
        ("my13800000000", "密码不能包含您的证件号码或手机号码。"),
    ],
)
def test_a_password_that_is_refused_is_told_why(password, sentence):
    with pytest.raises(ValidationError) as refused:
        validate_password(password, Account(mobile="13800000000"))
    assert sentence in refused.value.messages


def test_what_is_told_of_passwords_beforehand_is_chinese():
    texts = [str(one.get_help_text()) for one in get_default_password_validators()]
    assert (english(texts), len(texts)) == ([], 4)


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        (forms.CharField(), "", "这一项必须填写。"),
        (forms.CharField(max_length=60), "字" * 61, "最多 60 个字，现在有 61 个：请缩短。"),
        (forms.CharField(min_length=10), "字" * 9, "至少 10 个字，现在有 9 个：请补充。"),
        (forms.CharField(), "a\0", "含有不能保存的字符：请删除后重新填写。"),
        (forms.IntegerField(), "十", "请填写整数，只用数字。"),
        (forms.IntegerField(max_value=9), "10", "不能大于 9：请修改。"),
        (forms.IntegerField(min_value=1), "0", "不能小于 1：请修改。"),
        (forms.DecimalField(), "x", "请填写数字。"),
        (forms.DecimalField(decimal_places=2), "1.234", "小数点后最多 2 位：请修改。"),
        (forms.EmailField(), "x", "电子邮箱无法识别：请核对，例如 name@example.com。"),
        (forms.URLField(assume_scheme="https"), "x y", "网址无法识别：请核对，例如 https://example.com。"),
        (forms.DateField(), "x", "日期无法识别：请按“年-月-日”填写，例如 2027-03-08。"),
        (forms.TimeField(), "x", "时间无法识别：请按“时:分”填写，例如 09:00。"),
        (forms.DateTimeField(), "x", "日期或时间无法识别：请写成例如 2027-03-08 09:00。"),
        (forms.ChoiceField(choices=[("a", "甲")]), "b", "“b”不在可选的内容里：请重新选择。"),
        (forms.MultipleChoiceField(choices=[("a", "甲")]), ["b"], "“b”不在可选的内容里：请重新选择。"),
        (forms.ModelChoiceField(Account.objects), "9", "所选的内容不在可选的内容里：请重新选择。"),
        (forms.UUIDField(), "x", "编号无法识别：请刷新页面后再试。"),
        (forms.FileField(), None, "这一项必须填写。"),
        (forms.JSONField(), "{", "内容的格式无法识别：请核对后重新填写。"),
        (forms.SlugField(), "甲", "只能用字母、数字、下划线和连字符：请修改。"),
        (forms.CharField(validators=[validators.RegexValidator("a")]), "b", "填写的内容无法识别：请核对后重新填写。"),
    ],
)
def test_django_speaks_in_the_portals_words(field, value, sentence):
    with pytest.raises(ValidationError) as refused:
        field.clean(value)
    assert refused.value.messages == [sentence]


def test_what_is_compiled_is_what_is_written():
    with (CATALOGUE / "django.mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)._catalog
    assert {key[0] if isinstance(key, tuple) else key: words for key, words in compiled.items() if key} == written()


def written() -> dict[str, str]:
    """Return what django.po says, without its header: the singular -> our words."""
    entry = re.compile(r'^msgid ("(?:.|\n")*?)\n(?:msgid_plural (?:.|\n")*?\n)?msgstr(?:\[0\])? ((?:".*"\n?)+)', re.M)
    found = entry.findall((CATALOGUE / "django.po").read_text())
    pairs = ((ast.literal_eval(f"({one})"), ast.literal_eval(f"({words})")) for one, words in found)
    return {one: words for one, words in pairs if one}

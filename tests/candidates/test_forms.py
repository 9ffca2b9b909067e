"""What people type, and what is kept of it."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.http import QueryDict

from candidates.applications.unlocking import Unlocking
from candidates.forms.accounts import CodeForm, RegisterForm, ResetForm
from candidates.forms.fields import (
    LONG_TERM,
    DayField,
    MobileField,
    MomentField,
    MonthField,
    NameField,
    PlainEmailField,
    ValidUntilField,
    WholeNumberField,
    YesNoField,
)
from candidates.forms.sections import FORMS
from candidates.models import Unit
from candidates.rules.sections import SECTION_OF
from tests.candidates.posting import a_registration, a_section
from tests.factories import a_resident_id, make_application, make_units

ALL = frozenset(SECTION_OF)


@pytest.mark.parametrize("typed", ["2025-03", "2025-3", "2025/03", "2025.3", "202503", "2025年3月", " 2025-03 "])
def test_a_month_is_read_however_it_is_typed(typed):
    assert MonthField(required=False).clean(typed) == date(2025, 3, 1)


@pytest.mark.parametrize("typed", ["2025-13", "2025", "03-2025", "2025-03-01", "0001-01"])
def test_what_is_no_month_is_refused(typed):
    with pytest.raises(ValidationError):
        MonthField(required=False).clean(typed)


@pytest.mark.parametrize("typed", ["2018-07-01", "2018/7/1", "2018.07.01", "2018年7月1日", "20180701"])
def test_a_day_is_read_however_it_is_typed(typed):
    assert DayField().clean(typed) == date(2018, 7, 1)


@pytest.mark.parametrize("typed", ["2018-02-30", "1018-07-01", "1.7.2018"])
def test_what_is_no_day_is_refused(typed):
    with pytest.raises(ValidationError):
        DayField().clean(typed)


@pytest.mark.parametrize("typed", ["2027", "２０２７", "\u200b20\u202d27\ufeff", " 2 027\u3000", "٢٠٢٧"])
def test_a_whole_number_is_read_however_it_is_typed(typed):
    assert WholeNumberField().clean(typed) == 2027


@pytest.mark.parametrize("typed", ["二〇二七", "2027年", "20.27", "1e3", "\u200b"])
def test_what_is_no_whole_number_is_refused(typed):
    with pytest.raises(ValidationError):
        WholeNumberField().clean(typed)


@pytest.mark.parametrize(
    "typed", [["2027-03-08", "09:30"], ["２０２７－０３－０８", "０９：３０"], ["2027年3月8日\u200b", "\ufeff09:30:00"]]
)
def test_a_moment_is_read_however_it_is_typed(typed):
    assert MomentField().clean(typed).strftime("%Y-%m-%d %H:%M") == "2027-03-08 09:30"


@pytest.mark.parametrize("typed", [["2027-03-08", "25:30"], ["2027-02-30", "09:30"], [], None, ["2027-03-08"]])
def test_what_is_no_moment_is_refused(typed):
    with pytest.raises(ValidationError):
        MomentField().clean(typed)


@pytest.mark.parametrize(("sent", "kept"), [("true", True), ("false", False), ("", None)])
def test_yes_no_and_not_answered_are_three_things(sent, kept):
    assert YesNoField(required=False).clean(sent) is kept


def test_names_and_mobiles_come_in_their_stored_spelling():
    assert NameField().clean(" 古丽娜尔•艾力 ") == "古丽娜尔·艾力"
    assert MobileField().clean("+86 138-0000-0001") == "13800000001"


@pytest.mark.parametrize(
    ("query", "kept"),
    [
        ("valid_until=2030-01-01", date(2030, 1, 1)),
        ("valid_until=long_term", LONG_TERM),
        ("valid_until=&valid_until=long_term", LONG_TERM),
        ("valid_until=2030-01-01&valid_until=", date(2030, 1, 1)),
    ],
)
def test_valid_until_is_a_date_or_long_term_under_one_name(query, kept):
    field = ValidUntilField()
    assert field.clean(field.widget.value_from_datadict(QueryDict(query), {}, "valid_until")) == kept


@pytest.mark.parametrize("query", ["", "valid_until=", "valid_until=2030-01-01&valid_until=long_term"])
def test_valid_until_is_one_of_the_two(query):
    field = ValidUntilField()
    with pytest.raises(ValidationError):
        field.clean(field.widget.value_from_datadict(QueryDict(query), {}, "valid_until"))


# --- registering ---


def test_registering_takes_what_addresses_md_names():
    form = RegisterForm(a_registration(document_number="９９０１０１１９９００３０７１２３４"))
    assert list(form.errors) == ["document_number"]
    assert list(RegisterForm().fields) == [
        "name",
        "document_type",
        "document_number",
        "valid_until",
        "mobile",
        "email",
        "password1",
        "password2",
        "consent",
    ]


@pytest.mark.parametrize(
    ("document_type", "number", "sentence"),
    [
        (
            "resident_id",
            None,
            "您的居民身份证已过有效期，可用临时身份证报名：办好后请把证件类型改为“临时居民身份证”，号码不变。",
        ),
        ("temporary_id", None, "证件已过有效期：请更换有效证件后填写。"),
        ("passport", "E12345678", "证件已过有效期：请更换有效证件后填写。"),
    ],
)
def test_an_expired_document_is_refused_with_what_to_do(document_type, number, sentence):
    sent = a_registration(document_type=document_type, valid_until="2020-01-01")
    form = RegisterForm(sent | ({"document_number": number} if number else {}))
    assert form.errors == {"valid_until": [sentence]}


def test_a_birth_date_in_the_future_is_refused():
    form = RegisterForm(a_registration(document_number=a_resident_id(born=date(2099, 3, 7))))
    assert form.errors == {"document_number": ["证件号码中的出生日期晚于今天：请对照证件核对。"]}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"password1": "short", "password2": "short"}, "password1"),
        ({"password1": "29384756102938", "password2": "29384756102938"}, "password1"),
        ({"password2": "something-else"}, "password2"),
        ({"mobile": "13800001234", "password1": "13800001234x", "password2": "13800001234x"}, "password1"),
        ({"consent": ""}, "consent"),
    ],
)
def test_each_refusal_stands_beside_its_field(changes, field):
    assert list(RegisterForm(a_registration(**changes)).errors) == [field]


def test_a_code_may_be_typed_with_spaces_and_full_width():
    form = ResetForm({"code": " １２３ 456", "password1": "kestrel-over", "password2": "kestrel-over"})
    assert form.is_valid()
    assert form.cleaned_data["code"] == "123456"


# --- the form's sections ---


@pytest.fixture
def draft(db):
    return make_application("draft")


@pytest.mark.parametrize("code", list(FORMS))
def test_a_section_gives_back_what_it_was_drawn_with(draft, code):
    form = FORMS[code](draft, ALL, a_section(draft, code))
    assert form.errors == {}
    assert {name: value for name, value in form.values().items() if value != getattr(draft, name)} == {}


@pytest.mark.parametrize("code", ["exam", "education", "work", "licence"])
def test_an_empty_section_is_no_error(draft, code):
    assert FORMS[code](draft, ALL, {"section": code}).errors == {}


def test_what_an_account_cannot_lack_cannot_be_emptied(draft):
    form = FORMS["basic"](draft, ALL, {"section": "basic"})
    assert list(form.errors) == ["name", "document_type", "document_number", "valid_until", "mobile"]


def test_a_registered_application_keeps_a_point(db):
    registered = make_application("registered")
    assert list(FORMS["exam"](registered, ALL, {"section": "exam"}).errors) == ["point"]


def test_a_point_can_be_sent_without_its_site_and_region(draft):
    form = FORMS["exam"](draft, ALL, {"section": "exam", "point": "1201001"})
    assert (form.errors, form.values()["point"].code) == ({}, "1201001")


def test_a_point_of_another_site_is_refused(draft):
    sent = {"section": "exam", "region": "11", "site": "1102", "point": "1101001"}
    assert list(FORMS["exam"](draft, ALL, sent).errors) == ["point"]


def test_a_closed_point_is_not_offered_but_the_one_already_chosen_stays(draft):
    Unit.objects.filter(code__in=["1101001", "1101002"]).update(is_active=False)
    offered = list(FORMS["exam"](draft, ALL).fields["point"].queryset.values_list("code", flat=True))
    assert offered == ["1101001"]


@pytest.mark.parametrize("code", ["1101\0", "١١", "99", "x" * 500])
def test_a_code_that_cannot_be_is_a_wrong_choice(draft, code):
    make_units()
    assert list(FORMS["exam"](draft, ALL, {"section": "exam", "region": code}).errors) == ["region"]


@pytest.mark.parametrize(
    ("code", "field", "longest"),
    [
        ("basic", "address", 80),
        *(("education", field, longest) for field, longest in (("school", 60), ("major", 30))),
        *(("work", field, 60) for field in ("employer_name", "trial_name")),
        *(("work", field, 80) for field in ("employer_address", "trial_address")),
        ("work", "post", 30),
    ],
)
def test_a_field_takes_so_many_characters_and_no_more(draft, code, field, longest):
    sent = [a_section(draft, code, **{field: "长" * length}) for length in (longest, longest + 1)]
    assert [list(FORMS[code](draft, ALL, one).errors) for one in sent] == [[], [field]]


def test_the_trial_institution_may_be_the_employer(draft):
    sent = a_section(draft, "work", employer_name="示例市第二医院", trial_name="", same_as_employer="on")
    form = FORMS["work"](draft, ALL, sent)
    assert (form.errors, form.values()["trial_name"]) == ({}, "示例市第二医院")


def test_sex_and_birth_date_that_the_number_tells_cannot_be_typed(draft):
    form = FORMS["basic"](draft, ALL, a_section(draft, "basic", birth_date="2001-01-01"))
    assert (form.errors, form.values()["birth_date"]) == ({}, draft.birth_date)


def test_only_what_may_be_changed_is_open(db):
    returned = make_application("returned", named={"sections": {"work": "请核对。"}})
    named = Unlocking.of(returned).sections
    editable = frozenset(field for field, section in SECTION_OF.items() if section in named)
    assert [code for code, form in FORMS.items() if form(returned, editable).is_open] == ["work"]


def test_sentences_are_put_beside_fields_that_were_not_posted(draft):
    form = FORMS["work"](draft, ALL)
    form.show({"post": "请填写。", "school": "别处的字段。"})
    assert form.told() == [("post", "工作岗位", "请填写。")]


def test_what_cannot_be_seen_goes_from_a_mail_address():
    assert PlainEmailField().clean("\u200b li@example.org\ufeff ") == "li@example.org"
    with pytest.raises(ValidationError):
        PlainEmailField().clean("li\u200b@")


@pytest.mark.parametrize("field", [NameField(), MobileField()])
def test_what_no_rule_takes_is_refused_in_the_rules_words(field):
    with pytest.raises(ValidationError, match=r"姓名|手机号码"):
        field.clean("☃☃☃")


def test_a_number_without_its_kind_is_told_at_the_kind_alone():
    form = RegisterForm(a_registration(document_type="", document_number="☃"))
    assert form.errors.keys() == {"document_type"}


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (" 123 456 ", "123456"),
        ("１２３４５６", "123456"),
        ("123-456", "123456"),
        ("您的验证码是123456，10分钟内有效。如非本人操作，请忽略。", "123456"),
        ("12345", "12345"),
    ],
)
def test_a_code_is_taken_as_people_paste_it(typed, kept):
    assert CodeForm({"code": typed}).fields["code"].clean(typed) == kept


def test_a_phone_offers_the_code_that_came_and_digits_to_type_it():
    field = str(CodeForm()["code"])
    assert ('autocomplete="one-time-code"' in field, 'inputmode="numeric"' in field) == (True, True)

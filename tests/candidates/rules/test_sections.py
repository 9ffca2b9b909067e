"""The application form's table: every field once, when it is needed, and what contradicts what, without a database."""

from datetime import date
from types import SimpleNamespace

import pytest

from candidates.models import Application
from candidates.rules.profile import STATED, CategoryRule
from candidates.rules.sections import (
    FIELDS,
    MONTHS,
    SECTIONS,
    heading,
    is_asked,
    is_left_out,
    is_needed,
    label,
    problems,
)

TODAY = date(2026, 3, 15)
CLINICAL = SimpleNamespace(
    is_active=True, rule=CategoryRule("210", "assistant", frozenset({"degree"}), "临床执业助理医师")
)
UNIT = SimpleNamespace(is_active=True, name="示例报名点")
WHOLE = {
    **dict.fromkeys(FIELDS, "x"),
    "document_type": "passport",
    "document_number": "E12345678",
    "valid_until": date(2030, 1, 1),
    "birth_date": date(1990, 3, 7),
    "residency": "foreign",
    "serving_military": False,
    "exam_category": CLINICAL,
    "supplementary_test": "none",
    **dict.fromkeys(("region", "site", "point"), UNIT),
    "route": "degree",
    "education": "associate",
    "full_time": True,
    "graduated_on": date(2018, 7, 1),
    "overseas_education": False,
    "fresh_graduate": False,
    "graduating_postgraduate": False,
    "employer_is_medical_institution": False,
    "holds_assistant_licence": False,
    "period_from": date(2024, 1, 1),
    "period_to": date(2025, 1, 1),
    "further_institutions": [],
    **dict.fromkeys(("licence_date", "first_registered_on"), None),
    "registration_changed": None,
}
DATED = ("licence_date", "first_registered_on", "registration_changed")  # of a licence, after its number


def found(missing=True, **changes):
    return problems({**WHOLE, **changes}, session_year=2026, today=TODAY, missing=missing)


def needed(**changes):
    return {field for field in FIELDS if is_needed(field, {**WHOLE, **changes})}


def test_every_field_is_asked_once_and_is_a_column_named_alike():
    rows = [row for section in SECTIONS.values() for row in section.rows]
    columns = {column.name: column.verbose_name for column in Application._meta.concrete_fields}
    assert len(rows) == len(FIELDS)
    assert {row.name: columns[row.name] for row in rows} == {row.name: row.label for row in rows}


def test_further_institutions_are_asked_for_what_they_lack_and_for_the_first_ones_period():
    row = {"name": "示例市第二医院", "period_from": "2025-03-01", "period_to": "2025-02-01"}
    told = found(holds_assistant_licence=True, further_institutions=[row], period_from=None)
    assert told["period_from"] == "请填写“试用（执业）开始年月”。"
    assert told["further_institutions"].startswith("第 2 个机构：请填写“机构地址”。")
    assert found(missing=False, further_institutions=[row]) == {
        "further_institutions": "第 2 个机构：结束年月早于开始年月：请核对起止时间。"
    }


def test_all_that_a_profile_states_is_on_the_form():
    assert set(STATED) - set(FIELDS) == set()


def test_a_whole_form_has_no_problem():
    assert found() == {}


def test_what_is_missing_is_told_in_the_forms_order_and_may_be_left_out():
    changes = {"post": "", "holds_assistant_licence": True, "licence_number": "", "ethnicity": ""}
    told = found(**changes, exam_category=None)
    assert list(told) == ["ethnicity", "exam_category", "post", "licence_number", *DATED]
    assert told["ethnicity"] == "请选择民族。"
    assert found(missing=False, ethnicity="", point=None) == {}


@pytest.mark.parametrize(
    ("field", "sentence"),
    [
        ("address", "请填写“通讯地址”。"),
        ("ethnicity", "请选择民族。"),
        ("employer_is_medical_institution", "请选择您的工作单位是不是医疗机构。"),
        ("holds_assistant_licence", "请选择您是不是以执业助理医师身份报考执业医师。"),
    ],
)
def test_what_is_missing_is_asked_for_as_one_answers_it(field, sentence):
    assert found(**{field: None})[field] == sentence


@pytest.mark.parametrize(
    ("changes", "more", "fewer"),
    [
        ({"route": "apprentice", "education": ""}, set(), {"education", "school", "full_time", "diploma_number"}),
        ({"route": "apprentice"}, set(), {"education", "school", "fresh_graduate"}),
        ({"employer_is_medical_institution": True}, {"employer_name", "employer_telephone", "post"}, set()),
        ({"holds_assistant_licence": True}, {"employer_name", "licence_number"}, {"trial_name", "period_from"}),
    ],
)
def test_what_is_needed_follows_the_other_answers(changes, more, fewer):
    before, after = needed(), needed(**changes)
    assert more - after == set()
    assert more & before == set()
    assert fewer & after == set()
    assert fewer - before == set()


def test_what_is_never_needed_may_stay_empty():
    free = {field for field, row in FIELDS.items() if row.needed is None}
    assert free == {
        "valid_until",
        "email",
        "academic_degree",
        "degree_number",
        "employer_postcode",
        "trial_postcode",
        "trial_telephone",
        "further_institutions",
    }


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"residency": "mainland"}, "residency", "考生身份与证件（护照）不一致：请按证件选择，或更正证件。"),
        ({"valid_until": date(2026, 3, 14)}, "valid_until", "证件已过有效期：请更换有效证件后填写。"),
        ({"birth_date": TODAY}, "birth_date", "出生日期不能晚于今天：请核对。"),
        ({"period_to": date(2023, 12, 1)}, "period_to", "结束年月早于开始年月：请核对起止时间。"),
        ({"licence_date": date(2026, 3, 16)}, "licence_date", "“医师资格证书发证日期”不能晚于今天：请核对。"),
        (
            {"first_registered_on": date(2026, 3, 16)},
            "first_registered_on",
            "“首次执业注册日期”不能晚于今天：请核对。",
        ),
        (
            {"period_from": date(2026, 3, 16), "period_to": date(2026, 4, 1)},
            "period_from",
            "开始年月晚于今天：请核对起止时间。",
        ),
        (
            {"period_to": date(2026, 3, 2)},
            "period_to",
            "结束年月晚于本月，只有应届医学专业毕业生可以这样填写：请核对起止时间。",
        ),
        (
            {"exam_category": SimpleNamespace(is_active=False, rule=CLINICAL.rule)},
            "exam_category",
            "该报考类别本年度不再接受报名：请改选其他类别。",
        ),
        *(
            (
                {level: SimpleNamespace(is_active=False, name="旧单位")},
                "point",
                "旧单位已不再接受报名：请改选其他报名点。",
            )
            for level in ("region", "site", "point")
        ),
    ],
)
def test_a_contradiction_says_what_to_do(changes, field, sentence):
    assert found(**changes) == {field: sentence}


def test_a_resident_id_that_has_expired_may_be_replaced_by_a_temporary_one():
    of_a_resident = {"document_type": "resident_id", "document_number": "", "residency": "mainland"}
    told = found(missing=False, **of_a_resident, valid_until=date(2026, 3, 14))
    sentence = "您的居民身份证已过有效期，可用临时身份证报名：办好后请把证件类型改为“临时居民身份证”，号码不变。"
    assert told == {"valid_until": sentence}


@pytest.mark.parametrize(
    "changes",
    [
        {"valid_until": TODAY},
        {"licence_date": TODAY, "first_registered_on": TODAY},
        {"period_from": date(2025, 1, 1), "period_to": date(2025, 1, 1)},
        {"period_to": date(2026, 3, 1)},
        {"birth_date": date(2026, 3, 14)},
    ],
)
def test_on_its_last_day_nothing_is_too_late_yet(changes):
    assert found(**changes) == {}


def test_only_a_fresh_graduates_trial_may_end_after_this_month():
    later = {"period_from": date(2025, 8, 1), "period_to": date(2026, 8, 1)}
    assert list(found(**later)) == ["period_to"]
    assert found(**later, fresh_graduate=True, graduated_on=date(2025, 7, 1)) == {}


def test_what_the_profile_contradicts_is_told_at_its_field():
    assert list(found(registration_changed=True)) == ["registration_changed"]
    assert list(found(route="apprentice")) == ["exam_category"]


def test_the_profiles_conflicts_wait_for_category_and_route():
    assert found(missing=False, registration_changed=True, exam_category=None) == {}
    assert found(missing=False, registration_changed=True, route="") == {}


def test_a_label_is_what_the_form_says():
    assert [label(field) for field in MONTHS] == ["试用（执业）开始年月", "试用（执业）结束年月"]


# --- which questions can apply ---

LICENCE = {"licence_number", "licence_date", "practice_number", "first_registered_on", "registration_changed"}
TRIAL = {field for field in FIELDS if field.startswith("trial_")}
GRADUATES = {"fresh_graduate", "graduating_postgraduate"}
SCHOOL = {"full_time", "school", "major", "graduated_on", "diploma_number", "overseas_education"}
DEGREE = {"academic_degree", "degree_number"}


@pytest.mark.parametrize(
    ("changes", "left_out"),
    [
        ({"education": "bachelor"}, {"graduating_postgraduate"} | LICENCE),
        ({"education": "master"}, LICENCE),
        ({"education": "associate"}, DEGREE | {"graduating_postgraduate"} | LICENCE),
        ({"education": "master", "holds_assistant_licence": True}, TRIAL | {"fresh_graduate"}),
        ({"route": "apprentice", "education": ""}, GRADUATES | SCHOOL | DEGREE | LICENCE),
        ({"route": "expertise", "education": "bachelor"}, GRADUATES | LICENCE),
        (
            {"education": "master", "employer_is_medical_institution": False},
            {"employer_registration_number"} | LICENCE,
        ),
        ({"education": "master", "residency": "taiwan"}, {"serving_military"} | LICENCE),
    ],
)
def test_what_cannot_apply_is_not_asked(changes, left_out):
    answers = {**WHOLE, "residency": "mainland", "employer_is_medical_institution": True, **changes}
    assert {field for field in FIELDS if not is_asked(field, answers)} == left_out
    assert {field for field in FIELDS if is_left_out(field, answers)} == left_out
    assert {field for field in left_out if is_needed(field, answers)} == set()


def test_nothing_is_left_out_by_a_question_that_has_not_been_answered():
    assert [field for field in FIELDS if is_left_out(field, dict.fromkeys(FIELDS))] == []


def test_what_only_asks_for_an_answer_needs_no_label_before_it():
    assert heading("postcode", "请填写“邮政编码”。") == ""
    assert heading("postcode", "邮政编码应为 6 位数字。") == "邮政编码"


@pytest.mark.parametrize(
    ("document_type", "email", "needed"),
    [("passport", "ana@example.com", False), ("passport", "", True), ("resident_id", "ana@example.com", True)],
)
def test_a_mobile_is_needed_but_where_an_email_stands_for_it(document_type, email, needed):
    assert is_needed("mobile", {"document_type": document_type, "email": email}) is needed

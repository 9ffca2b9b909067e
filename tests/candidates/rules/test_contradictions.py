"""What stands in the way of completing the form, without a database."""

from datetime import date
from types import SimpleNamespace

import pytest

from tests.candidates.rules.whole_form import TODAY, category, found

DATED = ("licence_date", "first_registered_on", "registration_changed")  # of a licence, after its number


def test_further_institutions_are_asked_for_what_they_lack_and_for_the_first_ones_period():
    row = {"name": "示例市第二医院", "period_from": "2025-03-01", "period_to": "2025-02-01"}
    told = found(holds_assistant_licence=True, further_institutions=[row], period_from=None)
    assert told["period_from"] == "请填写“试用（执业）开始年月”。"
    assert told["further_institutions"].startswith("第 2 个机构：请填写“机构地址”。")
    assert found(missing=False, further_institutions=[row]) == {
        "further_institutions": "第 2 个机构：结束年月早于开始年月：请核对起止时间。"
    }


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
    physician = category("110", "physician")
    assert found(**{"exam_category": physician, field: None})[field] == sentence


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
            {"exam_category": category("210", "assistant", is_active=False)},
            "exam_category",
            "这个报考类别本年度不再接受报名：请改选其他类别。",
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

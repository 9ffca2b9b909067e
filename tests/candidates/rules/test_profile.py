from dataclasses import asdict, fields
from datetime import date

import pytest
from hypothesis import given

from candidates.rules.profile import FLAGS, LABELS, CategoryRule, Profile, conflicts, parse, profile_of
from tests.profiles import ANY_PROFILE, TODAY, YEAR, profile

CLINICAL = CategoryRule("110", "physician", frozenset({"degree"}), "临床执业医师")
CLINICAL_ASSISTANT = CategoryRule("210", "assistant", frozenset({"degree"}), "临床执业助理医师")
DENTAL_ASSISTANT = CategoryRule("220", "assistant", frozenset({"degree"}), "口腔执业助理医师")
TRADITIONAL = CategoryRule(
    "441", "assistant", frozenset({"apprentice", "expertise"}), "师承和确有专长的中医执业助理医师"
)

PHYSICIAN = {"level": "physician", "education": "bachelor"}
POSTGRADUATE = {
    "level": "physician",
    "education": "master",
    "graduated_on": date(2026, 6, 30),
    "graduating_postgraduate": True,
}
FRESH = {"fresh_graduate": True, "graduated_on": date(2025, 7, 1)}
NO_EDUCATION = {"education": None, "graduated_on": None}
LICENSED = {"level": "physician", "holds_assistant_licence": True}


def fields_in_conflict(category=None, today=TODAY, **changes):
    return set(conflicts(profile(**changes), session_year=YEAR, today=today, category=category))


@pytest.mark.parametrize(
    ("stated", "contradiction", "field"),
    [
        (LICENSED, {"level": "assistant", "holds_assistant_licence": True}, "holds_assistant_licence"),
        (LICENSED, {"level": "physician"}, "holds_assistant_licence"),
        (
            {**LICENSED, "education": "secondary"},
            {"level": "physician", "education": "secondary"},
            "holds_assistant_licence",
        ),
        (PHYSICIAN, {"level": "physician", "education": "associate"}, "holds_assistant_licence"),
        (
            {**LICENSED, **NO_EDUCATION, "route": "apprentice"},
            {**NO_EDUCATION, "level": "physician", "route": "apprentice"},
            "holds_assistant_licence",
        ),
        ({"route": "expertise"}, {**PHYSICIAN, "route": "expertise"}, "holds_assistant_licence"),
        ({**LICENSED, "registration_changed": True}, {"registration_changed": True}, "registration_changed"),
        (FRESH, {**FRESH, "graduated_on": date(2024, 12, 31)}, "fresh_graduate"),
        ({**FRESH, "graduated_on": date(2025, 1, 1)}, {**FRESH, "route": "apprentice"}, "fresh_graduate"),
        ({**FRESH, "graduated_on": date(2026, 1, 1)}, {**FRESH, **LICENSED}, "fresh_graduate"),
        (POSTGRADUATE, {**POSTGRADUATE, "level": "assistant"}, "graduating_postgraduate"),
        (
            {**POSTGRADUATE, "holds_assistant_licence": True},
            {**POSTGRADUATE, "holds_assistant_licence": True, "route": "expertise"},
            "graduating_postgraduate",
        ),
        ({**POSTGRADUATE, "education": "doctor"}, {**POSTGRADUATE, "education": "bachelor"}, "graduating_postgraduate"),
        (
            {**POSTGRADUATE, "graduated_on": date(2026, 12, 31)},
            {**POSTGRADUATE, "graduated_on": date(2025, 12, 31)},
            "graduating_postgraduate",
        ),
        ({"serving_military": True}, {"serving_military": True, "residency": "taiwan"}, "serving_military"),
        ({**NO_EDUCATION, "route": "apprentice"}, {"education": None}, "education"),
        ({"graduated_on": date(1999, 7, 1)}, {"graduated_on": None}, "graduated_on"),
        ({**NO_EDUCATION, "route": "expertise"}, {"route": "expertise", "graduated_on": None}, "graduated_on"),
        ({"graduated_on": TODAY}, {"graduated_on": date(2026, 3, 2)}, "graduated_on"),
        (
            {"supplementary_test": "paediatrics"},
            {"route": "apprentice", "supplementary_test": "paediatrics"},
            "supplementary_test",
        ),
    ],
)
def test_each_rule_names_its_field_and_lets_the_other_side_pass(stated, contradiction, field):
    assert fields_in_conflict(**stated) == set()
    assert fields_in_conflict(**contradiction) == {field}


@pytest.mark.parametrize(
    ("category", "changes", "expected"),
    [
        (CLINICAL, PHYSICIAN, set()),
        (CLINICAL, {}, {"exam_category"}),
        (CLINICAL_ASSISTANT, {"route": "apprentice"}, {"exam_category"}),
        (TRADITIONAL, {"route": "apprentice"}, set()),
        (TRADITIONAL, {"route": "expertise", **NO_EDUCATION}, set()),
        (TRADITIONAL, {}, {"exam_category"}),
        (CLINICAL_ASSISTANT, {"supplementary_test": "prehospital"}, set()),
        (DENTAL_ASSISTANT, {}, set()),
        (DENTAL_ASSISTANT, {"supplementary_test": "prehospital"}, {"supplementary_test"}),
    ],
)
def test_the_exam_category_fixes_level_and_route(category, changes, expected):
    assert fields_in_conflict(category, **changes) == expected


def test_all_conflicts_are_told_at_once():
    changes = {"route": "apprentice", "residency": "foreign", "serving_military": True, "registration_changed": True}
    assert fields_in_conflict(**changes, fresh_graduate=True, supplementary_test="prehospital") == {
        "fresh_graduate",
        "registration_changed",
        "serving_military",
        "supplementary_test",
    }


def test_a_sentence_names_the_years_and_what_to_do():
    found = conflicts(profile(fresh_graduate=True), session_year=YEAR, today=TODAY)
    assert found == {
        "fresh_graduate": "应届医学专业毕业生须在2026年或2025年毕业，与毕业日期矛盾：请选“否”，或更正毕业日期。"
    }


def test_a_field_that_breaks_two_rules_has_both_sentences():
    found = conflicts(
        profile(graduating_postgraduate=True, graduated_on=date(2026, 1, 9)), session_year=YEAR, today=TODAY
    )
    assert found["graduating_postgraduate"] == (
        "当年毕业研究生只能报考执业医师，而您选的是执业助理医师：请选“否”，或改报执业医师。"
        "当年毕业研究生的学历须是硕士或博士，与所填学历矛盾：请选“否”，或更正学历。"
    )


def test_only_a_graduating_postgraduate_may_graduate_in_the_future():
    assert fields_in_conflict(**POSTGRADUATE) == set()
    assert fields_in_conflict(**{**POSTGRADUATE, "graduating_postgraduate": False}) == {"graduated_on"}


@given(ANY_PROFILE)
def test_conflicts_are_total_and_name_fields_of_the_profile(any_profile):
    names = {field.name for field in fields(Profile)}
    assert set(conflicts(any_profile, session_year=YEAR, today=TODAY)) <= names


@pytest.mark.parametrize(
    ("education", "graduated_on", "overseas", "exists"),
    [
        ("associate", date(2002, 1, 1), False, True),
        ("associate", date(2001, 12, 31), False, False),
        ("secondary", date(2018, 7, 1), False, False),
        ("bachelor", date(2018, 7, 1), True, False),
        (None, None, False, False),
    ],
)
def test_the_online_record_exists_from_2002_on_for_associates_and_above(education, graduated_on, overseas, exists):
    stated = profile(education=education, graduated_on=graduated_on, overseas_education=overseas)
    assert stated.has_online_record is exists


def test_every_field_has_a_label_and_every_flag_is_a_field():
    assert list(LABELS) == [field.name for field in fields(Profile)]
    assert list(FLAGS) == [field.name for field in fields(Profile) if field.type is bool]


def test_what_was_not_answered_is_no_no_date_and_no_test():
    stated = profile_of({"level": "assistant", "route": "degree", "full_time": None, "education": ""})
    assert asdict(stated) == {
        **dict.fromkeys(FLAGS, False),
        "level": "assistant",
        "route": "degree",
        "education": None,
        "graduated_on": None,
        "residency": "",
        "supplementary_test": "none",
    }


@pytest.mark.parametrize("missing", ["level", "route"])
def test_there_is_no_profile_before_level_and_route_are_known(missing):
    assert profile_of({"level": "assistant", "route": "degree", missing: ""}) is None


def test_parse_reads_what_the_address_says():
    query = {
        "level": "physician",
        "route": "degree",
        "education": "master",
        "full_time": "true",
        "graduated_on": "2018-07-01",
        "residency": "taiwan",
        "overseas_education": "false",
        "exam_category": "110",
    }
    expected = profile(level="physician", education="master", residency="taiwan", employer_is_medical_institution=False)
    assert parse(query) == (expected, {})


def test_parse_reads_back_every_profile():
    stated = profile(employer_is_medical_institution=False, fresh_graduate=True, supplementary_test="paediatrics")
    query = {field: str(value).lower() for field, value in asdict(stated).items()}
    assert parse(query) == (stated, {})


def test_parse_wants_level_route_and_residency():
    assert parse({}) == (
        None,
        {
            "level": "请选择报考级别。",
            "route": "请选择报考途径。",
            "residency": "请选择考生身份。",
        },
    )


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("level", "nurse"),
        ("education", "school"),
        ("full_time", "yes"),
        ("graduated_on", "2018-02-30"),
        ("graduated_on", "20180701"),
        ("graduated_on", "2018-W01-1"),
        ("supplementary_test", "surgery"),
        ("residency", "mars"),
    ],
)
def test_an_unknown_value_is_a_conflict_of_its_field(field, value):
    parsed, wrong = parse({"level": "assistant", "route": "degree", "residency": "mainland", field: value})
    assert parsed is None
    assert list(wrong) == [field]

"""Which questions can apply, by the other answers and by what the chosen exam category decides."""

import pytest

from candidates.rules.questions import category_facts, is_asked, is_idle, is_left_out, is_needed, moot, says
from candidates.rules.sections import FIELDS, SECTIONS
from tests.candidates.rules.whole_form import WHOLE, category

LICENCE = {"licence_number", "licence_date", "practice_number", "first_registered_on", "registration_changed"}
TRIAL = {field for field in FIELDS if field.startswith("trial_")}
GRADUATES = {"fresh_graduate", "graduating_postgraduate"}
SCHOOL = {"full_time", "school", "major", "graduated_on", "diploma_number", "overseas_education"}
DEGREE = {"academic_degree", "degree_number"}


def needed(**changes):
    return {field for field in FIELDS if is_needed(field, {**WHOLE, **changes})}


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
    physician = category("110", "physician")
    answers = {
        **WHOLE,
        "exam_category": physician,
        "residency": "mainland",
        "employer_is_medical_institution": True,
        **changes,
    }
    assert {field for field in FIELDS if not is_asked(field, answers)} == left_out
    assert {field for field in FIELDS if is_left_out(field, answers)} == left_out
    assert {field for field in left_out if is_needed(field, answers)} == set()


def test_nothing_is_left_out_by_a_question_that_has_not_been_answered():
    assert [field for field in FIELDS if is_left_out(field, dict.fromkeys(FIELDS))] == []


@pytest.mark.parametrize(
    ("document_type", "email", "needed"),
    [("passport", "ana@example.com", False), ("passport", "", True), ("resident_id", "ana@example.com", True)],
)
def test_a_mobile_is_needed_but_where_an_email_stands_for_it(document_type, email, needed):
    assert is_needed("mobile", {"document_type": document_type, "email": email}) is needed


# --- what the exam category decides ---

OF_A_LICENCE = {"holds_assistant_licence", *LICENCE}


@pytest.mark.parametrize(
    ("code", "level", "not_asked"),
    [
        ("110", "physician", set()),
        ("210", "assistant", {"holds_assistant_licence"}),
        ("120", "physician", {"supplementary_test"}),
        ("220", "assistant", {"supplementary_test", "holds_assistant_licence"}),
        ("341", "physician", {"supplementary_test"}),
    ],
)
def test_the_category_decides_on_the_supplementary_test_and_the_licence(code, level, not_asked):
    answers = {
        **WHOLE,
        "exam_category": category(code, level),
        "supplementary_test": "",
        "holds_assistant_licence": None,
    }
    asked_by_it = {"supplementary_test", "holds_assistant_licence"}
    assert {field for field in asked_by_it if not is_asked(field, answers)} == not_asked
    assert {field for field in asked_by_it if is_left_out(field, answers)} == not_asked
    assert {field for field in asked_by_it if not is_needed(field, answers)} == not_asked


def test_while_no_category_is_chosen_both_are_asked():
    assert category_facts(None) == {"exam_level": "", "exam_is_clinical": ""}
    answers = {**WHOLE, "exam_category": None}
    assert [field for field in ("supplementary_test", "holds_assistant_licence") if is_left_out(field, answers)] == []


def test_the_section_of_the_licence_is_idle_for_assistants_who_claim_none():
    idle = {code for code, section in SECTIONS.items() if is_idle(section, WHOLE)}
    assert idle == {"licence"}
    assert not is_idle(SECTIONS["licence"], {**WHOLE, "holds_assistant_licence": True})


@pytest.mark.parametrize(("value", "claims"), [(True, True), ("true", True), ("paediatrics", True), (False, False)])
def test_an_answer_claims_something_but_no_and_none(value, claims):
    assert says(value) is claims
    assert not says("none")
    assert not says(None)


def test_what_cannot_apply_any_more_says_how_to_take_it_back():
    assert moot("supplementary_test").endswith("请选“不加试”，或改选临床类别（110、210）。")
    assert moot("full_time").endswith("请选“否”，或更正其他几项。")

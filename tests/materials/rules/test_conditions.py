"""Conditions on the profile: each holds for whom it says, and all of a line must."""

import pytest

from materials.rules.conditions import BY_CODE, CONDITIONS, all_hold, same_fact_twice, why
from tests.profiles import profile

HOLD = {
    "physician": {"level": "physician"},
    "assistant": {"level": "assistant"},
    "degree_route": {"route": "degree"},
    "apprentice": {"route": "apprentice"},
    "expertise": {"route": "expertise"},
    "traditional": {"route": "expertise"},
    "below_bachelor": {"education": "secondary"},
    "associate_or_higher": {"education": "associate"},
    "bachelor_or_higher": {"education": "bachelor"},
    "postgraduate": {"education": "master"},
    "full_time": {"full_time": True},
    "not_full_time": {"full_time": False},
    "overseas": {"overseas_education": True},
    "online_record": {"education": "associate"},
    "mainland": {"residency": "mainland"},
    "hongkong_macao_taiwan": {"residency": "macao"},
    "foreign": {"residency": "foreign"},
    "military": {"serving_military": True},
    "not_military": {"serving_military": False},
    "medical_institution": {"employer_is_medical_institution": True},
    "no_medical_institution": {"employer_is_medical_institution": False},
    "licence_holder": {"holds_assistant_licence": True},
    "no_licence": {"holds_assistant_licence": False},
    "registration_changed": {"registration_changed": True},
    "fresh_graduate": {"fresh_graduate": True},
    "no_fresh_graduate": {"fresh_graduate": False},
    "graduating_postgraduate": {"graduating_postgraduate": True},
    "supplementary": {"supplementary_test": "paediatrics"},
}
FAIL = {
    "physician": {"level": "assistant"},
    "assistant": {"level": "physician"},
    "degree_route": {"route": "apprentice"},
    **{code: {"route": "degree"} for code in ("apprentice", "expertise", "traditional")},
    "below_bachelor": {"education": "bachelor"},
    "associate_or_higher": {"education": "secondary"},
    "bachelor_or_higher": {"education": "associate"},
    "postgraduate": {"education": "bachelor"},
    "full_time": {"full_time": False},
    "not_full_time": {"full_time": True},
    "overseas": {"overseas_education": False},
    "online_record": {"education": "secondary"},
    "mainland": {"residency": "foreign"},
    "hongkong_macao_taiwan": {"residency": "mainland"},
    "foreign": {"residency": "taiwan"},
    "military": {"serving_military": False},
    "not_military": {"serving_military": True},
    "medical_institution": {"employer_is_medical_institution": False},
    "no_medical_institution": {"employer_is_medical_institution": True},
    "licence_holder": {"holds_assistant_licence": False},
    "no_licence": {"holds_assistant_licence": True},
    "registration_changed": {"registration_changed": False},
    "fresh_graduate": {"fresh_graduate": False},
    "no_fresh_graduate": {"fresh_graduate": True},
    "graduating_postgraduate": {"graduating_postgraduate": False},
    "supplementary": {"supplementary_test": "none"},
}


@pytest.mark.parametrize("code", list(BY_CODE))
def test_a_condition_holds_for_whom_it_says_and_for_nobody_else(code):
    condition = BY_CODE[code]
    assert (condition.holds(profile(**HOLD[code])), condition.holds(profile(**FAIL[code]))) == (True, False)


@pytest.mark.parametrize("code", ["full_time", "not_full_time", "below_bachelor"])
def test_nothing_is_said_of_a_degree_that_nobody_has(code):
    assert not BY_CODE[code].holds(profile(route="apprentice", education=None, graduated_on=None))


def test_all_must_hold_and_an_unknown_one_holds_for_nobody():
    soldier = profile(serving_military=True)
    assert [
        all_hold(codes, soldier)
        for codes in ([], ["military"], ["military", "mainland"], ["military", "foreign"], ["gone"])
    ] == [True, True, True, False, False]


def test_the_reasons_are_those_of_the_conditions_in_the_lists_order():
    assert why(["fresh_graduate", "mainland"]) == ("因为您是大陆考生", "因为您是应届医学专业毕业生")


def test_two_conditions_about_the_same_fact_are_found():
    assert same_fact_twice(["mainland", "military"]) is None
    assert same_fact_twice(["mainland", "foreign"]) == ("大陆考生", "外籍考生")


def test_codes_and_labels_are_each_others_alone():
    assert [len({getattr(one, name) for one in CONDITIONS}) for name in ("code", "label")] == [len(CONDITIONS)] * 2
    assert [one.code for one in CONDITIONS if len(one.code) > 30] == []

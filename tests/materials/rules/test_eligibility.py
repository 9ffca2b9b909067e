"""报考条件提示: each condition on both sides of its border, majors of the ministry's catalogues."""

import csv
from datetime import date, timedelta
from pathlib import Path

import pytest

from candidates.rules.profile import Profile
from candidates.rules.sections import FIELDS
from materials.rules import eligibility
from materials.rules.eligibility import Facts, warnings
from materials.rules.periods import Period

YEAR = 2027
AS_OF = date(2027, 1, 20)
PROFILE = {
    "level": "assistant",
    "route": "degree",
    "education": "associate",
    "full_time": True,
    "graduated_on": date(2018, 7, 1),
    "overseas_education": False,
    "fresh_graduate": False,
    "graduating_postgraduate": False,
    "residency": "mainland",
    "serving_military": False,
    "employer_is_medical_institution": True,
    "holds_assistant_licence": False,
    "registration_changed": False,
    "supplementary_test": "none",
}
LICENSED = {"level": "physician", "holds_assistant_licence": True}
MAJORS = list(csv.DictReader((Path(__file__).parent.parent / "data" / "majors.csv").open()))
CATEGORIES = [f"{level}{kind}" for level in (1, 2) for kind in ("10", "20", "30", "41", "42", "43", "44", "45")]


def days(*ends):
    return tuple(Period(date(*start), date(*end)) for start, end in ends)


def told(periods=(), *, year=YEAR, category="", major="", first=None, **changes):
    profile = Profile(**{**PROFILE, **changes})
    facts = Facts(profile, year, AS_OF.replace(year=year), category, major, tuple(periods), first)
    return [field for field, _ in warnings(facts)]


# --- the trial ---


@pytest.mark.parametrize(
    ("periods", "fields"),
    [
        ([((2025, 1, 1), (2025, 12, 31))], []),
        ([((2025, 1, 1), (2025, 11, 30))], ["period_to"]),
        # several institutions make a year together, one month told twice does not
        ([((2025, 1, 1), (2025, 6, 30)), ((2026, 1, 1), (2026, 6, 30))], []),
        ([((2025, 1, 1), (2025, 6, 30)), ((2025, 6, 1), (2025, 11, 30))], ["period_to"]),
        # what reaches the day of registering goes on until 31 August: a year, or not
        ([((2026, 9, 1), (2027, 1, 31))], []),
        ([((2026, 10, 1), (2027, 1, 31))], ["period_to"]),
        ([((2026, 9, 1), (2026, 12, 31))], ["period_to"]),
        ([], []),
    ],
)
def test_a_trial_is_a_year_by_31_august(periods, fields):
    assert told(days(*periods)) == fields


@pytest.mark.parametrize(
    ("end", "fields"), [((2027, 7, 31), []), ((2027, 6, 30), ["period_to"]), ((2027, 1, 31), ["period_to"])]
)
def test_a_fresh_graduate_is_asked_for_the_end_that_is_planned(end, fields):
    periods = days(((2026, 8, 1), end))
    assert told(periods, fresh_graduate=True, graduated_on=date(2026, 7, 1)) == fields


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"graduated_on": date(2025, 7, 1)}, ["period_from"]),
        ({"graduated_on": date(2025, 3, 31)}, []),
        ({"graduated_on": date(2026, 1, 1)}, ["period_from", "period_to"]),
        # nothing is certain of who studied beside work, went on studying, or came on another route
        ({"graduated_on": date(2026, 1, 1), "full_time": False}, []),
        ({"graduated_on": date(2026, 1, 1), "level": "physician", "education": "master"}, []),
        ({"graduated_on": date(2026, 1, 1), "route": "apprentice"}, []),
        ({"graduated_on": date(2026, 1, 1), **LICENSED, "education": "bachelor"}, []),
    ],
)
def test_a_trial_counts_from_graduating_on(changes, fields):
    assert told(days(((2025, 3, 1), (2026, 7, 31))), **changes) == fields


# --- practice ---


@pytest.mark.parametrize(
    ("education", "first", "fields"),
    [
        ("associate", date(2025, 9, 1), []),
        ("associate", date(2025, 9, 2), ["first_registered_on"]),
        ("secondary", date(2022, 9, 1), []),
        ("secondary", date(2022, 9, 2), ["first_registered_on"]),
        ("secondary", date(2025, 9, 1), ["first_registered_on"]),
        ("bachelor", date(2026, 12, 1), []),
        ("associate", None, []),
    ],
)
def test_practice_is_counted_from_the_first_registration(education, first, fields):
    assert told(first=first, education=education, **LICENSED) == fields


def test_other_routes_to_practice_are_not_judged():
    assert told(first=date(2026, 12, 1), education="secondary", **LICENSED, route="apprentice") == []


@pytest.mark.parametrize(
    ("periods", "fields"),
    [
        ([((2023, 1, 1), (2024, 12, 31))], []),
        ([((2023, 1, 1), (2024, 11, 30))], ["period_to"]),
        ([((2023, 1, 1), (2023, 12, 31)), ((2025, 1, 1), (2025, 12, 31))], []),
        ([((2021, 1, 1), (2022, 12, 31))], ["period_to"]),  # before the licence was registered
        ([((2025, 9, 1), (2027, 1, 31))], []),
    ],
)
def test_periods_of_practice_come_to_the_years(periods, fields):
    assert told(days(*periods), first=date(2022, 6, 1), **LICENSED) == fields


# --- majors ---


@pytest.mark.parametrize("row", MAJORS, ids=lambda row: row["major"])
def test_only_a_clear_contradiction_of_major_and_category_is_told(row):
    wrong = {code for code in CATEGORIES if told(category=code, major=row["major"])}
    expected = set(row["contradicts"].split())
    assert expected - wrong == set()  # what must be told
    assert (not expected) <= (not wrong)  # what is in no group warns of nothing


@pytest.mark.parametrize(
    ("major", "category"),
    [
        ("临床医学", "110"), ("临床医学", "130"), ("临床医学", "142"), ("口腔医学", "120"), ("口腔医学", "220"),
        ("中医学", "141"), ("中医学", "142"), ("针灸推拿学", "141"), ("中西医临床医学", "142"),
        ("中西医临床医学", "141"),
        ("蒙医学", "143"), ("藏医学", "244"), ("维医学", "145"), ("预防医学", "130"), ("医学影像学", "110"),
    ],
)  # fmt: skip
def test_the_category_of_ones_own_major_is_never_doubted(major, category):
    assert told(category=category, major=major) == []


@pytest.mark.parametrize(
    "changes", [{"education": "master"}, {"education": "doctor"}, {"overseas_education": True}, {"route": "apprentice"}]
)
def test_a_major_that_may_not_be_the_one_that_counts_is_not_judged(changes):
    assert told(category="110", major="口腔医学") == ["exam_category"]
    assert told(category="110", major="口腔医学", **changes) == []


def test_no_category_no_major_no_doubt():
    assert told(category="", major="口腔医学") == told(category="110", major="") == []


# --- the sentences ---


def test_each_line_is_beside_a_field_of_the_form_and_names_its_source():
    assert [line for line in eligibility.LINES if line.field not in FIELDS or not line.source] == []


def test_the_sentence_names_the_year_and_what_to_do():
    facts = Facts(Profile(**PROFILE), YEAR, AS_OF, periods=days(((2025, 1, 1), (2025, 6, 30))))
    assert warnings(facts)[0][1].startswith(
        "按现有信息，试用期到 2027 年 8 月 31 日不满一年，可能不符合报考条件，请向报名点核实。"
    )


@pytest.mark.parametrize(("ends", "fields"), [(AS_OF, []), (AS_OF - timedelta(days=1), ["period_to"])])
def test_what_reaches_the_day_of_registering_is_taken_as_going_on(ends, fields):
    begins = date(YEAR - 1, 9, 1)
    facts = Facts(Profile(**PROFILE), YEAR, AS_OF, periods=(Period(begins, ends),))
    assert [field for field, _ in warnings(facts)] == fields


def test_advice_is_for_who_fills_the_form_in():
    facts = Facts(Profile(**PROFILE), YEAR, AS_OF, periods=days(((2025, 1, 1), (2025, 6, 30))))
    advised, plain = warnings(facts)[0][1], warnings(facts, advise=False)[0][1]
    assert advised == plain + "在几个机构试用过的，请把其他机构也填上。"


def test_the_years_of_practice_are_said_in_words():
    profile = Profile(**{**PROFILE, **LICENSED, "education": "secondary"})
    ((_, sentence),) = warnings(Facts(profile, YEAR, AS_OF, first_registered_on=date(2026, 1, 1)))
    assert "不满五年（中专学历）" in sentence


def test_a_session_goes_by_the_conditions_that_hold_for_it(monkeypatch):
    later = eligibility.Conditions(trial_months=24, practice_years={})
    monkeypatch.setitem(eligibility.BY_SESSION, 2028, later)
    periods = days(((2025, 1, 1), (2025, 12, 31)))
    assert (told(periods, year=2027), told(periods, year=2028)) == ([], ["period_to"])

"""Answers to the whole form, without a database, and what the rules find in them."""

from datetime import date
from types import SimpleNamespace

from candidates.rules.contradictions import problems
from candidates.rules.profile import CategoryRule
from candidates.rules.sections import FIELDS

TODAY = date(2026, 3, 15)


def category(code: str, level: str, *, is_active: bool = True):
    return SimpleNamespace(
        is_active=is_active, rule=CategoryRule(code, level, frozenset({"degree"}), "临床执业助理医师")
    )


CLINICAL = category("210", "assistant")
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


def found(missing=True, **changes):
    return problems({**WHOLE, **changes}, session_year=2026, today=TODAY, missing=missing)

"""Profiles for tests: the base row of materials.md with what differs, and all that can be stated at all."""

from dataclasses import replace
from datetime import date

from hypothesis import strategies as st

from candidates.rules.profile import QUESTIONS, Profile, Question, profile_of

YEAR = 2026
TODAY = date(2026, 3, 1)
BASE = profile_of(
    {
        "level": "assistant",
        "route": "degree",
        "education": "associate",
        "full_time": True,
        "graduated_on": date(2018, 7, 1),
        "residency": "mainland",
        "employer_is_medical_institution": True,
    }
)


def profile(**changes) -> Profile:
    return replace(BASE, **changes)


def _any_answer(question: Question):
    if question.kind == "flag":
        return st.booleans()
    if question.kind == "day":
        return st.none() | st.dates(date(1990, 1, 1), date(YEAR, 12, 31))
    return st.sampled_from([*([None] if question.empty is None else []), *question.choices])


ANY_PROFILE = st.builds(Profile, **{name: _any_answer(question) for name, question in QUESTIONS.items()})

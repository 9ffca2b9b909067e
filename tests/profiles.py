"""Profiles for tests: the base row of materials.md with what differs, and all that can be stated at all."""

from dataclasses import replace
from datetime import date

from hypothesis import strategies as st

from candidates.rules.profile import EDUCATIONS, EXAM_LEVELS, RESIDENCIES, ROUTES, SUPPLEMENTARY_TESTS, Profile

YEAR = 2026
TODAY = date(2026, 3, 1)
BASE = Profile(
    level="assistant",
    route="degree",
    education="associate",
    full_time=True,
    graduated_on=date(2018, 7, 1),
    overseas_education=False,
    residency="mainland",
    serving_military=False,
    employer_is_medical_institution=True,
    holds_assistant_licence=False,
    registration_changed=False,
    fresh_graduate=False,
    graduating_postgraduate=False,
    supplementary_test="none",
)


def profile(**changes) -> Profile:
    return replace(BASE, **changes)


ANY_PROFILE = st.builds(
    Profile,
    level=st.sampled_from(list(EXAM_LEVELS)),
    route=st.sampled_from(list(ROUTES)),
    education=st.sampled_from([None, *EDUCATIONS]),
    full_time=st.booleans(),
    graduated_on=st.none() | st.dates(date(1990, 1, 1), date(YEAR, 12, 31)),
    overseas_education=st.booleans(),
    residency=st.sampled_from(list(RESIDENCIES)),
    serving_military=st.booleans(),
    employer_is_medical_institution=st.booleans(),
    holds_assistant_licence=st.booleans(),
    registration_changed=st.booleans(),
    fresh_graduate=st.booleans(),
    graduating_postgraduate=st.booleans(),
    supplementary_test=st.sampled_from(list(SUPPLEMENTARY_TESTS)),
)

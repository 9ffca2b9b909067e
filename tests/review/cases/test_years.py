"""One year at a time: the one with waiting cases first."""

import pytest

from review.cases.years import others, shown

COUNTS = {2027: {"point_review": 2}, 2026: {"paid": 9, "point_review": 1}, 2025: {"paid": 4}}


@pytest.mark.parametrize(
    ("asked", "counts", "year"),
    [
        (None, COUNTS, 2026),  # the oldest in which something waits
        (2025, COUNTS, 2025),
        (None, {2027: {}, 2026: {"paid": 1}}, 2027),  # nothing waits: the newest
        (1999, COUNTS, 1999),
        (None, {}, None),
    ],
)
def test_the_year_that_is_shown(asked, counts, year):
    assert shown(asked, counts, "point_review") == year


def test_the_other_years_are_told_with_what_waits():
    assert others(COUNTS, 2026, "point_review") == [(2025, 0), (2027, 2)]

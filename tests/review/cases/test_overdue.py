"""Working days counted back: the day on which a case came is not counted, its last ends at 24:00."""

from datetime import date, datetime

import pytest

from candidates.models.session import SHANGHAI
from review.cases import overdue
from review.models import ReviewTerm

FRIDAY, MONDAY, TUESDAY = date(2027, 3, 5), date(2027, 3, 8), date(2027, 3, 9)


def at(day, hour=0):
    return datetime(day.year, day.month, day.day, hour, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("last", "days", "before"),
    [
        (MONDAY, 1, MONDAY),  # what came on Sunday has had Monday
        (MONDAY, 2, FRIDAY),  # Saturday and Sunday are none
        (date(2027, 3, 7), 1, FRIDAY),
        (TUESDAY, 3, FRIDAY),
        (TUESDAY, 5, date(2027, 3, 3)),
    ],
)
def test_what_came_before_has_had_its_days(last, days, before):
    assert overdue.came_before(last, days) == at(before)


@pytest.mark.django_db
def test_the_last_day_is_said_and_the_day_after_it_is_late():
    ReviewTerm.objects.create(level="site", days=2)
    cutoffs = overdue.cutoffs("site_review", at(TUESDAY, 9))  # who came on Friday has Monday and Tuesday
    assert [cutoffs.word(at(day, 12)) for day in (date(2027, 3, 4), FRIDAY, MONDAY)] == ["已逾期", "今天到期", ""]


@pytest.mark.django_db
def test_a_status_of_no_level_and_a_level_without_a_term_have_none():
    ReviewTerm.objects.create(level="site", days=2)
    assert [overdue.cutoffs(one, at(TUESDAY)) for one in ("point_review", "paid")] == [None, None]

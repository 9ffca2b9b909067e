"""Working days counted back: the day on which a case came is not counted, its last ends at 24:00."""

from datetime import date, datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from candidates.models.session import SHANGHAI
from review.cases import overdue
from review.models import Holiday, ReviewTerm

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
    assert overdue.came_before(last, days, {}) == at(before)


@pytest.mark.django_db
def test_the_last_day_is_said_and_the_day_after_it_is_late():
    ReviewTerm.objects.create(level="site", days=2)
    cutoffs = overdue.cutoffs("site_review", at(TUESDAY, 9))  # who came on Friday has Monday and Tuesday
    assert [cutoffs.word(at(day, 12)) for day in (date(2027, 3, 4), FRIDAY, MONDAY)] == ["已逾期", "今天到期", ""]


@pytest.mark.django_db
def test_a_status_of_no_level_and_a_level_without_a_term_have_none():
    ReviewTerm.objects.create(level="site", days=2)
    assert [overdue.cutoffs(one, at(TUESDAY)) for one in ("point_review", "paid")] == [None, None]


# --- 放假与调休 ------------------------------------------------------------------------------------------------------


def off(first, last, is_worked=False):
    return Holiday.objects.create(name="国庆节", first_day=first, last_day=last, is_worked=is_worked)


@pytest.mark.django_db
def test_a_holiday_is_no_working_day_and_a_weekend_worked_instead_is_one():
    off(date(2027, 10, 1), date(2027, 10, 7))  # Friday to Thursday
    off(date(2027, 10, 9), date(2027, 10, 9), is_worked=True)  # Saturday
    ReviewTerm.objects.create(level="site", days=2)
    cutoffs = overdue.cutoffs("site_review", at(date(2027, 10, 9), 9))
    came = (date(2027, 9, 29), date(2027, 9, 30), date(2027, 10, 7), date(2027, 10, 8))
    assert [cutoffs.word(at(day, 12)) for day in came] == ["已逾期", "今天到期", "今天到期", ""]


@pytest.mark.django_db
def test_a_year_of_holidays_does_not_hang():
    for month in range(1, 13):
        off(date(2027, month, 1), date(2027, month, 28))
    ReviewTerm.objects.create(level="site", days=60)
    assert overdue.cutoffs("site_review", at(date(2027, 12, 28))).late < at(date(2027, 6, 1))


@pytest.mark.django_db
def test_no_day_is_told_twice():
    off(date(2027, 10, 1), date(2027, 10, 7))
    again = Holiday(name="调休", first_day=date(2027, 10, 7), last_day=date(2027, 10, 8), is_worked=True)
    with pytest.raises(ValidationError) as refusal:
        again.full_clean()
    assert refusal.value.messages == ["其中有的日子已经登记过。"]
    with pytest.raises(IntegrityError), transaction.atomic():
        again.save()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("last", "sentence"),
    [(date(2027, 9, 30), "最后一天不能早于第一天。"), (date(2027, 11, 1), "一次最多登记一个月。")],
)
def test_impossible_ranges_are_refused(last, sentence):
    with pytest.raises(ValidationError) as refusal:
        Holiday(name="国庆节", first_day=date(2027, 10, 1), last_day=last).full_clean()
    assert refusal.value.messages == [sentence]

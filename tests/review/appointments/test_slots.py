"""Slots follow from a point's hours, between two dates of the session."""

from datetime import date, timedelta

import pytest

from candidates.rules.refusals import NotAllowed, Refused
from review.appointments import slots
from review.models import ClosedDay, Slot
from tests.factories import make_session
from tests.review.onsite_days import MONDAY, NINE, NOW, make_slot

pytestmark = pytest.mark.django_db

FIRST, LAST = date(2027, 3, 5), date(2027, 3, 22)  # three Mondays


@pytest.fixture(autouse=True)
def session():
    return make_session(2027, now=NOW)


def days(point):
    return [f"{day:%m-%d}" for day in Slot.objects.filter(point=point).values_list("day", flat=True).distinct()]


def test_three_mondays_have_three_slots_each(point, setting):
    assert slots.make(point, FIRST, LAST, now=NOW) == 9
    assert set(days(point)) == {"03-08", "03-15", "03-22"}
    first = Slot.objects.filter(point=point).earliest("starts_at")
    assert (first.starts_at, first.capacity, first.walk_in, first.taken) == (NINE, 2, 0, 0)


def test_made_twice_they_are_there_once(point, setting):
    slots.make(point, FIRST, LAST, now=NOW)
    assert slots.make(point, FIRST, LAST, now=NOW) == 0


def test_a_closed_day_has_none(point, setting):
    ClosedDay.objects.create(setting=setting, day=date(2027, 3, 15))
    slots.make(point, FIRST, LAST, now=NOW)
    assert set(days(point)) == {"03-08", "03-22"}


def test_slots_of_another_length_are_not_laid_over_those_there(point, setting):
    make_slot(point, NINE + timedelta(minutes=20))
    slots.make(point, MONDAY.date(), MONDAY.date(), now=NOW)
    starts = [one.starts_at for one in Slot.objects.filter(point=point).order_by("starts_at")]
    assert starts == [NINE + timedelta(minutes=20), NINE + timedelta(minutes=60)]


def test_today_only_what_has_not_begun(point, setting):
    assert slots.make(point, MONDAY.date(), MONDAY.date(), now=NINE + timedelta(minutes=40)) == 1


@pytest.mark.parametrize(
    ("first", "last", "key"),
    [
        (date(2027, 3, 3), LAST, "first"),  # yesterday
        (date(2027, 5, 1), date(2027, 5, 2), "first"),  # after the session's review
        (FIRST, date(2027, 3, 1), "last"),
        (FIRST, date(2028, 1, 1), "last"),
    ],
)
def test_the_dates_are_the_sessions(point, setting, first, last, key):
    with pytest.raises(Refused) as refusal:
        slots.make(point, first, last, now=NOW)
    assert list(refusal.value.problems) == [key]


def test_without_hours_there_is_nothing_to_make(point, setting):
    setting.hours.all().delete()
    with pytest.raises(Refused, match="还没有填写每周的办理时间"):
        slots.make(point, FIRST, LAST, now=NOW)


def test_a_point_that_has_not_switched_it_on_has_none(point, setting):
    setting.is_on = False
    setting.save()
    with pytest.raises(NotAllowed, match="没有启用"):
        slots.make(point, FIRST, LAST, now=NOW)

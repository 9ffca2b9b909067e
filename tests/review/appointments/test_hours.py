"""A day's slots follow from weekly hours: pure arithmetic, in Asia/Shanghai."""

from datetime import date, time

import pytest

from candidates.rules.moments import SHANGHAI
from review.appointments import hours

MONDAY = date(2027, 3, 8)


def cut(spans, minutes):
    found = hours.spans(MONDAY, spans, minutes)
    return [f"{at.astimezone(SHANGHAI):%H:%M}-{end.astimezone(SHANGHAI):%H:%M}" for at, end in found]


def test_a_morning_and_an_afternoon_are_cut_each_by_itself():
    found = cut([(time(13, 30), time(14, 30)), (time(9), time(10))], 30)
    assert found == ["09:00-09:30", "09:30-10:00", "13:30-14:00", "14:00-14:30"]


def test_what_is_left_at_the_end_is_no_slot():
    assert cut([(time(9), time(10))], 45) == ["09:00-09:45"]


def test_hours_shorter_than_a_slot_have_none():
    assert cut([(time(9), time(9, 20))], 30) == []


def test_changes_end_at_six_on_the_evening_before():
    assert f"{hours.evening_before(MONDAY):%Y-%m-%d %H:%M %z}" == "2027-03-07 18:00 +0800"


def test_both_ends_belong_to_the_days_between():
    assert list(hours.days_between(MONDAY, date(2027, 3, 9))) == [MONDAY, date(2027, 3, 9)]


@pytest.mark.parametrize(
    ("opens", "closes", "met"), [(9, 10, False), (11, 12, False), (9, 11, True), (10, 11, True), (8, 13, True)]
)
def test_hours_may_touch_and_not_overlap(opens, closes, met):
    assert hours.overlaps(time(opens), time(closes), [(time(10), time(11))]) == met

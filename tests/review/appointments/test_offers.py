"""What a candidate is offered: days with what is free, and the overview's one sentence."""

from datetime import timedelta

import pytest

from review.appointments import offers
from review.models import Slot, Waiting
from tests.factories import make_application, make_units
from tests.review.onsite_days import EVE, MONDAY, NOW, book, make_slot

pytestmark = pytest.mark.django_db


def shown(case, now=NOW):
    return [(one.day, one.free, one.is_full) for one in offers.days(case, now)]


def test_a_day_adds_up_what_its_slots_have_free(case, slots):
    book(make_application("point_review"), slots[0])
    assert shown(case) == [(MONDAY.date(), 5, False)]


def test_closed_ones_past_ones_and_other_points_are_none_of_it(case, slots):
    Slot.objects.filter(pk=slots[0].pk).update(is_closed=True)
    make_slot(make_units()["1101002"])
    assert shown(case) == [(MONDAY.date(), 4, False)]
    assert shown(case, now=slots[2].starts_at) == []


def test_a_day_that_somebody_waits_for_is_full_until_the_evening_before(case, point, setting):
    slot = make_slot(point, capacity=1)
    book(make_application("point_review"), slot)
    waits = make_application("point_review")
    Waiting.objects.create(point=point, day=MONDAY.date(), application=waits, at=NOW)
    Slot.objects.filter(pk=slot.pk).update(capacity=2)
    assert [shown(case, now)[0][2] for now in (NOW, EVE)] == [True, False]


def test_the_card_follows_what_there_is(case, slots):
    assert offers.card(case, NOW).label == "预约时间"
    book(case, slots[0])
    assert offers.card(case, NOW).words == "已预约 2027 年 3 月 8 日（星期一）09:00–09:30，请按时到报名点。"


def test_where_it_means_nothing_there_is_no_card(slots):
    assert offers.card(make_application("site_review"), NOW) is None
    assert offers.card(make_application("registered"), NOW) is None


def test_a_span_is_said_with_its_weekday(slots):
    late = make_slot(slots[0].point, MONDAY + timedelta(days=6, hours=16, minutes=30))
    assert offers.span(late) == "2027 年 3 月 14 日（星期日）16:30–17:00"

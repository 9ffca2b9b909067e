"""First come, first served: who moves up is told and has a day, at most until six on the evening before."""

from datetime import timedelta

import pytest

from candidates.models import Message
from candidates.rules.refusals import NotAllowed
from review.appointments import bookings, waiting
from review.models import Slot, Waiting
from tests.factories import make_application, pass_on
from tests.review.casework import fresh
from tests.review.onsite_days import EVE, MONDAY, NOW, book, counted, make_slot, me, states, taken

pytestmark = pytest.mark.django_db

DAY, HOURS = MONDAY.date(), timedelta(hours=1)


@pytest.fixture
def full(point, setting):
    """A day of one slot with one place, which somebody has."""
    slot = make_slot(point, capacity=1)
    holder = make_application("point_review")
    book(holder, slot)
    return slot, holder


@pytest.fixture
def two(full):
    """Two who wait, one after the other."""
    cases = [make_application("point_review") for _ in range(2)]
    for one in cases:
        join(one)
    return cases


def join(case, now=NOW):
    return waiting.join(case.pk, day=DAY, actor=me(case), now=now)


def free(full, now=NOW):
    """The holder gives his place back, and the first who waits moves up."""
    slot, holder = full
    bookings.give_back(holder.pk, seen=slot.pk, actor=me(holder), now=now)
    waiting.move_up(slot.point_id, DAY, now)


def accept(case, now=NOW):
    return bookings.accept(case.pk, actor=me(case), now=now)


def waits(cases):
    return [one.state for one in Waiting.objects.filter(application__in=cases).order_by("pk")]


def test_who_came_first_moves_up_is_told_and_the_place_is_kept(full, two):
    free(full)
    assert waits(two) == ["offered", "waiting"]
    assert (taken(full[0]), counted(full[0])) == ([1], 1)
    told = Message.objects.filter(application=two[0]).latest("pk")
    assert told.kind == "appointment_free"
    assert waiting.listed(two[0]).until == NOW + 24 * HOURS


def test_near_the_day_the_term_ends_on_the_evening_before(full, two):
    free(full, now=EVE - 3 * HOURS)
    assert waiting.listed(two[0]).until == EVE


def test_confirmed_it_is_an_appointment(full, two):
    free(full)
    made = accept(two[0])
    assert (made.slot, states(two[0]), waits(two)) == (full[0], [("booked", "")], ["taken", "waiting"])
    assert (taken(full[0]), fresh(two[0]).appointment_at) == ([1], full[0].starts_at)


def test_not_confirmed_in_time_it_goes_to_the_next(full, two):
    free(full)
    assert waiting.settle(NOW + 24 * HOURS) == 1
    assert waits(two) == ["missed", "offered"]
    assert (taken(full[0]), counted(full[0])) == ([1], 1)
    with pytest.raises(NotAllowed, match="没有留给您的名额"):
        accept(two[0], now=NOW + 24 * HOURS)


def test_a_term_that_is_over_is_over_though_nobody_has_settled_it(full, two):
    free(full)
    with pytest.raises(NotAllowed, match="确认期限已过"):
        accept(two[0], now=NOW + 24 * HOURS)
    assert states(two[0]) == []


def test_declined_it_goes_to_the_next(full, two, django_capture_on_commit_callbacks):
    free(full)
    with django_capture_on_commit_callbacks():
        waiting.leave(two[0].pk, actor=me(two[0]), now=NOW)
    waiting.move_up(full[0].point_id, DAY, NOW)
    assert (waits(two), taken(full[0])) == (["left", "offered"], [1])


def test_moving_up_ends_on_the_evening_before(full, two):
    Slot.objects.filter(pk=full[0].pk).update(capacity=2)
    assert waiting.move_up(full[0].point_id, DAY, EVE) == 0
    waiting.settle(EVE)
    assert (waits(two), taken(full[0])) == (["ended", "ended"], [1])


def test_from_then_on_what_is_free_is_anybodys(full, two):
    Slot.objects.filter(pk=full[0].pk).update(capacity=2)
    anybody = make_application("point_review")
    with pytest.raises(NotAllowed, match="有考生在候补"):
        book(anybody, full[0], now=EVE - HOURS)
    assert book(anybody, full[0], now=EVE).state == "booked"


def test_who_has_gone_on_is_passed_over(full, two):
    pass_on(two[0])
    free(full)
    assert waits(two) == ["ended", "offered"]


def test_what_was_kept_for_a_case_that_has_gone_on_comes_back(full, two):
    free(full)
    pass_on(two[0])
    waiting.settle(NOW + HOURS)
    assert (waits(two), taken(full[0])) == (["ended", "offered"], [1])


def test_who_books_another_day_waits_no_more(full, two, point):
    free(full)
    book(two[0], make_slot(point, MONDAY + timedelta(days=7, hours=9)))
    waiting.settle(NOW)
    assert (waits(two), taken(full[0])) == (["ended", "offered"], [1])


def test_moving_up_from_another_day_is_a_move(full, point):
    other = make_slot(point, MONDAY + timedelta(days=7, hours=9))
    case = make_application("point_review")
    book(case, other)
    join(case)
    free(full)
    moved = accept(case)
    assert (moved.moved, taken(full[0], other)) == (1, [1, 0])


def test_a_day_with_places_has_no_list(case, slots):
    with pytest.raises(NotAllowed, match="还有名额"):
        join(case)


def test_nobody_waits_twice_or_for_a_day_he_has(full, two):
    with pytest.raises(NotAllowed, match="已经在 2027 年 3 月 8 日的候补名单上"):
        join(two[0])
    with pytest.raises(NotAllowed, match="这一天已有预约"):
        join(full[1])


def test_a_day_without_slots_and_one_too_near_have_none(case, full):
    with pytest.raises(NotAllowed, match="没有可以预约的时段"):
        waiting.join(case.pk, day=DAY + timedelta(days=1), actor=me(case), now=NOW)
    with pytest.raises(NotAllowed, match="前一天 18:00 截止"):
        join(case, now=EVE)


def test_places_on_the_list_are_counted(two):
    assert [waiting.place_of(waiting.listed(one)) for one in two] == [1, 2]

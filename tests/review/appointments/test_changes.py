"""Closing and shrinking name who loses the appointment, ask, and tell them; enlarging lets who waits move up."""

from datetime import timedelta

import pytest

from candidates.models import Message
from candidates.rules.refusals import Refused
from review.appointments import bookings, changes, waiting
from review.appointments.changes import Change
from review.models import Slot, Waiting
from tests import races
from tests.factories import make_application, make_units
from tests.review.casework import fresh
from tests.review.onsite_days import NOW, book, counted, me, states, taken

pytestmark = pytest.mark.django_db

CLOSE = Change(closed=True)


@pytest.fixture
def booked(slot):
    """Two who have booked the slot, one after the other."""
    cases = [make_application("point_review") for _ in range(2)]
    for at, one in enumerate(cases):
        book(one, slot, now=NOW + timedelta(minutes=at))
    return cases


def change(point, slot, wanted, *lost, now=NOW):
    return changes.change(point, [slot.pk], wanted, confirmed=[one.pk for one in lost], now=now)


def fresh_slot(slot):
    return Slot.objects.get(pk=slot.pk)


def test_enlarging_asks_nobody(point, slot, booked):
    assert change(point, slot, Change(capacity=5)) == []
    assert (fresh_slot(slot).capacity, taken(slot)) == (5, [2])


def test_shrinking_names_who_has_booked_last(point, slot, booked):
    lost = changes.affected([fresh_slot(slot)], Change(capacity=1))
    assert [one.application for one in lost] == [booked[1]]


def test_a_larger_share_for_walk_ins_is_shrinking_too(slot, booked):
    lost = changes.affected([fresh_slot(slot)], Change(walk_in=1))
    assert [one.application for one in lost] == [booked[1]]


def test_unconfirmed_nothing_changes(point, slot, booked):
    with pytest.raises(Refused) as refusal:
        change(point, slot, CLOSE)
    assert refusal.value.problems == {"confirmed": changes.CHANGED}
    assert (fresh_slot(slot).is_closed, taken(slot)) == (False, [2])


def test_confirmed_they_lose_it_are_told_and_may_book_anew_without_a_move(point, slots, booked):
    lost = changes.affected([fresh_slot(slots[0])], CLOSE)
    assert len(change(point, slots[0], CLOSE, *lost)) == 2
    assert (states(booked[0]), taken(slots[0]), counted(slots[0])) == ([("ended", "slot")], [0], 0)
    assert (fresh(booked[0]).appointment_at, bookings.changes_made(booked[0])) == (None, 0)
    assert Message.objects.filter(application=booked[0]).latest("pk").kind == "appointment_lost"
    assert book(booked[0], slots[1]).state == "booked"


def test_who_has_come_stays(point, slot, booked):
    row = bookings.standing(booked[1])
    row.state, row.number, row.arrived_at, row.due_at = "arrived", 1, NOW, NOW
    row.save()
    lost = changes.affected([fresh_slot(slot)], Change(capacity=1))
    assert [one.application for one in lost] == [booked[0]]


def come(booked):
    for number, case in enumerate(booked, 1):
        row = bookings.standing(case)
        row.state, row.number, row.arrived_at, row.due_at = "arrived", number, NOW, NOW
        row.save()


def test_a_slot_is_made_no_smaller_than_who_has_come(point, slot, booked):
    come(booked)
    with pytest.raises(Refused, match="2 位预约的考生已经到场"):
        change(point, slot, Change(capacity=1))
    assert fresh_slot(slot).capacity == 2


def test_a_slot_is_closed_though_somebody_has_come(point, slot, booked):
    come(booked)
    assert change(point, slot, CLOSE) == []
    assert fresh_slot(slot).is_closed


def test_a_place_kept_for_who_may_move_up_goes_first_and_he_waits_on(point, slot, booked):
    waits = make_application("point_review")
    Waiting.objects.create(point=point, day=slot.day, application=waits, at=NOW)
    change(point, slot, Change(capacity=3))
    waiting.move_up(point.pk, slot.day, NOW)
    assert (waiting.listed(waits).state, taken(slot)) == ("offered", [3])
    assert changes.affected([fresh_slot(slot)], Change(capacity=2)) == []
    change(point, slot, Change(capacity=2))
    assert (waiting.listed(waits).state, taken(slot)) == ("waiting", [2])


def test_more_for_walk_ins_than_places_is_refused(point, slot):
    with pytest.raises(Refused) as refusal:
        change(point, slot, Change(capacity=1, walk_in=2))
    assert list(refusal.value.problems) == ["capacity"]


def test_another_points_slots_are_not_found(slot):
    with pytest.raises(Refused, match="不是本报名点的"):
        change(make_units()["1101002"], slot, CLOSE)


@pytest.mark.django_db(transaction=True)
def test_who_books_while_it_is_closed_is_not_lost_unnamed(point, slot):
    case = make_application("point_review")
    late = races.Act(bookings.book, case.pk, slot=slot.pk, actor=me(case), now=NOW)
    with races.while_they_wait(late):
        assert change(point, slot, CLOSE) == []
    assert (str(late.outcome), taken(slot), counted(slot)) == (bookings.GONE, [0], 0)

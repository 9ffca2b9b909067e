"""One appointment an application, never more places than there are: booked, moved, given back."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, OperationalError, connection, transaction

from candidates.applications import registration
from candidates.models import Application, Message
from candidates.rules.refusals import NotAllowed
from materials import recalling
from review.appointments import bookings, desk
from review.cases import decisions
from review.models import Appointment, Slot, Waiting
from tests import races
from tests.factories import make_application, make_operator, make_units, pass_on
from tests.review.casework import fresh
from tests.review.onsite_days import EVE, MONDAY, NINE, NOW, book, counted, make_slot, me, states, taken
from tests.waiting import others_wait_for_a_lock, wait_until

pytestmark = pytest.mark.django_db


def move(case, slot, seen, now=NOW):
    return bookings.move(case.pk, slot=slot.pk, seen=seen.pk, actor=me(case), now=now)


def give_back(case, seen, now=NOW):
    return bookings.give_back(case.pk, seen=seen.pk, actor=me(case), now=now)


def told(case):
    found = Message.objects.filter(application=case, kind__startswith="appointment").order_by("pk")
    return list(found.values_list("kind", flat=True))


def test_a_booking_takes_a_place_stands_on_the_row_and_is_told(case, slot):
    made = book(case, slot)
    assert (made.state, made.day, taken(slot)) == ("booked", MONDAY.date(), [1])
    assert fresh(case).appointment_at == slot.starts_at
    assert told(case) == ["appointment_booked"]


def test_an_appointment_outlives_a_submission_that_is_taken_back(case, slot):
    book(case, slot)
    recalling.recall(case.pk, actor=me(case))
    assert (fresh(case).status, fresh(case).appointment_at) == ("registered", slot.starts_at)
    assert (states(case), taken(slot)) == ([("booked", "")], [1])


def test_a_second_appointment_is_refused_with_when_the_first_is(case, slots):
    book(case, slots[0])
    with pytest.raises(NotAllowed, match="您已经预约了 2027 年 3 月 8 日 09:00"):
        book(case, slots[1])
    assert taken(*slots) == [1, 0, 0]


def test_the_database_holds_one_appointment_an_application(case, slots, point):
    book(case, slots[0])
    row = {"point": point, "day": MONDAY.date(), "application": case, "booked_at": NOW}
    with pytest.raises(IntegrityError, match="one_appointment_an_application"), transaction.atomic():
        Appointment.objects.create(slot=slots[1], **row)


def test_the_database_refuses_more_than_the_places(slot):
    with pytest.raises(IntegrityError, match="slot_is_never_overbooked"), transaction.atomic():
        Slot.objects.filter(pk=slot.pk).update(taken=3)


def test_who_walks_in_keeps_the_share(case, point, setting):
    slot = make_slot(point, capacity=2, walk_in=2)
    with pytest.raises(NotAllowed, match="刚刚约满"):
        book(case, slot)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"starts": NINE - timedelta(days=7)}, "已经开始或过去"),
        ({"is_closed": True}, "已经取消"),
        ({"capacity": 0}, "刚刚约满"),
    ],
)
def test_a_slot_that_cannot_be_had_says_why(case, point, setting, changes, words):
    with pytest.raises(NotAllowed, match=words):
        book(case, make_slot(point, **changes))


def test_a_slot_that_has_been_removed_meanwhile_says_so(case, slot):
    slot.delete()
    slot.pk = 4711
    with pytest.raises(NotAllowed, match="已经取消"):
        book(case, slot)


def test_another_points_slot_is_none_of_mine(case, setting):
    slot = make_slot(make_units()["1101002"])
    with pytest.raises(NotAllowed, match="不是您报名点的"):
        book(case, slot)
    assert taken(slot) == [0]


def test_what_another_point_has_set_says_nothing_of_mine(case, setting):
    assert bookings.refusal(case, setting) == ""
    setting.point = make_units()["1101002"]
    assert bookings.refusal(case, setting) == bookings.NOT_OFFERED


def test_where_the_point_offers_none_nobody_books(case, slot, setting):
    setting.is_on = False
    setting.save()
    with pytest.raises(NotAllowed, match="没有启用现场审核预约"):
        book(case, slot)


def test_before_the_first_submission_it_is_the_points_to_say(slot, setting):
    registered = make_application("registered")
    with pytest.raises(NotAllowed, match="提交审核以后才能预约"):
        book(registered, slot)
    setting.from_registered = True
    setting.save()
    assert book(registered, slot).state == "booked"


def test_nobody_books_for_another(case, slot):
    other = make_application("point_review")
    with pytest.raises(NotAllowed, match="不是您的报名"):
        bookings.book(case.pk, slot=slot.pk, actor=me(other), now=NOW)


# --- moving -----------------------------------------------------------------------------------------------------------


def test_a_move_takes_the_new_place_and_gives_the_old_one_back(case, slots):
    book(case, slots[0])
    moved = move(case, slots[2], seen=slots[0])
    assert (moved.slot, moved.moved, taken(*slots)) == (slots[2], 1, [0, 0, 1])
    assert fresh(case).appointment_at == slots[2].starts_at
    assert told(case) == ["appointment_booked", "appointment_changed"]


def test_it_is_moved_twice_and_no_more(case, slots):
    book(case, slots[0])
    move(case, slots[1], seen=slots[0])
    move(case, slots[2], seen=slots[1])
    with pytest.raises(NotAllowed, match="已经改期两次"):
        move(case, slots[0], seen=slots[2])


def test_where_the_new_slot_has_just_filled_the_old_place_stays(case, slots):
    """As rdv-service-public lost an appointment whose last other place went while its date was changed (#4466)."""
    book(case, slots[0])
    Slot.objects.filter(pk=slots[1].pk).update(taken=2)
    with pytest.raises(NotAllowed, match="刚刚约满"):
        move(case, slots[1], seen=slots[0])
    assert (taken(*slots), bookings.standing(case).slot) == ([1, 2, 0], slots[0])


def test_a_page_from_before_a_move_moves_nothing(case, slots):
    book(case, slots[0])
    move(case, slots[1], seen=slots[0])
    with pytest.raises(NotAllowed, match="这一页是改期以前打开的"):
        move(case, slots[2], seen=slots[0])
    assert taken(*slots) == [0, 1, 0]


def test_from_six_on_the_evening_before_it_stays(case, slots):
    book(case, slots[0])
    with pytest.raises(NotAllowed, match="改期和取消的时间已于 2027 年 3 月 7 日 18:00 截止"):
        move(case, slots[1], seen=slots[0], now=EVE)
    assert move(case, slots[1], seen=slots[0], now=EVE - timedelta(seconds=1)).slot == slots[1]


# --- giving back ------------------------------------------------------------------------------------------------------


def test_given_back_it_is_nobodys_and_can_be_booked_anew(case, slots):
    """As a cancelled appointment kept its slot from everybody in rdv-service-public (#368)."""
    book(case, slots[0])
    give_back(case, seen=slots[0])
    assert (taken(slots[0]), fresh(case).appointment_at) == ([0], None)
    book(case, slots[0])
    assert states(case) == [("ended", "given_back"), ("booked", "")]


def test_giving_back_and_booking_anew_counts_as_a_move(case, slots):
    book(case, slots[0])
    give_back(case, seen=slots[0])
    book(case, slots[0])
    move(case, slots[1], seen=slots[0])
    with pytest.raises(NotAllowed, match="已经改期两次"):
        move(case, slots[2], seen=slots[1])


def test_after_three_given_back_nothing_is_booked_any_more(case, slots):
    for _ in range(3):
        book(case, slots[0])
        give_back(case, seen=slots[0])
    with pytest.raises(NotAllowed, match="取消并重新预约过两次"):
        book(case, slots[0])


# --- what the case does -----------------------------------------------------------------------------------------------


def withdraw(case):
    registration.withdraw(case.pk, actor=me(case))


def reject(case, clerk):
    decisions.reject(case.pk, actor=desk.Actor.of(clerk), seen=case.last_record_id, reason="不符合报考条件。")


def move_away(case):
    actor = desk.Actor.of(make_operator())
    decisions.move_to(case.pk, actor=actor, point=make_units()["1101002"], reason="搬家。")


def test_the_points_pass_gives_the_place_back(case, slot):
    book(case, slot)
    pass_on(case)
    assert (states(case), taken(slot), fresh(case).appointment_at) == ([("ended", "case")], [0], None)


def test_a_rejection_gives_the_place_back(case, slot, clerk):
    book(case, slot)
    reject(case, clerk)
    assert (states(case), taken(slot)) == ([("ended", "case")], [0])


def test_withdrawing_gives_the_place_back(slot, setting):
    setting.from_registered = True
    setting.save()
    registered = make_application("registered")
    book(registered, slot)
    withdraw(registered)
    assert (states(registered), taken(slot)) == ([("ended", "case")], [0])


def test_another_point_gives_the_place_back(case, slot):
    book(case, slot)
    move_away(case)
    assert (states(case), taken(slot), fresh(case).appointment_at) == ([("ended", "case")], [0], None)


def test_a_return_leaves_the_appointment(case, slot, clerk):
    book(case, slot)
    named = {"sections": {"work": "请核对。"}}
    decisions.return_for_correction(case.pk, actor=desk.Actor.of(clerk), seen=case.last_record_id, **named)
    assert (states(case), taken(slot)) == ([("booked", "")], [1])


def test_who_is_at_the_desk_is_done_with_the_pass_and_keeps_the_place(case, slot, clerk):
    mine = book(case, slot)
    actor = desk.Actor.of(clerk)
    desk.do(mine.pk, "arrive", actor=actor, now=NINE)
    desk.do(mine.pk, "call", actor=actor, now=NINE)
    pass_on(case)
    assert (states(case), taken(slot)) == ([("done", "")], [1])


def test_a_number_without_an_appointment_is_done_with_the_pass_too(case, point, clerk):
    desk.walk_in(point, actor=desk.Actor.of(clerk), application=case.pk, now=NINE)
    pass_on(case)
    assert states(case) == [("done", "")]


def test_a_row_changed_by_hand_gives_the_place_back_as_well(case, slot):
    book(case, slot)
    Application.objects.filter(pk=case.pk).update(appointment_at=None)
    assert (states(case), taken(slot)) == ([("ended", "case")], [0])


# --- absences ---------------------------------------------------------------------------------------------------------


def test_who_stayed_away_books_again_twice_and_no_more(case, point, setting):
    for week in range(3):
        slot = make_slot(point, NINE + timedelta(days=7 * week))
        book(case, slot, now=NOW + timedelta(days=7 * week))
        assert desk.settle(slot.ends_at + timedelta(days=1)) == 1
    with pytest.raises(NotAllowed, match="三次预约后没有到场"):
        book(case, make_slot(point, NINE + timedelta(days=28)))


# --- at the same time -------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_the_last_place_goes_to_one_of_two(case, point, setting):
    slot, other = make_slot(point, capacity=1), make_application("point_review")
    late = races.Act(bookings.book, other.pk, slot=slot.pk, actor=me(other), now=NOW)
    with races.while_they_wait(late):
        book(case, slot)
    assert (str(late.outcome), taken(slot), counted(slot)) == (bookings.FULL, [1], 1)


@pytest.mark.django_db(transaction=True)
def test_two_tabs_book_once(case, slots):
    """As an error page made people book a second time in rdv-insertion (#988)."""
    late = races.Act(bookings.book, case.pk, slot=slots[1].pk, actor=me(case), now=NOW)
    with races.while_they_wait(late):
        book(case, slots[0])
    assert isinstance(late.outcome, NotAllowed)
    assert (taken(*slots), states(case)) == ([1, 0, 0], [("booked", "")])


@pytest.mark.django_db(transaction=True)
def test_two_who_change_places_wait_for_one_another_in_one_order(point, setting):
    first, second = (make_application("point_review") for _ in range(2))
    one, two = make_slot(point), make_slot(point, NINE + timedelta(minutes=30))
    book(first, one)
    book(second, two)
    acts = [
        races.Act(bookings.move, first.pk, slot=two.pk, seen=one.pk, actor=me(first), now=NOW),
        races.Act(bookings.move, second.pk, slot=one.pk, seen=two.pk, actor=me(second), now=NOW),
    ]
    with races.while_they_wait(*acts):
        list(Slot.objects.select_for_update().filter(pk__in=[one.pk, two.pk]).order_by("pk"))
    assert [act.outcome.moved for act in acts] == [1, 1]
    assert taken(one, two) == [counted(one), counted(two)] == [1, 1]


@pytest.mark.django_db(transaction=True)
def test_a_session_killed_in_the_middle_of_a_booking_neither_loses_nor_doubles_a_place(case, point, setting):
    slot = make_slot(point, capacity=1)
    Waiting.objects.create(point=point, day=slot.day + timedelta(days=1), application=case, at=NOW)
    broken = races.Act(bookings.book, case.pk, slot=slot.pk, actor=me(case), now=NOW)
    with transaction.atomic():
        Waiting.objects.select_for_update().get(application=case)
        broken.start()  # the place is taken and the appointment made, and now it waits for this row
        wait_until(lambda: others_wait_for_a_lock() == 1, "nobody waits")
        kill_who_waits()
        broken.join(30)
    assert isinstance(broken.outcome, OperationalError)
    assert (taken(slot), states(case), fresh(case).appointment_at) == ([0], [], None)

    book(case, slot)
    assert (taken(slot), counted(slot), states(case)) == ([1], 1, [("booked", "")])


def kill_who_waits():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )

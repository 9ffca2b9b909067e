"""The point's day: who has come, whom to call; each number once, each deed in its state."""

from datetime import timedelta
from threading import Barrier

import pytest

from candidates.applications.notices import issue_notice
from candidates.applications.workflow import Actor
from candidates.rules.refusals import NotAllowed
from review.appointments import bookings, desk
from review.models import Appointment
from tests import races
from tests.factories import make_application, make_reviewer, make_units
from tests.review.casework import fresh
from tests.review.onsite_days import MONDAY, NINE, NOW, book, states, taken

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)
EARLY = NINE - 30 * MINUTE


def do(row, deed, clerk, now=NINE):
    return desk.do(row.pk, deed, actor=Actor.of(clerk), now=now)


def walk_in(point, clerk, case=None, now=NINE):
    return desk.walk_in(point, actor=Actor.of(clerk), application=case.pk if case else None, now=now)


def call_next(point, clerk, now=NINE):
    row = desk.call_next(point, actor=Actor.of(clerk), now=now)
    return row.called_as if row else None


# --- who comes --------------------------------------------------------------------------------------------------------


def test_a_scan_marks_arrived_early_or_late_and_gives_a_number(case, slot, clerk):
    book(case, slot)
    came = desk.came(clerk, case.number, now=NINE + 3 * 60 * MINUTE)
    assert (came.appointment.state, came.appointment.called_as, came.old) == ("arrived", "A001", False)


@pytest.mark.parametrize("typed", ["document", "name", "notice"])
def test_an_id_number_a_name_or_the_notices_code_do_the_same(case, slot, clerk, typed):
    book(case, slot)
    code = case.notice_versions.get(replaced_at=None).code
    text = {"document": case.document_number, "name": case.name, "notice": f"https://example.org/verify/{code}/"}[typed]
    assert desk.came(clerk, text, now=EARLY).appointment.application == case


def test_an_old_notice_is_taken_and_said_to_be_old(case, slot, clerk):
    book(case, slot)
    old = case.notice_versions.get(replaced_at=None).code
    issue_notice(case, NOW)
    came = desk.came(clerk, f"/verify/{old}/", now=EARLY)
    assert (came.appointment.state, came.old) == ("arrived", True)


def test_scanned_twice_he_has_one_number(case, slot, clerk):
    book(case, slot)
    first = desk.came(clerk, case.number, now=EARLY).appointment
    again = desk.came(clerk, case.number, now=NINE).appointment
    assert (again.number, again.arrived_at) == (first.number, EARLY)


def test_somebody_of_another_point_is_told_where_to_go_and_not_who_he_is(clerk, setting):
    elsewhere = make_application("point_review", point=make_units()["1101002"])
    came = desk.came(clerk, elsewhere.document_number, now=NINE)
    assert came.sentence.startswith("这位考生的报名点不在这里，请到北京第一考点第二报名点（示例路 1 号")
    assert elsewhere.name not in came.sentence
    assert (came.appointment, came.without) == (None, None)


def test_a_name_of_another_point_is_not_found(clerk, setting):
    make_application("point_review", point=make_units()["1101002"], account=None)
    assert desk.came(clerk, "张某某", now=NINE).sentence == desk.NOT_HERE


def test_two_of_a_name_are_to_be_chosen_from(clerk, setting):
    cases = {make_application("point_review") for _ in range(2)}
    assert set(desk.came(clerk, "张某某", now=NINE).several) == cases


def test_a_scan_that_is_nothing_leaves_the_next_one_alone(case, slot, clerk):
    """As one bad scan made all that followed fail in alf.io's back office (#16)."""
    book(case, slot)
    assert desk.came(clerk, "]Q3WIFI:S:guest;;", now=NINE).sentence == desk.NOT_HERE
    assert desk.came(clerk, case.number, now=NINE).appointment.state == "arrived"


def test_without_an_appointment_today_he_may_have_a_number(case, slot, clerk, point):
    book(case, slot)
    thursday = NOW + 60 * MINUTE
    came = desk.came(clerk, case.number, now=thursday)
    assert (came.without, came.sentence) == (case, "预约的是 2027-03-08 09:00，不是今天。")
    given = walk_in(point, clerk, case, now=thursday)
    assert (given.called_as, states(case)) == ("B001", [("ended", "desk"), ("arrived", "")])
    assert (taken(slot), fresh(case).appointment_at, bookings.changes_made(case)) == ([0], None, 0)


def test_who_is_registered_and_has_submitted_nothing_is_found_by_his_id_number(clerk, setting):
    registered = make_application("registered")
    assert desk.came(clerk, registered.document_number, now=NINE).without == registered


def test_who_has_a_number_gets_no_second_one(case, point, clerk, setting):
    walk_in(point, clerk, case)
    with pytest.raises(NotAllowed, match="今天已有预约或号码（B001）"):
        walk_in(point, clerk, case)


def test_a_number_is_put_down_to_who_is_scanned_when_he_is_called(case, point, clerk, setting):
    row = walk_in(point, clerk)
    assert desk.identify(row.pk, clerk, case.number, now=NINE).application == case
    other = make_application("point_review")
    with pytest.raises(NotAllowed, match="另一位考生名下"):
        desk.identify(row.pk, clerk, other.number, now=NINE)


def test_a_number_is_nobodys_who_has_one_or_belongs_elsewhere(case, slot, point, clerk):
    book(case, slot)
    elsewhere = make_application("point_review", point=make_units()["1101002"])
    row = walk_in(point, clerk)
    for text, words in (
        (case.number, "已有2027-03-08 的预约"),
        (elsewhere.number, "请到北京第一考点第二报名点"),
        ("x", "没有找到"),
    ):
        with pytest.raises(NotAllowed, match=words):
            desk.identify(row.pk, clerk, text, now=NINE)


# --- calling ----------------------------------------------------------------------------------------------------------


def test_called_in_the_order_of_slots_and_arrivals(slots, point, clerk):
    nine, half_past = (make_application("point_review") for _ in range(2))
    book(nine, slots[0])
    book(half_past, slots[1])
    desk.came(clerk, half_past.number, now=EARLY)
    walk_in(point, clerk, now=NINE + 10 * MINUTE)
    desk.came(clerk, nine.number, now=NINE + 15 * MINUTE)  # late
    assert [call_next(point, clerk) for _ in range(4)] == ["A003", "B002", "A001", None]


def test_who_does_not_answer_comes_behind_those_here(point, clerk, setting):
    first, second = (walk_in(point, clerk, now=NINE + at * MINUTE) for at in range(2))
    call_next(point, clerk)
    do(first, "later", clerk, now=NINE + 5 * MINUTE)
    assert [call_next(point, clerk) for _ in range(3)] == [second.called_as, first.called_as, None]
    assert Appointment.objects.get(pk=first.pk).times_called == 2


def test_only_the_points_own_call(point, setting):
    beside = make_reviewer(make_units()["1101002"])
    with pytest.raises(NotAllowed, match="只有本报名点的审核员可以叫号"):
        call_next(point, beside)


@pytest.mark.django_db(transaction=True)
def test_while_one_clerk_calls_another_gets_the_next_without_waiting(point, clerk, setting):
    for _ in range(2):
        walk_in(point, clerk)
    other = races.Act(call_next, point, make_reviewer(point, username="other"))
    with races.while_they_wait():
        assert call_next(point, clerk) == "B001"
        other.start()
        other.join(30)
    assert other.outcome == "B002"


@pytest.mark.django_db(transaction=True)
def test_twenty_clerks_call_each_number_once(point, setting):
    """As waiting numbers were given twice in eAppointment (it-at-m #668)."""
    clerks = [make_reviewer(point, username=f"clerk-{at}") for at in range(20)]
    for _ in range(60):
        walk_in(point, clerks[0])
    start, called = Barrier(20), []

    def work(clerk):
        start.wait(30)
        while number := call_next(point, clerk):
            called.append(number)

    acts = [races.Act(work, one) for one in clerks]
    for act in acts:
        act.start()
    for act in acts:
        act.join(60)
    assert sorted(called) == [f"B{at:03}" for at in range(1, 61)]


@pytest.mark.django_db(transaction=True)
def test_two_numbers_given_at_once_are_two(point, clerk, setting):
    late = races.Act(walk_in, point, clerk)
    with races.while_they_wait(late):
        first = walk_in(point, clerk)
    assert [first.number, late.outcome.number] == [1, 2]


# --- deeds in their states --------------------------------------------------------------------------------------------


def test_buttons_pressed_in_the_wrong_order_change_nothing(case, slot, clerk):
    """As a second tab ended what was never marked as waiting in rdv-service-public (#5617)."""
    row = book(case, slot)
    with pytest.raises(NotAllowed, match="现在是“未到”，没有再记为“办结”"):
        do(row, "done", clerk)
    do(row, "arrive", clerk)
    with pytest.raises(NotAllowed, match="A001现在是“已到”，没有再记为“到场”"):
        do(row, "arrive", clerk)


def test_a_wrong_scan_is_taken_back_and_keeps_its_number(case, slot, clerk):
    """As pretix's check-in could not be undone at the door (#797)."""
    row = book(case, slot)
    do(row, "arrive", clerk)
    back = do(row, "unarrive", clerk)
    assert (back.state, back.arrived_at) == ("booked", None)
    assert do(row, "arrive", clerk).called_as == "A001"


def test_absent_only_when_the_slot_is_over(case, slot, clerk):
    row = book(case, slot)
    with pytest.raises(NotAllowed, match="还没有结束"):
        do(row, "absent", clerk, now=NINE + 10 * MINUTE)
    do(row, "absent", clerk, now=slot.ends_at)
    assert (states(case), fresh(case).appointment_at, taken(slot)) == ([("absent", "")], None, [1])


def test_done_ends_the_appointment(case, slot, clerk):
    row = book(case, slot)
    for deed in ("arrive", "call", "done"):
        do(row, deed, clerk)
    assert (states(case), fresh(case).appointment_at) == ([("done", "")], None)


def test_another_days_row_is_not_todays(case, slot, clerk):
    row = book(case, slot)
    with pytest.raises(NotAllowed, match="2027-03-08 的预约，不是今天的"):
        do(row, "arrive", clerk, now=NOW)


def test_another_points_row_is_refused(case, slot):
    row = book(case, slot)
    with pytest.raises(NotAllowed, match="不是本报名点的预约"):
        do(row, "arrive", make_reviewer(make_units()["1101002"]))


def test_the_night_ends_what_the_day_left_open(case, slots, point, clerk):
    called, here = make_application("point_review"), make_application("point_review")
    for one, slot in zip((case, called, here), slots, strict=True):
        book(one, slot)
    do(bookings.standing(called), "arrive", clerk)
    do(bookings.standing(called), "call", clerk)
    do(bookings.standing(here), "arrive", clerk)
    assert desk.settle(MONDAY + timedelta(hours=23)) == 0
    assert desk.settle(MONDAY + timedelta(days=1)) == 1
    assert [states(one)[0] for one in (case, called, here)] == [("absent", ""), ("done", ""), ("ended", "desk")]
    assert {fresh(one).appointment_at for one in (case, called, here)} == {None}


def test_the_days_list_asks_the_same_however_many_come(slots, point, clerk, django_assert_num_queries):
    def read():
        return [(one.slot, one.application.exam_category) for one in desk.of_day(point, MONDAY.date())]

    for slot in slots:
        book(make_application("point_review"), slot)
        with django_assert_num_queries(1):
            read()

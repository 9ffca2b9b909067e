"""The desk's pages: a scan, a number, a call, the papers; the head's settings. Nothing personal in an address."""

from datetime import time, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from candidates.applications.workflow import Actor
from review.appointments import board, bookings, desk, lines
from review.models import Appointment, AppointmentSetting, Board, ClosedDay, OnsiteTick, OpeningHours, Slot
from tests.factories import a_picture, make_application, make_reviewer, make_session, make_units
from tests.review.onsite_days import make_slot, me, states, taken

pytestmark = pytest.mark.django_db

DESK = "/review/desk/"


@pytest.fixture
def now():
    """The views ask the clock; the day must not end while they do."""
    return timezone.now()


@pytest.fixture
def today(point, setting, now):
    """A slot of today that has not begun, booked by its own act as if it were yesterday."""
    starts = timezone.localtime(now) + timedelta(minutes=1)
    return make_slot(point, starts, capacity=400, day=timezone.localdate(now))


@pytest.fixture
def at_desk(client, clerk, setting):
    return logged_in(client, clerk)


def logged_in(client, account):
    client.force_login(account, backend="candidates.accounts.auth.LoginNameBackend")
    return client


def booked(case, slot):
    return bookings.book(case.pk, slot=slot.pk, actor=me(case), now=slot.starts_at - timedelta(days=1))


def text(answer):
    return answer.content.decode()


def test_a_scan_marks_arrived_and_says_the_number(at_desk, case, today):
    booked(case, today)
    answer = at_desk.post(f"{DESK}arrive/", {"text": case.number}, follow=True)
    assert f"A001 {case.name}：已到场。" in text(answer)
    assert answer.redirect_chain == [(DESK, 302)]


def test_without_an_appointment_a_number_is_offered(at_desk, case):
    answer = at_desk.post(f"{DESK}arrive/", {"text": case.number})
    assert (answer.status_code, "按无预约取号" in text(answer)) == (200, True)
    answer = at_desk.post(f"{DESK}number/", {"case": case.pk}, follow=True)
    assert "已取号 B001" in text(answer)


@pytest.mark.parametrize("typed", ["", "\0", "%00", "9" * 300, "不存在的人", "１１０１"])
def test_what_is_nobody_is_said_and_left_in_the_field(at_desk, typed):
    answer = at_desk.post(f"{DESK}arrive/", {"text": typed})
    assert (answer.status_code, desk.NOT_HERE in text(answer)) == (422, True)


def test_the_next_is_called_and_its_papers_open(at_desk, case, today):
    booked(case, today)
    at_desk.post(f"{DESK}arrive/", {"text": case.number})
    answer = at_desk.post(f"{DESK}call/", follow=True)
    row = Appointment.objects.get(application=case)
    assert answer.redirect_chain == [(f"{DESK}{row.pk}/", 302)]
    assert "现场审核清单" in text(answer)
    assert states(case) == [("called", "")]


def test_marks_are_kept_and_said_again(at_desk, case, clerk):
    row = desk.walk_in(case.point, actor=Actor.of(clerk), application=case.pk)
    answer = at_desk.post(f"{DESK}{row.pk}/", {"line-1": "seen", "line-2": "later", "note-3": "忘带", "line-3": ""})
    assert (answer.status_code, "请选“缺”" in text(answer), "忘带" in text(answer)) == (422, True, True)
    assert OnsiteTick.objects.count() == 0
    answer = at_desk.post(f"{DESK}{row.pk}/", {"line-1": "seen", "line-2": "later"}, follow=True)
    assert "下午补看 1 项" in text(answer)
    assert [one.mark for one in lines.of_case(case)][:3] == ["seen", "later", ""]


def test_the_receipt_can_be_printed_at_the_desk_once_something_was_seen(at_desk, case, clerk):
    row = desk.walk_in(case.point, actor=Actor.of(clerk), application=case.pk)
    receipt = f"/review/applications/{case.number}/onsite-receipt.pdf"
    assert receipt not in text(at_desk.get(f"{DESK}{row.pk}/"))
    answer = at_desk.post(f"{DESK}{row.pk}/", {"line-1": "seen"}, follow=True)
    assert f'href="{receipt}"' in text(answer)
    assert at_desk.get(receipt).content.startswith(b"%PDF")


def test_a_picture_is_taken_and_shown_apart_to_both(at_desk, case, clerk):
    file = SimpleUploadedFile("camera.jpg", a_picture("degree").content)
    answer = at_desk.post(f"{DESK}capture/{case.number}/", {"category": "diploma", "image": file}, follow=True)
    assert "已采集一张图片" in text(answer)
    assert "现场采集" in text(at_desk.get(f"/review/applications/{case.number}/"))
    assert "报名点现场采集的图片" in text(logged_in(at_desk, case.account).get("/application/"))


def test_a_file_that_is_no_picture_is_refused_with_its_sentence(at_desk, case):
    file = SimpleUploadedFile("camera.jpg", b"no picture")
    answer = at_desk.post(f"{DESK}capture/{case.number}/", {"category": "diploma", "image": file})
    assert (answer.status_code, 'class="card-body capture field-wrong"' in text(answer)) == (422, True)


def test_a_deed_of_another_points_row_is_not_there(at_desk, clerk):
    beside = make_units()["1101002"]
    row = desk.walk_in(beside, actor=Actor.of(make_reviewer(beside)))
    assert at_desk.post(f"{DESK}act/", {"deed": f"call:{row.pk}"}).status_code == 404
    assert at_desk.get(f"{DESK}{row.pk}/").status_code == 404


@pytest.mark.parametrize("deed", ["", "fly:1", "call:", "call:x", "call:99999999999999999999"])
def test_a_deed_that_is_none_is_not_there(at_desk, deed):
    assert at_desk.post(f"{DESK}act/", {"deed": deed}).status_code == 404


def test_switched_off_the_desk_says_so(client, clerk):
    assert "没有启用现场审核预约" in text(logged_in(client, clerk).get(DESK))


def test_the_page_asks_the_same_for_one_and_for_three(at_desk, today, django_assert_max_num_queries):
    counts = []
    for number in (1, 3):
        while Appointment.objects.count() < number:
            booked(make_application("point_review"), today)
        with django_assert_max_num_queries(40) as asked:
            at_desk.get(DESK)
        counts.append(len(asked))
    assert counts[0] == counts[1]


# --- the head's -------------------------------------------------------------------------------------------------------


@pytest.fixture
def leading(client, head):
    make_session()
    return logged_in(client, head)


def test_from_switched_off_to_slots(leading, point):
    settings = f"{DESK}settings/"
    said = {"form": "setting", "setting-is_on": "on", "setting-minutes": "３０", "setting-capacity": "4"}
    assert leading.post(settings, {**said, "setting-walk_in": "1"}).status_code == 302
    kept = AppointmentSetting.objects.get(point=point)
    assert (kept.is_on, kept.minutes, kept.capacity, kept.walk_in) == (True, 30, 4, 1)

    day = timezone.localdate() + timedelta(days=2)
    hours = {"form": "hours", "hours-weekday": day.isoweekday(), "hours-opens": "9：00", "hours-closes": "10:00"}
    leading.post(settings, hours)
    assert OpeningHours.objects.get().opens == time(9)
    answer = leading.post(settings, {"form": "make", "make-first": f"{day}", "make-last": f"{day}"}, follow=True)
    assert "生成了 2 个时段。" in text(answer)
    assert Slot.objects.filter(point=point, day=day, capacity=4, walk_in=1).count() == 2


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"form": "setting", "setting-minutes": "14", "setting-capacity": "4", "setting-walk_in": "0"}, "15"),
        ({"form": "setting", "setting-minutes": "61", "setting-capacity": "4", "setting-walk_in": "0"}, "60"),
        ({"form": "setting", "setting-minutes": "30", "setting-capacity": "4", "setting-walk_in": "5"}, "不能多于"),
        ({"form": "hours", "hours-weekday": "1", "hours-opens": "10:00", "hours-closes": "9:00"}, "应晚于开始时间"),
        ({"form": "hours", "hours-weekday": "1", "hours-opens": "10:00", "hours-closes": "11:00"}, "重叠"),
        ({"form": "hours", "hours-weekday": "1", "hours-opens": "25:00", "hours-closes": "11:00"}, "例如 9:00"),
        ({"form": "make", "make-first": "2001-01-01", "make-last": "2001-01-02"}, "开始日期应在"),
    ],
)
def test_what_cannot_be_is_said_beside_it(leading, setting, fields, words):
    answer = leading.post(f"{DESK}settings/", fields)
    assert (answer.status_code, words in text(answer)) == (422, True)


def test_a_day_with_slots_is_closed_there_first(leading, setting, today):
    answer = leading.post(f"{DESK}settings/", {"form": "closed", "closed-day": f"{today.day}"})
    assert (answer.status_code, ClosedDay.objects.count()) == (422, 0)


def test_closing_names_who_loses_the_appointment_and_asks(leading, case, today):
    booked(case, today)
    address = f"{DESK}slots/{today.day}/change/"
    chosen = {"slots": today.pk, "deed": "close"}
    answer = leading.post(address, chosen)
    assert ("1 位考生会失去预约" in text(answer), case.name in text(answer), taken(today)) == (True, True, [1])
    lost = Appointment.objects.get(application=case).pk
    answer = leading.post(address, {**chosen, "confirm": "1", "lost": lost}, follow=True)
    assert "已通知 1 位考生重新预约" in text(answer)
    assert states(case) == [("ended", "slot")]


def test_the_board_gets_a_new_address_and_loses_it(leading, point):
    leading.post(f"{DESK}settings/board/", {"act": "renew"})
    token = Board.objects.get().token
    assert token in text(leading.get(f"{DESK}settings/"))
    leading.post(f"{DESK}settings/board/", {"act": "revoke"})
    assert board.by_token(token) is None


def test_who_leads_nobody_has_no_settings(at_desk, today):
    for address in ("settings/", f"slots/{today.day}/", "slots/2027-13-40/"):
        assert at_desk.get(f"{DESK}{address}").status_code == 404

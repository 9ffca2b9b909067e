"""The candidate's page: days, then times, without a script; a calendar's file; bad input said in words."""

from datetime import UTC, timedelta

import pytest
from django.utils import timezone

from candidates.models.session import SHANGHAI
from review.appointments import bookings, offers, waiting
from tests.factories import make_application, make_units
from tests.review.onsite_days import make_slot, me, states, taken

pytestmark = pytest.mark.django_db

PAGE = "/appointment/"


@pytest.fixture
def nine():
    """Nine o'clock of the day after next: the views ask the clock."""
    day = timezone.localtime(timezone.now(), SHANGHAI) + timedelta(days=2)
    return day.replace(hour=9, minute=0, second=0, microsecond=0)


@pytest.fixture
def near(point, setting, nine):
    return [make_slot(point, nine + timedelta(minutes=30 * at)) for at in range(2)]


@pytest.fixture
def mine(client, case):
    client.force_login(case.account, backend="candidates.accounts.auth.LoginNameBackend")
    return client


def page(client, query=""):
    return client.get(f"{PAGE}{query}").content.decode()


def post(client, case, **fields):
    return client.post(PAGE, {"application": case.pk, **fields})


def test_a_day_then_a_time_then_it_is_booked(mine, case, near, nine):
    assert f'href="?day={nine:%Y-%m-%d}#times"' in page(mine)
    assert f'name="slot" value="{near[0].pk}"' in page(mine, f"?day={nine:%Y-%m-%d}")
    answer = post(mine, case, act="book", slot=near[0].pk)
    assert (answer.status_code, answer.url, taken(near[0])) == (302, PAGE, [1])
    assert offers.span(near[0]) in page(mine)


def test_the_back_button_after_booking_books_nothing_more(mine, case, near):
    for _ in range(2):
        answer = post(mine, case, act="book", slot=near[0].pk)
    assert answer.status_code == 409
    assert "您已经预约了" in answer.content.decode()
    assert taken(near[0]) == [1]


@pytest.mark.parametrize("slot", ["", "x", "99999999999999999999", "４７", "0"])
def test_a_slot_that_is_none_is_said(mine, case, near, slot):
    answer = post(mine, case, act="book", slot=slot)
    assert (answer.status_code, taken(*near)) == (409, [0, 0])


def test_yesterdays_a_closed_one_and_another_points(mine, case, near, nine, point):
    yesterday = make_slot(point, nine - timedelta(days=3))
    closed = make_slot(point, nine + timedelta(hours=5), is_closed=True)
    elsewhere = make_slot(make_units()["1101002"], nine)
    said = [post(mine, case, act="book", slot=one.pk).content.decode() for one in (yesterday, closed, elsewhere)]
    words = (bookings.PAST, bookings.GONE, bookings.ELSEWHERE)
    assert [sentence in one for sentence, one in zip(words, said, strict=True)] == [True] * 3


def test_two_tabs_move_once(mine, case, near):
    post(mine, case, act="book", slot=near[0].pk)
    post(mine, case, act="move", slot=near[1].pk, seen=near[0].pk)
    answer = post(mine, case, act="move", slot=near[0].pk, seen=near[0].pk)
    assert "这一页是改期以前打开的" in answer.content.decode()
    assert taken(*near) == [0, 1]


def test_giving_back_is_asked_first(mine, case, near):
    post(mine, case, act="book", slot=near[0].pk)
    assert "取消这个预约？" in page(mine, "?ask=give_back")
    assert states(case) == [("booked", "")]
    post(mine, case, act="give_back", seen=near[0].pk)
    assert states(case) == [("ended", "given_back")]


def test_a_full_day_offers_the_waiting_list(mine, case, point, setting, nine):
    full = make_slot(point, nine, capacity=1)
    other = make_application("point_review")
    bookings.book(other.pk, slot=full.pk, actor=me(other))
    assert "已满，可候补" in page(mine)
    assert "登记候补" in page(mine, f"?day={nine:%Y-%m-%d}")
    post(mine, case, act="wait", day=f"{nine:%Y-%m-%d}")
    assert "您排在第 1 位" in page(mine)
    post(mine, case, act="leave")
    assert waiting.listed(case) is None


def test_who_moved_up_sees_it_and_confirms(mine, case, point, setting, nine, django_capture_on_commit_callbacks):
    full = make_slot(point, nine, capacity=1)
    other = make_application("point_review")
    bookings.book(other.pk, slot=full.pk, actor=me(other))
    waiting.join(case.pk, day=nine.date(), actor=me(case))
    with django_capture_on_commit_callbacks(execute=True):
        bookings.give_back(other.pk, seen=full.pk, actor=me(other))
    assert "为您留出了名额" in page(mine)
    assert "去确认" in mine.get("/application/").content.decode()
    post(mine, case, act="accept")
    assert (states(case), taken(full)) == ([("booked", "")], [1])


@pytest.mark.parametrize("query", ["?day=2027-13-40", "?day=", "?day=2001-01-01", "?day=%00"])
def test_a_day_that_is_none_shows_the_days(mine, near, query):
    assert mine.get(f"{PAGE}{query}").status_code == 200


def test_where_the_point_offers_none_the_page_is_not_there(mine):
    assert mine.get(PAGE).status_code == 404
    assert 'href="/appointment/"' not in mine.get("/application/").content.decode()


def test_the_overview_leads_on(mine, case, near):
    assert "预约时间" in mine.get("/application/").content.decode()
    post(mine, case, act="book", slot=near[0].pk)
    assert f"已预约 {offers.span(near[0])}" in mine.get("/application/").content.decode()


def test_the_calendars_file(mine, case, near):
    assert mine.get("/appointment/ics/").status_code == 404
    post(mine, case, act="book", slot=near[0].pk)
    answer = mine.get("/appointment/ics/")
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert f"DTSTART:{near[0].starts_at.astimezone(UTC):%Y%m%dT%H%M%SZ}\r\n" in answer.content.decode()
    assert answer.content.startswith(b"BEGIN:VCALENDAR\r\n")


def test_a_booking_voids_no_notice_and_stands_on_it(mine, case, near):
    version = case.notice_versions.get(replaced_at=None)
    post(mine, case, act="book", slot=near[0].pk)
    assert case.notice_versions.get(replaced_at=None) == version


def test_another_candidates_appointment_is_not_mine(mine, near):
    other = make_application("point_review")
    bookings.book(other.pk, slot=near[0].pk, actor=me(other))
    post(mine, other, act="give_back", seen=near[0].pk)
    assert states(other) == [("booked", "")]


def test_the_days_ask_the_same_however_many_there_are(case, near, point, nine, django_assert_num_queries):
    for more in (0, 7):
        if more:
            make_slot(point, nine + timedelta(days=more))
        with django_assert_num_queries(2):
            offers.days(case, timezone.now())

"""The evening before an appointment its candidate is told, whatever else he was told that day."""

from datetime import timedelta

import pytest

from candidates.messages.kinds import NOW as URGENT
from candidates.models import Message
from review.operations import reminders
from tests.review.onsite_days import EVE, NOW, book

pytestmark = pytest.mark.django_db

VISITS = reminders.KINDS["visits"]


def due(case, now, **options):
    return list(reminders.due(VISITS, case.session, now, **options))


@pytest.fixture
def booked(case, slot):
    book(case, slot)
    return case


@pytest.mark.parametrize("by_date", [True, False])
def test_due_from_six_on_the_evening_before(booked, by_date):
    moments = (EVE - timedelta(days=1), EVE - timedelta(seconds=1), EVE, EVE + timedelta(days=1))
    assert [len(due(booked, at, by_date=by_date)) for at in moments] == [0, 0, 1, 0]


def test_told_once_urgently_and_with_the_time(booked):
    assert [sum(reminders.remind(VISITS, booked.session, EVE)) for _ in range(2)] == [1, 0]
    told = Message.objects.get(kind="appointment_eve")
    assert told.urgency == URGENT
    assert told.text.startswith("您预约了 2027 年 3 月 8 日 09:00 的现场审核。")


def test_another_reminder_of_the_day_does_not_take_its_place(booked):
    Message.objects.create(
        account=booked.account, application=booked, kind="reminder_upload", parameters="{}", at=EVE, urgency=URGENT
    )
    assert due(booked, EVE) == [booked]


def test_who_has_no_appointment_any_more_is_not_told(case, slot):
    assert due(case, EVE) == []
    book(case, slot, now=NOW)
    case.refresh_from_db()
    case.appointment_at = None
    case.save()
    assert due(case, EVE) == []

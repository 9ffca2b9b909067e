from datetime import timedelta

import pytest
from django.utils import timezone

from candidates.messages.kinds import DAY, NOW
from candidates.models import Application, KindRule, Message
from review.operations import reminders
from tests.factories import make_application, make_session
from tests.materials.uploading import add

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("status", "kind"), [("draft", "drafts"), ("registered", "not_submitted")])
def test_who_has_time_left_is_due(status, kind):
    application = make_application(status)
    assert list(reminders.due(reminders.KINDS[kind], application.session, timezone.now())) == [application]


def test_nobody_is_due_before_a_window_opens():
    now = timezone.now()
    session = make_session(payment=(now + timedelta(days=1), now + timedelta(days=2)))
    make_application("payment_due", session=session)
    assert list(reminders.due(reminders.KINDS["unpaid"], session, now)) == []


def test_each_chunk_says_how_many_were_told(monkeypatch):
    monkeypatch.setattr(reminders, "CHUNK", 2)
    session, _, _ = (make_application("registered").session for _ in range(3))
    told = list(reminders.remind(reminders.KINDS["not_submitted"], session, timezone.now()))
    assert told == [2, 1]
    assert Message.objects.filter(kind__in=reminders.TOLD).count() == 3


@pytest.mark.parametrize(
    ("filled", "subject"),
    [(0, "材料还没有提交，请在截止前提交审核"), (3, "材料还没有提交，请在截止前提交审核"), (4, "还差一步：提交审核")],
)
def test_who_has_uploaded_all_is_told_that_one_step_is_left(filled, subject):
    application = make_application("registered")
    for category in ("identity", "diploma", "probation", "institution_licence")[:filled]:
        add(application, category)
    kind = reminders.KINDS["not_submitted"]
    assert [sum(reminders.remind(kind, application.session, timezone.now())) for _ in range(2)] == [1, 0]
    assert Message.objects.get(record=None).subject == subject


# --- by date


@pytest.mark.parametrize(("days", "found"), [(0, 0), (1, 1), (2, 0), (3, 1), (4, 0)])
def test_a_return_is_reminded_of_by_date_three_days_and_one_before_its_own_deadline(days, found):
    application = make_application("returned")
    now = timezone.now()
    day = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    Application.objects.update(return_deadline=day + timedelta(days=days + 1))
    due = reminders.due(reminders.KINDS["returned"], application.session, now, by_date=True)
    assert due.count() == found


@pytest.mark.parametrize(("days", "found"), [(7, 1), (6, 0)])
def test_a_window_that_closes_is_reminded_of_by_date(days, found):
    now = timezone.now()
    day = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    session = make_session(upload=(now - timedelta(days=1), day + timedelta(days=days + 1)))
    make_application("registered", session=session)
    assert reminders.due(reminders.KINDS["not_submitted"], session, now, by_date=True).count() == found


def test_who_owes_a_paper_is_reminded_of_its_date():
    application = make_application("point_review")
    kind, session, now = reminders.KINDS["owed"], application.session, timezone.now()
    assert reminders.due(kind, session, now).count() == 0
    Application.objects.update(owed=["probation"])
    assert sum(reminders.remind(kind, session, now)) == 1
    assert "8 月 31 日 24:00" in Message.objects.get(kind="reminder_owed").text


def test_a_deadline_within_48_hours_is_urgent():
    application, now = make_application("returned"), timezone.now()
    urgencies = []
    for hours in (49, 47):
        Application.objects.update(return_deadline=now + timedelta(hours=hours))
        Message.objects.filter(kind__in=reminders.TOLD).delete()
        list(reminders.remind(reminders.KINDS["returned"], application.session, now))
        urgencies.append(Message.objects.get(kind__in=reminders.TOLD).urgency)
    assert urgencies == [DAY, NOW]


def test_operators_set_the_days_of_a_reminder():
    KindRule.objects.create(kind="reminder_return", days="14,2")
    assert reminders.days_of(reminders.KINDS["returned"]) == (14, 2)
    assert reminders.days_of(reminders.KINDS["unpaid"]) == (7, 3, 1)

from datetime import timedelta

import pytest
from django.utils import timezone

from candidates.models import Message
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

"""恢复资格 to 待缴费 gives a payment deadline of its own: by then everybody else's, and the session, are over."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from candidates.messages import kinds
from candidates.models import Application, Message
from candidates.rules.refusals import NotAllowed, Refused
from review.cases import decisions, listing
from review.operations import reminders
from review.payments import orders
from tests.factories import end_session
from tests.review import casework
from tests.review.payments.case import make_due, make_order, pay, status_of

pytestmark = pytest.mark.django_db
WEEK = timedelta(days=7)


def midnight(days: int):
    """24:00 of the day that lies so many days ahead."""
    return timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=days + 1)


def a_debtor() -> Application:
    """One that is to pay, and still owes a paper."""
    application = make_due()
    application.owed = ["probation"]
    application.save()
    return application


@pytest.fixture
def cancelled() -> Application:
    """Cancelled before it was paid, in a session that is over."""
    application = a_debtor()
    end_session(application.session)
    who = casework.actor(application, "region")
    decisions.cancel(application.pk, actor=who, seen=None, reason="没有补交", now=application.session.owed_until)
    return casework.fresh(application)


def reinstated(application: Application, until) -> Application:
    who = casework.actor(application, "region")
    decisions.reinstate(application.pk, actor=who, seen=None, reason="材料已收到。", until=until)
    return casework.fresh(application)


@pytest.mark.parametrize("until", [None, timezone.now() - WEEK])
def test_it_is_refused_without_a_time_that_is_ahead(cancelled, until):
    with pytest.raises(Refused) as refused:
        reinstated(cancelled, until)
    assert list(refused.value.problems) == ["until"]
    assert status_of(cancelled) == "cancelled"


def test_it_is_later_than_everybody_elses():
    application = a_debtor()
    who, late = casework.actor(application, "region"), application.session.owed_until
    decisions.cancel(application.pk, actor=who, seen=None, reason="没有补交", now=late)
    with pytest.raises(Refused, match="也晚于本年度的"):
        reinstated(application, application.session.payment_closes)


def test_who_had_paid_and_keeps_the_payment_needs_none():
    application = a_debtor()
    pay(make_order(application))
    who, late = casework.actor(application, "region"), application.session.owed_until
    decisions.cancel(application.pk, actor=who, seen=None, reason="没有补交", now=late)
    assert reinstated(application, None).status == "paid"


def test_the_candidate_pays_again_until_then_and_not_after(cancelled):
    application, until = reinstated(cancelled, midnight(7)), midnight(7)
    order = make_order(application, now=until - timedelta(seconds=1))
    assert orders.expires_at(order) == until
    orders.close(order)
    with pytest.raises(NotAllowed, match=r"缴费已于 .* 截止"):
        make_order(application, now=until)
    pay(make_order(application))
    assert status_of(application) == "paid"


def test_its_open_order_is_closed_when_its_own_time_is_over(cancelled):
    until = midnight(7)
    order = make_order(reinstated(cancelled, until))
    assert list(orders.overdue(until - timedelta(seconds=1))) == []
    assert list(orders.overdue(until)) == [order]


def test_message_pages_and_reminder_say_the_new_day(cancelled, client):
    application, until = reinstated(cancelled, midnight(7)), midnight(7)
    said = kinds.moment(until)
    told = Message.objects.get(kind="reinstated_to_pay")
    assert f"请在 {said} 前登录缴费" in told.text
    assert told.urgency == kinds.NOW
    casework.log_in(client, application.account)
    for page in ("application", "payment:pay"):
        assert said in client.get(reverse(page)).content.decode()
    kind = reminders.KINDS["unpaid"]
    assert sum(reminders.remind(kind, application.session, timezone.now(), by_date=True)) == 1
    assert said in Message.objects.get(kind="reminder_payment").text


def test_it_runs_on_beside_next_years_until_then(cancelled):
    application = reinstated(cancelled, midnight(7))
    assert application.is_running(midnight(7) - timedelta(seconds=1))
    assert not application.is_running(midnight(7))


def test_reviewers_see_it_as_late_only_after_its_own_time(cancelled):
    reinstated(cancelled, midnight(7))
    for moment, found in [(timezone.now(), 0), (midnight(8), 1)]:
        filters = {"status": "payment_due", "overdue": moment}
        assert listing.chosen(Application.objects.all(), filters).count() == found


def test_the_page_of_the_act_asks_for_the_day_beside_its_sentence(cancelled, client):
    casework.log_in(client, casework.reviewer(cancelled, "region"))
    address = reverse("review:act", args=[cancelled.number, "reinstate"])
    assert "新的缴费截止日" in client.get(address).content.decode()
    answer = client.post(address, {"reason": "材料已收到。", "seen": cancelled.last_record_id})
    assert answer.status_code == 422
    assert "请填写新的缴费截止时间" in answer.content.decode()
    day = f"{timezone.localdate() + WEEK:%Y-%m-%d}"
    client.post(address, {"reason": "材料已收到。", "seen": cancelled.last_record_id, "until": day})
    assert casework.fresh(cancelled).payment_deadline == midnight(7)

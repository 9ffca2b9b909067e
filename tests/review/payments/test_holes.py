"""What a payment must never do: be believed for another order, be asked for after the window, overtake another act."""

import time
from datetime import datetime, timedelta

import pytest

from candidates.applications.workflow import Actor, broken_link
from candidates.models import Application, Record, Unit
from review.cases import decisions
from review.payments import cashier, orders
from review.payments.providers import offered
from tests.factories import make_units
from tests.races import Act, while_they_wait
from tests.review import casework
from tests.review.payments.case import booked, make_due, make_fee, make_order, pay, status_of
from tests.review.payments.test_cashier import bring
from tests.review.payments.test_notify import wechat

OPERATOR = Actor(level="operator", name="terminal")


# --- until when ------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("before_the_end", "lasts"),
    [(timedelta(days=3), timedelta(hours=24)), (timedelta(hours=2), timedelta(hours=2))],
)
def test_an_order_is_taken_for_a_day_and_never_after_the_window(before_the_end, lasts):
    application = make_due()
    made_at = application.session.payment_closes - before_the_end
    order = make_order(application, now=made_at)
    assert orders.expires_at(order) == made_at + lasts


@pytest.mark.django_db
def test_a_region_that_is_no_longer_active_needs_no_fee():
    application = make_due()
    make_units()
    assert orders.missing_fees(application.session) == [
        "北京考区执业医师",
        "天津考区执业医师",
        "天津考区执业助理医师",
    ]
    Unit.objects.filter(code="12").update(is_active=False)
    assert orders.missing_fees(application.session) == ["北京考区执业医师"]
    make_fee(application)
    assert orders.missing_fees(None) == []


# --- for another order -----------------------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["alipay", "wechat"])
def test_a_signed_answer_about_another_order_says_nothing_about_this_one(running_cashier, name):
    mine, another = make_order(make_due()), make_order(make_due())
    bring(name, another)
    paid = running_cashier.trades[name, another.number]
    paid.paid_at = datetime.now(cashier.BEIJING)
    running_cashier.trades[name, mine.number] = paid
    assert offered.ask(mine) == "unknown"
    assert booked() == []


# --- of another time -------------------------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.usefixtures("configured")
@pytest.mark.parametrize(("seconds", "answer"), [(310, (400, "FAIL")), (290, (200, "SUCCESS"))])
def test_a_notification_of_wechat_from_the_future_is_refused_as_one_of_the_past(keys, seconds, answer):
    order = make_order(make_due())
    assert wechat(keys, order, sent=int(time.time()) + seconds) == answer


@pytest.mark.django_db
@pytest.mark.usefixtures("configured")
@pytest.mark.parametrize(("ahead", "state"), [(timedelta(hours=23), "settled"), (timedelta(hours=25), "refund_needed")])
def test_money_of_more_than_a_day_ahead_needs_a_refund(keys, ahead, state):
    order = make_order(make_due())
    at = datetime.now(cashier.BEIJING) + ahead
    assert wechat(keys, order, success_time=at.isoformat(timespec="seconds")) == (200, "SUCCESS")
    assert booked() == [("wechat-1", state)]


# --- at the moment of another act ------------------------------------------------------------------------------------


def whole(application) -> list[str]:
    """The acts of its history, whose chain holds."""
    records = list(Record.objects.filter(application=application).order_by("pk"))
    assert broken_link(records) is None
    assert Application.objects.get(pk=application.pk).last_record == records[-1]
    return [record.action for record in records][-2:]


@pytest.mark.django_db(transaction=True)
def test_money_that_arrives_while_the_point_is_changed_settles_the_order_and_keeps_the_new_point():
    application = make_due()
    point = make_units()["1102001"]
    payment = Act(pay, make_order(application))
    with while_they_wait(payment):
        decisions.move_to(application.pk, actor=OPERATOR, point=point, reason="按户籍调整。")
    after = Application.objects.get(pk=application.pk)
    assert booked() == [("T1", "settled")]
    assert (after.status, after.point, after.site) == ("paid", point, point.parent)
    assert whole(application) == ["move", "pay"]


@pytest.mark.django_db(transaction=True)
def test_a_point_that_is_changed_while_money_arrives_leaves_it_paid():
    application = make_due()
    order = make_order(application)
    point = make_units()["1102001"]
    change = Act(decisions.move_to, application.pk, actor=OPERATOR, point=point, reason="按户籍调整。")
    with while_they_wait(change):
        pay(order)
    after = Application.objects.get(pk=application.pk)
    assert (after.status, after.point) == ("paid", point)
    assert whole(application) == ["pay", "move"]


@pytest.mark.django_db(transaction=True)
def test_money_that_arrives_while_an_owed_paper_is_received_keeps_both():
    application = make_due()
    Application.objects.filter(pk=application.pk).update(owed=["probation"])
    site = casework.actor(application, "site")
    payment = Act(pay, make_order(application))
    with while_they_wait(payment):
        decisions.received(application.pk, actor=site, seen=application.last_record_id, category="probation")
    after = Application.objects.get(pk=application.pk)
    assert (after.owed, after.owed_received) == ([], ["probation"])
    assert booked() == [("T1", "settled")]
    assert status_of(application) == "paid"
    assert whole(application) == ["received", "pay"]


@pytest.mark.django_db(transaction=True)
def test_an_order_is_closed_by_one_request_of_two():
    old = make_order(make_due())
    second = Act(orders.close, old)
    with while_they_wait(second):
        assert orders.close(old)
    assert second.outcome is False
